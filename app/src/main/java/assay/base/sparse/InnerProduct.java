package assay.base.sparse;

/// Inner products, summed in double in the order of the numbers.
public final class InnerProduct {
    private InnerProduct() {}

    /// Of two vectors of one length.
    public static double of(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /// Of two vectors of one length in floats.
    public static double of(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /// Of two vectors of one length, one of them in floats.
    public static double of(float[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
