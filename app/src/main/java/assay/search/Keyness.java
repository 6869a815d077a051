package assay.search;

import assay.discover.ContentWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Tells which words one behaviour is expected to write more often than others are: the log-likelihood ratio G² of each
/// word's expected number (Dunning 1993, *Accurate Methods for the Statistics of Surprise and Coincidence*), which is
/// the
/// part of their divergence that the word holds, in nats.
///
/// Only tokens that are whole words count, in all their forms together.
final class Keyness {
    /// Expected number below which a word is taken to be as good as never written.
    private static final double NEVER = 1e-6;

    /// Begins with a space and has three letters or more: pieces of words mostly have none, or fewer.
    private static final Pattern WORD = Pattern.compile(" \\p{L}\\p{Ll}{2,}");

    private final List<Word> words = new ArrayList<>();

    /// @param id of the token
    /// @param text the word as it is written
    private record Word(int id, String stem, String text) {}

    /// A stem's form that is written most, with the numbers of all forms together.
    private static final class Tally {
        private String form = "";
        private double most = -1;
        private double here;
        private final double[] there;

        Tally(int others) {
            there = new double[others];
        }
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
    List<String> telling(double[] here, List<double[]> others, int most) {
        Map<String, Tally> tallies = new HashMap<>();
        for (Word word : words) {
            Tally tally = tallies.computeIfAbsent(word.stem(), _ -> new Tally(others.size()));
            tally.here += here[word.id()];
            for (int i = 0; i < others.size(); i++) {
                tally.there[i] += others.get(i)[word.id()];
            }
            if (here[word.id()] > tally.most) {
                tally.most = here[word.id()];
                tally.form = word.text();
            }
        }
        return tallies.values().stream()
                .filter(tally -> score(tally) > 0)
                .sorted(Comparator.<Tally>comparingDouble(tally -> -score(tally))
                        .thenComparing(tally -> tally.form))
                .limit(most)
                .map(tally -> tally.form)
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
