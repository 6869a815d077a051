package assay.lab.matching;

import assay.base.sparse.Quantiles;
import java.util.List;
import java.util.stream.IntStream;

/// When two texts count as one up to paraphrase: when they are the same, or a reader finds them at
/// least so alike.
///
/// @param reader who compares
/// @param threshold least likeness of a paraphrase
public record SameMeaning(Reader reader, double threshold) {
    /// Share of pairs of unrelated texts that lie below the threshold: one pair in a thousand is taken
    /// for a paraphrase by mistake.
    public static final double SHARE = 0.999;

    private static final int MOST = 400;

    /// The threshold above which only one in a thousand pairs of unrelated texts lies.
    ///
    /// @param unrelated at least two texts that are no paraphrases of each other, such as a dictionary's
    ///     prompts; of more than 400 every n-th is read
    public static SameMeaning beyond(Reader reader, List<String> unrelated) {
        if (unrelated.size() < 2) {
            throw new IllegalArgumentException("unrelated: expected two texts or more, found " + unrelated.size());
        }
        List<String> some = spread(unrelated, MOST);
        double[][] alike = reader.similarities(some, some);
        double[] pairs = new double[some.size() * (some.size() - 1) / 2];
        int at = 0;
        for (int one = 0; one < some.size(); one++) {
            for (int other = 0; other < one; other++) {
                pairs[at++] = alike[one][other];
            }
        }
        return new SameMeaning(reader, Quantiles.of(pairs, SHARE));
    }

    /// So many texts of a list, evenly spread over it; all where there are fewer.
    public static List<String> spread(List<String> texts, int most) {
        if (texts.size() <= most) {
            return texts;
        }
        return IntStream.range(0, most)
                .mapToObj(i -> texts.get((int) ((long) i * texts.size() / most)))
                .toList();
    }

    /// Likeness where two texts count as one, 0 elsewhere; 1 for the same text.
    ///
    /// @return [phrase other]
    double[][] matches(List<Phrase> phrases, List<Phrase> others) {
        double[][] alike = reader.similarities(Phrase.texts(phrases), Phrase.texts(others));
        for (int one = 0; one < alike.length; one++) {
            for (int other = 0; other < alike[one].length; other++) {
                boolean same = phrases.get(one).text().equals(others.get(other).text());
                double found = same ? 1 : alike[one][other];
                alike[one][other] = same || found >= threshold ? found : 0;
            }
        }
        return alike;
    }

    /// What two readings of one behaviour share: of two seeds, two halves of the probes or of the dictionary, or
    /// of two soft prompts that behave alike (waywardness). The order of the two does not matter.
    ///
    /// @return share of weight that says the same on the other side: phrases with a paraphrase there whose weight
    /// has the same sign; the mean of both directions, 0 where a side is empty
    public double shared(List<Phrase> one, List<Phrase> other) {
        double[][] matches = matches(one, other);
        double[][] turned = new double[other.size()][one.size()];
        for (int i = 0; i < matches.length; i++) {
            for (int j = 0; j < turned.length; j++) {
                turned[j][i] = matches[i][j];
            }
        }
        return (shared(matches, one, other) + shared(turned, other, one)) / 2;
    }

    private static double shared(double[][] matches, List<Phrase> phrases, List<Phrase> others) {
        double whole = 0;
        double kept = 0;
        for (int i = 0; i < phrases.size(); i++) {
            double weight = phrases.get(i).weight();
            whole += Math.abs(weight);
            for (int j = 0; j < others.size(); j++) {
                if (matches[i][j] > 0 && weight * others.get(j).weight() > 0) {
                    kept += Math.abs(weight);
                    break;
                }
            }
        }
        return whole == 0 ? 0 : kept / whole;
    }
}
