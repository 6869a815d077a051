package assay.base.sparse;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Long lists: orthogonal matching pursuit on a quadratic model of a [KlProblem], which takes one pass over the
/// places however many atoms are chosen. Weights are fitted to the KL itself afterwards.
///
/// @param slopes of the model at zero weights, one per atom
/// @param curvature of the model `[atom][atom]`
public record FisherPursuit(double[] slopes, double[][] curvature) {
    private static final double JITTER = 1e-4;

    /// The quadratic model of a problem at the base.
    public static FisherPursuit of(KlProblem problem) {
        return around(problem, new double[problem.atoms().size()]);
    }

    /// The quadratic model of a problem at a mixture, which is good near it and nowhere else.
    ///
    /// @param weights of the mixture, one per atom
    public static FisherPursuit around(KlProblem problem, double[] weights) {
        KlProblem.Local local = problem.local(IntStream.range(0, weights.length).toArray(), weights);
        double[] slopes = local.gradient().clone();
        for (int i = 0; i < slopes.length; i++) {
            for (int j = 0; j < weights.length; j++) {
                slopes[i] -= local.hessian()[i][j] * weights[j];
            }
        }
        return new FisherPursuit(slopes, local.hessian());
    }

    /// Up to `count` atoms in the order in which they lower the model most, all weights refitted each time.
    ///
    /// @param begun atoms that are taken already and stand first
    public int[] order(int[] begun, int count) {
        int size = Math.min(count, slopes.length);
        int[] chosen = begun.clone();
        double[] weights = chosen.length == 0 ? new double[0] : weights(chosen);
        while (chosen.length < size) {
            int next = next(chosen, weights);
            chosen = Arrays.copyOf(chosen, chosen.length + 1);
            chosen[chosen.length - 1] = next;
            weights = weights(chosen);
        }
        return chosen;
    }

    /// Least-squares weights of a list in the metric of the base: a start for the fit.
    public double[] weights(int[] support) {
        double[][] block = new double[support.length][support.length];
        double[] right = new double[support.length];
        for (int i = 0; i < support.length; i++) {
            right[i] = -slopes[support[i]];
            for (int j = 0; j < support.length; j++) {
                block[i][j] = curvature[support[i]][support[j]];
            }
            block[i][i] *= 1 + JITTER;
        }
        return Cholesky.solve(block, right);
    }

    /// The atom along which the model still falls most, for its length.
    private int next(int[] chosen, double[] weights) {
        int best = -1;
        double highest = Double.NEGATIVE_INFINITY;
        for (int atom = 0; atom < slopes.length; atom++) {
            int candidate = atom;
            if (Arrays.stream(chosen).anyMatch(used -> used == candidate)) {
                continue;
            }
            double slope = slopes[atom];
            for (int i = 0; i < chosen.length; i++) {
                slope += curvature[atom][chosen[i]] * weights[i];
            }
            double score = slope * slope / Math.max(curvature[atom][atom], 1e-12);
            if (score > highest) {
                highest = score;
                best = atom;
            }
        }
        return best;
    }
}
