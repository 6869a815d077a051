package assay.discover.search;

import assay.base.run.Once;
import assay.discover.atlas.ContentWords;
import assay.discover.atlas.PromptFilter;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.measure.probe.Sketcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads off the probabilities themselves what is lacking: the words that the target is expected to write more
/// often than the mixture, and than prompts do on the whole, over all places and the whole vocabulary. They are put
/// into frames, and in place of words of the prompts that come nearest: the dictionary has the form, the logits have
/// the topic.
///
/// No answer is drawn, so a word that comes once in a thousand tokens is seen as surely as one of every answer.
///
/// @param sought what is explained, and what it is compared with
/// @param sketcher runs behaviours
/// @param usual expected number of each token under prompts on the whole `[vocab]`
/// @param expected the same under the target
public record Words(
        ChatModel chat,
        SearchTarget sought,
        Sketcher sketcher,
        Supplier<double[]> usual,
        Keyness keyness,
        Once<double[]> expected)
        implements Strategy {
    private static final int MOST_WORDS = 24;
    /// Larger mixtures are contrasted as if they were of this size: each prompt is one more run.
    private static final int MOST_ATOMS = 3;
    /// Words that take another's place, and prompts in which they do.
    private static final int EXCHANGED = 8;
    private static final int NEAR = 12;
    private static final Pattern WORD = Pattern.compile("\\p{L}+");

    /// Words by which a target differs from what stands for it.
    public Words(ChatModel chat, SearchTarget sought, Sketcher sketcher, Supplier<double[]> usual) {
        Once<double[]> expected = new Once<>(() -> sketcher.expected(List.of(sought.target()))[0]);
        this(chat, sought, sketcher, usual, Keyness.of(chat.tokenizer()), expected);
    }

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        List<Keyness.Telling> words = telling(standing.atMost(MOST_ATOMS, lack));
        List<String> framed =
                Frames.around(words.stream().map(Keyness.Telling::singular).toList());
        List<String> exchanged =
                exchanged(standing.near(lack, NEAR).stream().limit(NEAR).toList(), words);
        Set<String> prompts = new LinkedHashSet<>();
        for (int i = 0; i < Math.max(framed.size(), exchanged.size()); i++) {
            Stream.of(framed, exchanged)
                    .flatMap(of(i))
                    .flatMap(prompt -> PromptFilter.readable(prompt).stream())
                    .forEach(prompts::add);
        }
        return prompts.stream().limit(count).toList();
    }

    private static Function<List<String>, Stream<String>> of(int index) {
        return prompts -> index < prompts.size() ? Stream.of(prompts.get(index)) : Stream.empty();
    }

    private List<Keyness.Telling> telling(SketchFit.Lack known) {
        double[] mixture =
                sketcher.expected(List.of(known.mixture(chat.tokenizer()).over(sought.ground())))[0];
        Spelling spelling = new Spelling(chat.tokenizer());
        return spelling.whole(
                keyness.telling(expected.get(), List.of(mixture, usual.get()), MOST_WORDS),
                tokens -> sketcher.continued(sought.target(), tokens, Spelling.LONGEST, spelling::ends));
    }

    /// Every prompt with each of its content words replaced by each of the words; the most telling words first.
    static List<String> exchanged(List<String> prompts, List<Keyness.Telling> words) {
        List<String> exchanged = new ArrayList<>();
        for (Keyness.Telling word : words.subList(0, Math.min(EXCHANGED, words.size()))) {
            for (String prompt : prompts) {
                Matcher matcher = WORD.matcher(prompt);
                while (matcher.find()) {
                    if (matcher.start() > 0
                            && ContentWords.within(matcher.group()).size() == 1) {
                        String form = ContentWords.isPlural(matcher.group()) ? word.text() : word.singular();
                        exchanged.add(prompt.substring(0, matcher.start()) + form + prompt.substring(matcher.end()));
                    }
                }
            }
        }
        return exchanged;
    }
}
