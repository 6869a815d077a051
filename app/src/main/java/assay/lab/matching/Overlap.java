package assay.lab.matching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/// What two readings of one behaviour share: of two seeds, two halves of the probes or of the
/// dictionary, or of two soft prompts that behave alike (waywardness).
///
/// @param reader who compared
/// @param threshold least likeness of a paraphrase
/// @param shared share of weight that says the same on the other side: phrases with a paraphrase
///     there whose weight has the same sign; the mean of both directions, 0 where a side is empty
/// @param jaccard texts on both sides over texts on either, equal letter for letter
/// @param pairs how many phrases were paired, each with one at most, the most alike first
/// @param correlation of the paired weights (Pearson); empty for fewer than three pairs or where
///     all weights are equal
public record Overlap(
        String reader, double threshold, double shared, double jaccard, int pairs, OptionalDouble correlation) {
    private static final int LEAST_PAIRS = 3;
    /// Below this, weights differ by rounding only.
    private static final double FLAT = 1e-12;

    /// Compares two lists; the order of the two does not matter.
    public static Overlap of(SameMeaning alike, List<Phrase> one, List<Phrase> other) {
        double[][] matches = alike.matches(one, other);
        List<double[]> weights = paired(matches, one, other);
        double forth = shared(matches, one, other);
        double back = shared(turned(matches, other.size()), other, one);
        return new Overlap(
                alike.reader().name(),
                alike.threshold(),
                (forth + back) / 2,
                jaccard(one, other),
                weights.size(),
                correlation(weights));
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

    private static double[][] turned(double[][] matches, int columns) {
        double[][] turned = new double[columns][matches.length];
        for (int i = 0; i < matches.length; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j][i] = matches[i][j];
            }
        }
        return turned;
    }

    private static double jaccard(List<Phrase> one, List<Phrase> other) {
        Set<String> union = new HashSet<>(Phrase.texts(one));
        Set<String> both = new HashSet<>(union);
        both.retainAll(new HashSet<>(Phrase.texts(other)));
        union.addAll(Phrase.texts(other));
        return union.isEmpty() ? 0 : (double) both.size() / union.size();
    }

    /// A pair of phrases that count as one.
    private record Pair(double likeness, int left, int right, String texts) {}

    /// Takes the most alike pair of those still free, again and again; of equals the first by its texts.
    private static List<double[]> paired(double[][] matches, List<Phrase> one, List<Phrase> other) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < one.size(); i++) {
            for (int j = 0; j < other.size(); j++) {
                if (matches[i][j] > 0) {
                    String left = one.get(i).text();
                    String right = other.get(j).text();
                    String texts = left.compareTo(right) < 0 ? left + '\n' + right : right + '\n' + left;
                    pairs.add(new Pair(matches[i][j], i, j, texts));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::likeness).reversed().thenComparing(Pair::texts));
        boolean[] left = new boolean[one.size()];
        boolean[] right = new boolean[other.size()];
        List<double[]> weights = new ArrayList<>();
        for (Pair pair : pairs) {
            if (!left[pair.left] && !right[pair.right]) {
                left[pair.left] = true;
                right[pair.right] = true;
                weights.add(new double[] {
                    one.get(pair.left).weight(), other.get(pair.right).weight()
                });
            }
        }
        return weights;
    }

    private static OptionalDouble correlation(List<double[]> pairs) {
        double left = pairs.stream().mapToDouble(pair -> pair[0]).average().orElse(0);
        double right = pairs.stream().mapToDouble(pair -> pair[1]).average().orElse(0);
        double together = 0;
        double square = 0;
        double other = 0;
        for (double[] pair : pairs) {
            together += (pair[0] - left) * (pair[1] - right);
            square += (pair[0] - left) * (pair[0] - left);
            other += (pair[1] - right) * (pair[1] - right);
        }
        double scale = Math.sqrt(square * other);
        return pairs.size() < LEAST_PAIRS || scale < FLAT
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.clamp(together / scale, -1.0, 1.0));
    }
}
