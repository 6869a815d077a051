package assay.base.sparse;

import java.util.Locale;

/// An estimate with the bounds of its 95 % interval.
///
/// @param value the estimate on the whole sample
public record Interval(double value, double low, double high) {
    /// Nothing was measured: all three are NaN.
    public static final Interval NONE = new Interval(Double.NaN, Double.NaN, Double.NaN);

    private static final double NORMAL_975 = 1.959963984540054;

    /// A share with its interval after Wilson (1927), which stays within 0 and 1 and does not collapse there.
    ///
    /// @param hits successes; a fraction where a tie was shared out
    /// @param trials how many were tried, at least 1
    public static Interval ofShare(double hits, int trials) {
        double share = hits / trials;
        double square = NORMAL_975 * NORMAL_975;
        double centre = (share + square / (2 * trials)) / (1 + square / trials);
        double half = NORMAL_975
                / (1 + square / trials)
                * Math.sqrt(share * (1 - share) / trials + square / (4.0 * trials * trials));
        return new Interval(share, Math.max(0, centre - half), Math.min(1, centre + half));
    }

    /// As reasons write it: `0.80 [0.77, 0.83]`.
    public String written() {
        return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", value, low, high);
    }
}
