package assay.sparse;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Long lists: orthogonal matching pursuit on the quadratic model of a [KlProblem] at the base, which takes one
/// pass over the places however many atoms are chosen. Weights are fitted to the KL itself afterwards.
///
/// @param slopes of f at zero weights, one per atom
/// @param curvature of f at zero weights `[atom][atom]`
public record FisherPursuit(double[] slopes, double[][] curvature) {
    private static final double JITTER = 1e-4;

    /// The quadratic model of a problem.
    public static FisherPursuit of(KlProblem problem) {
        int atoms = problem.atoms().size();
        KlProblem.Local local = problem.local(IntStream.range(0, atoms).toArray(), new double[atoms]);
        return new FisherPursuit(local.gradient(), local.hessian());
    }

    /// Up to `count` atoms in the order in which they lower the model most, all weights refitted each time.
    public int[] order(int count) {
        int size = Math.min(count, slopes.length);
        int[] chosen = new int[0];
        double[] weights = new double[0];
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
