package assay.sparse;

/// An estimate with the bounds of its 95 % interval.
///
/// @param value the estimate on the whole sample
/// @param low lower bound
/// @param high upper bound
public record Interval(double value, double low, double high) {
    /// Whether the two intervals share no point.
    public boolean disjoint(Interval other) {
        return low > other.high || high < other.low;
    }
}
