package assay.base.vector;

import java.util.stream.IntStream;

/// Inner products of many vectors with a few, in one reading of the many.
public final class InnerProducts {
    /// Vectors that one thread works on before it takes the next ones.
    private static final int TOGETHER = 256;

    private InnerProducts() {}

    /// Every product of the many with the few, in float32; on all cores.
    ///
    /// @param many `[vector][number]`
    /// @param few `[other][number]`
    /// @return `[other][vector]`
    public static float[][] of(float[][] many, float[][] few) {
        float[][] products = new float[few.length][many.length];
        boolean isFast = VectorModule.isThere();
        IntStream.range(0, (many.length + TOGETHER - 1) / TOGETHER).parallel().forEach(part -> {
            int end = Math.min(many.length, (part + 1) * TOGETHER);
            for (int i = part * TOGETHER; i < end; i++) {
                if (isFast) {
                    Vectors.products(many[i], few, products, i);
                } else {
                    oneByOne(many[i], few, products, i);
                }
            }
        });
        return products;
    }

    private static void oneByOne(float[] vector, float[][] few, float[][] products, int at) {
        for (int j = 0; j < few.length; j++) {
            double sum = 0;
            for (int i = 0; i < vector.length; i++) {
                sum += (double) vector[i] * few[j][i];
            }
            products[j][at] = (float) sum;
        }
    }
}
