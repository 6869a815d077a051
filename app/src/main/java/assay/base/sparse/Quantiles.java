package assay.base.sparse;

import java.util.Arrays;

/// Quantiles of a sample, linear between its points.
public final class Quantiles {
    private Quantiles() {}

    /// One quantile.
    ///
    /// @param sample at least one number, in any order
    /// @param share from 0, the least, to 1, the greatest
    public static double of(double[] sample, double share) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        return ofSorted(sorted, share);
    }

    /// The median, of two the lower one: a number that was measured.
    ///
    /// @param sample in any order; the median of none is NaN
    public static double lowerMedian(double[] sample) {
        double[] sorted = sample.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2];
    }

    static double ofSorted(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
