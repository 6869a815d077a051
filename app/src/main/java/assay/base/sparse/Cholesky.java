package assay.base.sparse;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/// Solves symmetric positive systems; nearly singular ones (near-copies among atoms) get just enough added
/// to their diagonal.
final class Cholesky {
    private Cholesky() {}

    static double[] solve(double[][] matrix, double[] right) {
        double mean = 0;
        for (int i = 0; i < matrix.length; i++) {
            mean += matrix[i][i] / matrix.length;
        }
        for (double jitter = 0; ; jitter = jitter == 0 ? 1e-10 : jitter * 100) {
            Array2DRowRealMatrix copy = new Array2DRowRealMatrix(matrix, true);
            for (int i = 0; i < matrix.length; i++) {
                copy.addToEntry(i, i, jitter * (mean + Double.MIN_NORMAL));
            }
            try {
                return new CholeskyDecomposition(copy, 1e-12, 0)
                        .getSolver()
                        .solve(new ArrayRealVector(right, false))
                        .toArray();
            } catch (org.hipparchus.exception.MathIllegalArgumentException singular) {
                if (jitter > 1) {
                    throw new IllegalArgumentException(
                            "matrix: expected finite numbers, found none to work with.", singular);
                }
            }
        }
    }
}
