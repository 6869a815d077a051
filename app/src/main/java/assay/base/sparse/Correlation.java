package assay.base.sparse;

import java.util.Arrays;
import java.util.Comparator;

/// How far two series go together, from −1 to 1.
public final class Correlation {
    private Correlation() {}

    /// Pearson's correlation; 0 if one of the series does not vary.
    ///
    /// @throws IllegalArgumentException if the series are not equally long
    public static double of(double[] one, double[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException(
                    "correlation: expected series of one length, found " + one.length + " and " + other.length + ".");
        }
        double meanOne = Arrays.stream(one).average().orElse(0);
        double meanOther = Arrays.stream(other).average().orElse(0);
        double both = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < one.length; i++) {
            both += (one[i] - meanOne) * (other[i] - meanOther);
            first += (one[i] - meanOne) * (one[i] - meanOne);
            second += (other[i] - meanOther) * (other[i] - meanOther);
        }
        return first == 0 || second == 0 ? 0 : both / Math.sqrt(first * second);
    }

    /// Spearman's: the correlation of the ranks. Of equal values the earlier ranks lower.
    public static double ofRanks(double[] one, double[] other) {
        return of(ranks(one), ranks(other));
    }

    private static double[] ranks(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int rank = 0; rank < order.length; rank++) {
            ranks[order[rank]] = rank;
        }
        return ranks;
    }
}
