package assay.discover.search;

import assay.discover.atlas.ContentWords;
import assay.engine.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Tells which words one behaviour is expected to write more often than others are: the log-likelihood ratio G² of
/// each word's expected number (Dunning 1993, *Accurate Methods for the Statistics of Surprise and Coincidence*),
/// which is the part of their divergence that the word holds, in nats.
///
/// Only tokens that may be whole words count, in all their forms together; [Spelling] tells which are pieces.
public final class Keyness {
    /// Expected number below which a word is taken to be as good as never written.
    private static final double NEVER = 1e-6;
    /// What a word must hold of the divergence at all places together, nats.
    private static final double LEAST = 0.01;

    /// Begins with a space and has three letters or more: pieces of words mostly have none, or fewer.
    private static final Pattern WORD = Pattern.compile(" \\p{L}\\p{Ll}{2,}");

    private final List<Word> words = new ArrayList<>();

    /// @param id of the token
    /// @param text the word as it is written
    private record Word(int id, String stem, String text) {}

    /// A word that stands out.
    ///
    /// @param text its form that is written most
    /// @param singular its form without a plural's ending that is written most, or the same where there is none
    /// @param token of the form that is written most
    public record Telling(String text, String singular, int token) {}

    /// A stem with the numbers of all its forms together.
    private static final class Tally {
        private final Map<Word, Double> forms = new HashMap<>();
        private final double[] there;
        private double here;

        Tally(int others) {
            there = new double[others];
        }

        Telling telling() {
            List<Word> sorted = forms.entrySet().stream()
                    .sorted(Map.Entry.<Word, Double>comparingByValue()
                            .reversed()
                            .thenComparing(entry -> entry.getKey().text()))
                    .map(Map.Entry::getKey)
                    .toList();
            Word most = sorted.getFirst();
            Word singular = sorted.stream()
                    .filter(form -> !ContentWords.isPlural(form.text()))
                    .findFirst()
                    .orElse(most);
            return new Telling(most.text(), singular.text(), most.id());
        }
    }

    /// The words of a tokenizer.
    public static Keyness of(Tokenizer tokenizer) {
        return new Keyness(IntStream.range(0, tokenizer.vocabularySize())
                .mapToObj(id -> tokenizer.continued(new int[] {id}))
                .toList());
    }

    /// @param tokens the text of every token, in order
    Keyness(List<String> tokens) {
        for (int id = 0; id < tokens.size(); id++) {
            if (WORD.matcher(tokens.get(id)).matches()) {
                String word = tokens.get(id).substring(1);
                List<String> content = ContentWords.within(word);
                if (content.size() == 1) {
                    words.add(new Word(id, ContentWords.stem(content.getFirst()), word));
                }
            }
        }
    }

    /// The words that stand out against each of the others, most telling first.
    ///
    /// @param here expected number of each token `[vocab]`
    /// @param others the same for what it is compared with
    public List<Telling> telling(double[] here, List<double[]> others, int most) {
        Map<String, Tally> tallies = new HashMap<>();
        for (Word word : words) {
            Tally tally = tallies.computeIfAbsent(word.stem(), _ -> new Tally(others.size()));
            tally.here += here[word.id()];
            tally.forms.merge(word, here[word.id()], Double::sum);
            for (int i = 0; i < others.size(); i++) {
                tally.there[i] += others.get(i)[word.id()];
            }
        }
        return tallies.entrySet().stream()
                .filter(entry -> score(entry.getValue()) >= LEAST)
                .sorted(Comparator.<Map.Entry<String, Tally>>comparingDouble(entry -> -score(entry.getValue()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(entry -> entry.getValue().telling())
                .toList();
    }

    private static double score(Tally tally) {
        return Arrays.stream(tally.there)
                .map(there -> ratio(tally.here + NEVER, there + NEVER))
                .min()
                .orElse(0);
    }

    private static double ratio(double here, double there) {
        return here > there ? here * Math.log(here / there) - here + there : 0;
    }
}
