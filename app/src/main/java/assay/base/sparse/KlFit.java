package assay.base.sparse;

import java.util.Arrays;

/// The weights that minimise a [KlProblem] plus a small ridge, by damped Newton steps. The problem is
/// convex: there is one optimum. Under a cap of the logits it is not, and the steps are Gauss-Newton ones: they go down
/// from where they start, to an optimum that need not be the only one.
///
/// @param support indices of the atoms used
/// @param weights one per atom of the support, free in sign
/// @param value f(w) without the ridge, nats per place
public record KlFit(int[] support, double[] weights, double value) {
    private static final int MOST_STEPS = 40;
    /// Expected decrease, in nats per place, below which a step is not worth taking.
    private static final double SMALLEST_GAIN = 1e-9;

    /// Fits the weights of a support.
    ///
    /// @param start where to start, one weight per atom of the support
    /// @param ridge added curvature as a share of the mean curvature of the support's atoms
    public static KlFit of(KlProblem problem, int[] support, double[] start, double ridge) {
        double[] weights = start.clone();
        KlProblem.Local local = problem.local(support, weights);
        double penalty = ridge * meanDiagonal(local.hessian());
        for (int step = 0; step < MOST_STEPS && support.length > 0; step++) {
            double[] gradient = local.gradient().clone();
            double[][] hessian = local.hessian();
            for (int i = 0; i < weights.length; i++) {
                gradient[i] += penalty * weights[i];
                hessian[i][i] += penalty;
            }
            double[] direction = Cholesky.solve(hessian, gradient);
            double gain = InnerProduct.of(direction, gradient) / 2;
            if (gain < SMALLEST_GAIN) {
                break;
            }
            double before = local.value() + penalty * InnerProduct.of(weights, weights) / 2;
            double[] next = lineSearch(problem, support, weights, direction, before, gain, penalty);
            if (Arrays.equals(next, weights)) {
                break;
            }
            weights = next;
            local = problem.local(support, weights);
        }
        return new KlFit(support.clone(), weights, local.value());
    }

    /// Halves the Newton step until the objective falls by a tenth of what it promised; gives up where it is.
    private static double[] lineSearch(
            KlProblem problem,
            int[] support,
            double[] weights,
            double[] direction,
            double before,
            double gain,
            double penalty) {
        for (double length = 1; length > 1e-4; length /= 2) {
            double[] trial = new double[weights.length];
            for (int i = 0; i < trial.length; i++) {
                trial[i] = weights[i] - length * direction[i];
            }
            double value = problem.value(support, trial) + penalty * InnerProduct.of(trial, trial) / 2;
            if (value <= before - 0.2 * length * gain) {
                return trial;
            }
        }
        return weights;
    }

    private static double meanDiagonal(double[][] matrix) {
        double sum = 0;
        for (int i = 0; i < matrix.length; i++) {
            sum += matrix[i][i];
        }
        return matrix.length == 0 ? 0 : sum / matrix.length;
    }
}
