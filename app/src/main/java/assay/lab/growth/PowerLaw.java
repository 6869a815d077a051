package assay.lab.growth;

import assay.base.sparse.Interval;

/// Costs as a power of a size: the slope of a straight line through both logarithms.
///
/// @param exponent 1 is proportional, 0 does not grow; with the 95 % interval of the slope (Student's t)
record PowerLaw(Interval exponent) {
    private static final double NORMAL_975 = 1.959963984540054;

    /// The least-squares line; no exponent with fewer than two sizes, no bounds with fewer than two observations to
    /// spare.
    static PowerLaw of(double[] sizes, double[] costs) {
        int count = sizes.length;
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < count; i++) {
            meanX += Math.log(sizes[i]) / count;
            meanY += Math.log(costs[i]) / count;
        }
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < count; i++) {
            double x = Math.log(sizes[i]) - meanX;
            double y = Math.log(costs[i]) - meanY;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        if (xx == 0) {
            return new PowerLaw(Interval.NONE);
        }
        double slope = xy / xx;
        double half = count < 4
                ? Double.NaN
                : quantile(count - 2) * Math.sqrt(Math.max(0, yy - slope * xy) / (count - 2) / xx);
        return new PowerLaw(new Interval(slope, slope - half, slope + half));
    }

    /// Of Student's t at .975, by the expansion of Cornish and Fisher: 4.17 for 2 degrees of freedom, where 4.30 is
    /// exact, and within .005 from 5 on.
    static double quantile(int degrees) {
        double z = NORMAL_975;
        double cube = z * z * z;
        double fifth = cube * z * z;
        double seventh = fifth * z * z;
        return z
                + (cube + z) / (4 * degrees)
                + (5 * fifth + 16 * cube + 3 * z) / (96.0 * degrees * degrees)
                + (3 * seventh + 19 * fifth + 17 * cube - 15 * z) / (384.0 * degrees * degrees * degrees);
    }
}
