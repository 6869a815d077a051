package assay.lab.growth;

import assay.base.sparse.Interval;
import assay.base.sparse.Line;
import java.util.Arrays;
import org.hipparchus.distribution.continuous.TDistribution;

/// Costs as a power of a size: the slope of a straight line through both logarithms.
///
/// @param exponent 1 is proportional, 0 does not grow; with the 95 % interval of the slope (Student's t)
record PowerLaw(Interval exponent) {
    /// The least-squares line; no exponent with fewer than two sizes, no bounds with fewer than two observations to
    /// spare.
    static PowerLaw of(double[] sizes, double[] costs) {
        int count = sizes.length;
        Line line = Line.through(
                Arrays.stream(sizes).map(Math::log).toArray(),
                Arrays.stream(costs).map(Math::log).toArray());
        double slope = line.slope();
        if (Double.isNaN(slope)) {
            return new PowerLaw(Interval.NONE);
        }
        double half =
                count < 4 ? Double.NaN : quantile(count - 2) * Math.sqrt(line.rest() / (count - 2) / line.spread());
        return new PowerLaw(new Interval(slope, slope - half, slope + half));
    }

    /// Of Student's t at .975.
    static double quantile(int degrees) {
        return new TDistribution(degrees).inverseCumulativeProbability(0.975);
    }
}
