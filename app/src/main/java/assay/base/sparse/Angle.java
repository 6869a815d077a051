package assay.base.sparse;

/// How two vectors lie to each other.
///
/// @param cosine of the angle between them
/// @param lengthRatio length of the second over that of the first
public record Angle(double cosine, double lengthRatio) {
    /// The angle of two vectors of the same length.
    public static Angle between(float[] first, float[] second) {
        double product = 0;
        double a = 0;
        double b = 0;
        for (int i = 0; i < first.length; i++) {
            product += (double) first[i] * second[i];
            a += (double) first[i] * first[i];
            b += (double) second[i] * second[i];
        }
        return new Angle(product / Math.sqrt(a * b), Math.sqrt(b / a));
    }
}
