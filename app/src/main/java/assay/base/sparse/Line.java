package assay.base.sparse;

/// The least-squares line through some points.
///
/// @param slope of the line; NaN where all points stand above one another
/// @param intercept what it says at nothing
/// @param spread Σ (x − mean x)²
/// @param rest what the line leaves: Σ of squared distances
public record Line(double slope, double intercept, double spread, double rest) {
    /// The line through as many points as there are numbers.
    public static Line through(double[] x, double[] y) {
        int count = x.length;
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < count; i++) {
            meanX += x[i] / count;
            meanY += y[i] / count;
        }
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < count; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        double slope = xy / xx;
        return new Line(slope, meanY - slope * meanX, xx, Math.max(0, yy - slope * xy));
    }
}
