package assay.discover.search;

import assay.discover.atlas.ContentWords;
import assay.discover.atlas.PromptFilter;
import assay.discover.atlas.PromptSampler;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Sampling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// Lets what is lacking speak for itself: answers drawn from `p_target^(1+γ) / p_mixture^γ` show in words what the
/// mixture does not say. The words that stand out in them against answers of the base and of the mixture are put into
/// prompts, and the model goes on from there.
///
/// @param userTurns token ids of what it is asked, of the probe's search split
public record Inversion(ChatModel chat, Behaviour target, List<int[]> userTurns) implements Strategy {
    private static final int ANSWERS = 16;
    private static final int ANSWER_TOKENS = 24;
    private static final double GAMMA = 0.5;
    /// Larger mixtures are contrasted as if they were of this size: each prompt is one more row for every answer.
    private static final int MOST_ATOMS = 4;
    private static final int MOST_WORDS = 24;
    private static final int MOST_PHRASES = 8;
    private static final int LONGEST_PHRASE = 3;
    private static final int EXAMPLES = 6;
    private static final int NEAR = 200;
    private static final int MOST_WRITTEN = 96;

    /// Frames without an end: the model writes it.
    private static final List<String> OPENINGS = List.of("Talk about {w}", "You are {a}", "You love {w}", "Use {w}");

    /// What tells the answers of the target.
    ///
    /// @param words content words, most telling first
    /// @param phrases how the answers begin, most telling first
    public record Signs(List<String> words, List<String> phrases) {
        boolean isEmpty() {
            return words.isEmpty() && phrases.isEmpty();
        }
    }

    @Override
    public boolean isWriting() {
        return true;
    }

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        Signs signs = signs(standing.atMost(MOST_ATOMS, lack).mixture(chat.tokenizer()), seed);
        if (signs.isEmpty()) {
            return List.of();
        }
        Set<String> prompts = new LinkedHashSet<>(framed(signs));
        if (!signs.words().isEmpty() && prompts.size() < count) {
            prompts.addAll(
                    written(standing, lack, signs.words(), Math.min(MOST_WRITTEN, count - prompts.size()), seed));
        }
        return prompts.stream().limit(count).toList();
    }

    private Signs signs(Mixture known, long seed) {
        List<String> others = new ArrayList<>(answers(Behaviour.BASE, seed));
        if (!known.atoms().isEmpty()) {
            others.addAll(answers(known, seed));
        }
        return signs(contrasts(known, GAMMA, seed), others);
    }

    /// Lets the difference between the target and what is known of it speak: answers drawn from
    /// `p_target^(1+γ) / p_known^γ`, token by token (contrastive decoding).
    ///
    /// @param known the base, or a mixture
    /// @param gamma γ
    public List<String> contrasts(Behaviour known, double gamma, long seed) {
        return texts(new Generator(chat).contrasts(target, known, gamma, asked(seed), sampling(seed)));
    }

    /// What a behaviour answers to the same questions, so that words of the questions tell nothing.
    public List<String> answers(Behaviour behaviour, long seed) {
        return texts(new Generator(chat).answers(behaviour, asked(seed), sampling(seed)));
    }

    private static Sampling sampling(long seed) {
        return Sampling.defaults(ANSWER_TOKENS, seed);
    }

    private List<int[]> asked(long seed) {
        return Sampler.some(userTurns, ANSWERS, new SplittableRandom(seed));
    }

    /// Answers as texts; of one that did not end by itself the last word may be cut off, and is left out.
    private List<String> texts(List<int[]> answers) {
        return answers.stream()
                .map(answer -> {
                    String text = chat.tokenizer().decode(answer).strip();
                    int end = answer.length < ANSWER_TOKENS ? -1 : text.lastIndexOf(' ');
                    return end < 0 ? text : text.substring(0, end);
                })
                .toList();
    }

    /// The words and beginnings that stand out in `texts` against `others`.
    public static Signs signs(List<String> texts, List<String> others) {
        List<String> stems = LogOdds.standingOut(
                texts.stream().map(Inversion::stems).toList(),
                others.stream().map(Inversion::stems).toList());
        Map<String, String> forms = forms(texts);
        List<String> words = stems.stream()
                .map(stem -> forms.getOrDefault(stem, stem))
                .limit(MOST_WORDS)
                .toList();
        List<String> phrases = LogOdds.standingOut(
                texts.stream().map(Inversion::beginnings).toList(),
                others.stream().map(Inversion::beginnings).toList());
        return new Signs(words, phrases.stream().limit(MOST_PHRASES).toList());
    }

    private static List<String> stems(String text) {
        return words(text).stream().map(ContentWords::stem).toList();
    }

    /// Content words of letters alone: "i've" and "it'll" are none.
    private static List<String> words(String text) {
        return ContentWords.within(text).stream()
                .filter(word -> word.matches("[\\p{L}\\p{M}]{2,}"))
                .toList();
    }

    /// The commonest form of each stem.
    private static Map<String, String> forms(List<String> texts) {
        Map<String, Map<String, Integer>> counts = new HashMap<>();
        texts.stream()
                .flatMap(text -> words(text).stream())
                .forEach(word -> counts.computeIfAbsent(ContentWords.stem(word), _ -> new LinkedHashMap<>())
                        .merge(word, 1, Integer::sum));
        Map<String, String> forms = new HashMap<>();
        counts.forEach((stem, words) -> words.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .ifPresent(most -> forms.put(stem, most.getKey())));
        return forms;
    }

    /// The first word of a text, the first two, and so on.
    private static List<String> beginnings(String text) {
        String[] words = text.split("\\s+");
        List<String> beginnings = new ArrayList<>();
        for (int count = 1; count <= Math.min(LONGEST_PHRASE, words.length); count++) {
            String beginning =
                    String.join(" ", List.of(words).subList(0, count)).replaceAll("[^\\p{L}\\p{M}\\p{Nd}]+$", "");
            if (!beginning.isEmpty()) {
                beginnings.add(beginning);
            }
        }
        return beginnings;
    }

    /// Prompts around words and beginnings, readable ones only; those of the most telling first.
    static List<String> framed(Signs signs) {
        return Stream.concat(
                        signs.phrases().stream().map(phrase -> "Begin your answer with '" + phrase + "'."),
                        Frames.around(signs.words()).stream())
                .flatMap(prompt -> PromptFilter.readable(prompt).stream())
                .distinct()
                .toList();
    }

    /// Lets the model go on from the words, by the example of prompts like what is lacking; those that share a word
    /// first.
    private List<String> written(SketchFit standing, SketchFit.Lack lack, List<String> words, int count, long seed) {
        Set<String> stems = new LinkedHashSet<>();
        words.forEach(word -> stems.add(ContentWords.stem(word)));
        List<String> examples = standing.alike(lack, NEAR).stream()
                .map(SketchFit.Atom::text)
                .sorted(Comparator.comparing(text -> stems(text).stream().noneMatch(stems::contains)))
                .limit(EXAMPLES)
                .toList();
        List<String> openings = words.stream()
                .flatMap(word -> OPENINGS.stream().map(opening -> Frames.filled(opening, word)))
                .toList();
        return new PromptSampler(chat).lines(examples, openings, count, seed);
    }
}
