package assay.tasks.census;

import assay.base.sparse.InnerProduct;
import java.util.SplittableRandom;

/// Lays vectors out on a plane so that their distances show as well as two directions can: their
/// first two principal components, by iterated products (the power method).
final class Plane {
    private static final int ROUNDS = 60;

    private Plane() {}

    /// Places of vectors, `[vector][2]`, each within −1 and 1, both directions to one scale;
    /// everything in the middle if they are all alike.
    static double[][] of(float[][] vectors) {
        double[][] places = new double[vectors.length][2];
        if (vectors.length == 0) {
            return places;
        }
        double[][] rows = centred(vectors);
        double[] taken = new double[rows[0].length];
        double most = 0;
        for (int axis = 0; axis < 2; axis++) {
            double[] direction = direction(rows, taken, axis);
            for (int i = 0; i < rows.length; i++) {
                places[i][axis] = InnerProduct.of(rows[i], direction);
                most = Math.max(most, Math.abs(places[i][axis]));
            }
            taken = direction;
        }
        for (double[] place : places) {
            place[0] = most > 0 ? place[0] / most : 0;
            place[1] = most > 0 ? place[1] / most : 0;
        }
        return places;
    }

    private static double[][] centred(float[][] vectors) {
        int width = vectors[0].length;
        double[] mean = new double[width];
        for (float[] vector : vectors) {
            for (int j = 0; j < width; j++) {
                mean[j] += vector[j] / (double) vectors.length;
            }
        }
        double[][] rows = new double[vectors.length][width];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < width; j++) {
                rows[i][j] = vectors[i][j] - mean[j];
            }
        }
        return rows;
    }

    /// The direction in which rows differ most, across one that is taken.
    private static double[] direction(double[][] rows, double[] taken, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] direction = new double[taken.length];
        for (int j = 0; j < direction.length; j++) {
            direction[j] = random.nextGaussian();
        }
        for (int round = 0; round < ROUNDS; round++) {
            across(direction, taken);
            double[] next = new double[direction.length];
            for (double[] row : rows) {
                add(next, row, InnerProduct.of(row, direction));
            }
            across(next, taken);
            double length = Math.sqrt(InnerProduct.of(next, next));
            if (!(length > 0)) {
                return new double[direction.length];
            }
            for (int j = 0; j < next.length; j++) {
                direction[j] = next[j] / length;
            }
        }
        return direction;
    }

    private static void across(double[] vector, double[] taken) {
        add(vector, taken, -InnerProduct.of(vector, taken));
    }

    private static void add(double[] sum, double[] vector, double factor) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += factor * vector[j];
        }
    }
}
