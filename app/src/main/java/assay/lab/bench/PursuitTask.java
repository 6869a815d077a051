package assay.lab.bench;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A random dictionary, and a target made of some of its atoms with a tenth of noise.
///
/// @param vectors `[atom number]` of length 1
/// @param target exact in float32
public record PursuitTask(float[][] vectors, double[] target) {
    /// Draws both; the same numbers every time.
    ///
    /// @param planted atoms in the target
    public static PursuitTask of(int atoms, int numbers, int planted) {
        float[][] vectors = new float[atoms][];
        IntStream.range(0, atoms).parallel().forEach(i -> vectors[i] = direction(numbers, i));
        double[] target = target(vectors, planted);
        for (int i = 0; i < numbers; i++) {
            target[i] = (float) target[i];
        }
        return new PursuitTask(vectors, target);
    }

    private static float[] direction(int numbers, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] direction = new float[numbers];
        double square = 0;
        for (int i = 0; i < numbers; i++) {
            direction[i] = (float) random.nextGaussian();
            square += (double) direction[i] * direction[i];
        }
        for (int i = 0; i < numbers; i++) {
            direction[i] /= (float) Math.sqrt(square);
        }
        return direction;
    }

    private static double[] target(float[][] vectors, int planted) {
        SplittableRandom random = new SplittableRandom(-1);
        double[] target = new double[vectors[0].length];
        for (int atom = 0; atom < planted; atom++) {
            double weight = 0.2 + random.nextDouble();
            float[] vector = vectors[random.nextInt(vectors.length)];
            for (int i = 0; i < target.length; i++) {
                target[i] += weight * vector[i];
            }
        }
        double length =
                Math.sqrt(Arrays.stream(target).map(value -> value * value).sum());
        for (int i = 0; i < target.length; i++) {
            target[i] += 0.1 * length / Math.sqrt(target.length) * random.nextGaussian();
        }
        return target;
    }
}
