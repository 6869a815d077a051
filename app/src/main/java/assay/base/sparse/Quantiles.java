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

    static double ofSorted(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
