package assay.lab.growth;

import assay.base.sparse.Interval;
import assay.base.sparse.Quantiles;
import java.util.List;

/// What was measured along one axis.
record Curve(Axis axis, List<Point> points) {
    /// One size.
    ///
    /// @param seconds round by round
    /// @param peakBytes held at most while it ran; NaN if nobody knows
    record Point(int size, double[] seconds, double peakBytes) {
        double median() {
            return Quantiles.of(seconds, 0.5);
        }
    }

    /// Of the seconds, over all rounds.
    Interval exponent() {
        double[] sizes = points.stream()
                .flatMapToDouble(
                        point -> java.util.Arrays.stream(point.seconds()).map(_ -> point.size()))
                .toArray();
        double[] seconds = points.stream()
                .flatMapToDouble(point -> java.util.Arrays.stream(point.seconds()))
                .toArray();
        return PowerLaw.of(sizes, seconds).exponent();
    }
}
