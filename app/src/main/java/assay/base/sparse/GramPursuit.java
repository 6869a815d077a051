package assay.base.sparse;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/// Orthogonal matching pursuit over vectors: the screen that picks candidates from a whole dictionary by
/// their sketches.
///
/// @param vectors dictionary `[atom][number]`
public record GramPursuit(float[][] vectors) {
    /// What a pursuit found.
    ///
    /// @param chosen atoms in the order they were chosen
    /// @param weights their least-squares weights, in this order
    /// @param residual what they do not explain of the target
    public record Path(int[] chosen, double[] weights, double[] residual) {}

    /// Chooses `count` atoms by largest normalised correlation with the residual, refitting after each.
    ///
    /// @param target `[number]`
    /// @param excluded atoms that are not there
    /// @param alike cosine with a chosen atom above which another is left out, 1 for none; fewer may then be found
    public Path run(double[] target, int count, Set<Integer> excluded, double alike) {
        Set<Integer> out = new HashSet<>(excluded);
        int size = Math.min(count, vectors.length - excluded.size());
        double[] norms = norms();
        double[] residual = target.clone();
        int[] chosen = new int[0];
        double[][] gram = new double[size][size];
        double[] right = new double[size];
        double[] weights = new double[0];
        while (chosen.length < size) {
            int next = best(correlations(residual), norms, out);
            if (next < 0) {
                break;
            }
            out.add(next);
            if (alike < 1) {
                leaveOut(next, norms, alike, out);
            }
            int at = chosen.length;
            chosen = Arrays.copyOf(chosen, at + 1);
            chosen[at] = next;
            for (int i = 0; i <= at; i++) {
                gram[i][at] = dot(vectors[chosen[i]], vectors[next]);
                gram[at][i] = gram[i][at];
            }
            right[at] = InnerProduct.of(vectors[next], target);
            weights = weights(gram, right, chosen.length);
            residual = residual(target, chosen, weights);
        }
        return new Path(chosen, weights, residual);
    }

    /// Inner product of every vector with `target`.
    public double[] correlations(double[] target) {
        double[] correlations = new double[vectors.length];
        IntStream.range(0, vectors.length)
                .parallel()
                .forEach(i -> correlations[i] = InnerProduct.of(vectors[i], target));
        return correlations;
    }

    /// Euclidean length of every vector.
    public double[] norms() {
        double[] norms = new double[vectors.length];
        IntStream.range(0, vectors.length).parallel().forEach(i -> norms[i] = Math.sqrt(dot(vectors[i], vectors[i])));
        return norms;
    }

    private static double[] weights(double[][] gram, double[] right, int count) {
        double[][] block = new double[count][];
        for (int i = 0; i < count; i++) {
            block[i] = Arrays.copyOf(gram[i], count);
            block[i][i] *= 1 + 1e-3;
        }
        return Cholesky.solve(block, Arrays.copyOf(right, count));
    }

    private double[] residual(double[] target, int[] chosen, double[] weights) {
        double[] residual = target.clone();
        for (int i = 0; i < chosen.length; i++) {
            float[] vector = vectors[chosen[i]];
            for (int k = 0; k < residual.length; k++) {
                residual[k] -= weights[i] * vector[k];
            }
        }
        return residual;
    }

    private void leaveOut(int atom, double[] norms, double alike, Set<Integer> out) {
        double[] direction = new double[vectors[atom].length];
        Arrays.setAll(direction, i -> vectors[atom][i] / Math.max(norms[atom], Double.MIN_NORMAL));
        double[] correlations = correlations(direction);
        for (int i = 0; i < norms.length; i++) {
            if (correlations[i] > alike * norms[i]) {
                out.add(i);
            }
        }
    }

    private static int best(double[] correlations, double[] norms, Set<Integer> out) {
        int best = -1;
        double highest = -1;
        for (int i = 0; i < norms.length; i++) {
            double score = norms[i] == 0 ? 0 : Math.abs(correlations[i]) / norms[i];
            if (score > highest && !out.contains(i)) {
                highest = score;
                best = i;
            }
        }
        return best;
    }

    private static double dot(float[] a, float[] b) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < a.length; i += 2) {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }
        return a.length % 2 == 0 ? even + odd : even + odd + a[a.length - 1] * b[a.length - 1];
    }
}
