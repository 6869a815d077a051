package assay.base.sparse;

import assay.base.vector.InnerProducts;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/// Orthogonal matching pursuit over vectors: the screen that picks candidates from a whole dictionary by
/// their sketches.
///
/// @param vectors dictionary `[atom][number]`
public record GramPursuit(float[][] vectors) {
    /// Atoms that one reading of the dictionary serves: so many products take no longer than the reading.
    private static final int AT_ONCE = 8;

    /// Atoms whose correlations are brought up to date while they lie in the core's cache.
    private static final int TOGETHER = 8192;

    /// What a pursuit found.
    ///
    /// @param chosen atoms in the order they were chosen
    /// @param weights their least-squares weights, in this order
    /// @param residual what they do not explain of the target
    public record Path(int[] chosen, double[] weights, double[] residual) {}

    /// Chooses `count` atoms by largest normalised correlation with the residual, refitting after each.
    ///
    /// Correlations with a residual follow from those with the target and with the chosen atoms (Rubinstein,
    /// Zibulevsky and Elad, 2008, "Batch-OMP"). Those with an atom take a reading of the whole dictionary; of the
    /// atoms that may be chosen next, several are served by one.
    ///
    /// @param target `[number]`
    /// @param excluded atoms that are not there
    /// @param alike cosine with a chosen atom above which another is left out, 1 for none; fewer may then be found
    public Path run(double[] target, int count, Set<Integer> excluded, double alike) {
        Set<Integer> out = new HashSet<>(excluded);
        int size = Math.min(count, vectors.length - excluded.size());
        double[] norms = norms();
        double[] toTarget = correlations(target);
        Map<Integer, float[]> columns = new HashMap<>();
        int[] chosen = new int[0];
        double[][] gram = new double[size][size];
        double[] right = new double[size];
        double[] weights = new double[0];
        while (chosen.length < size) {
            int[] likely = likeliest(toResidual(toTarget, chosen, weights, columns), norms, out, columns.keySet());
            if (likely.length == 0) {
                break;
            }
            int next = likely[0];
            float[] toNext = read(likely, columns);
            out.add(next);
            if (alike < 1) {
                leaveOut(toNext, norms, alike * norms[next], out);
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
        }
        return new Path(chosen, weights, residual(target, chosen, weights));
    }

    /// Inner product of every vector with `target`.
    public double[] correlations(double[] target) {
        float[] rounded = new float[target.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = (float) target[i];
        }
        float[] products = InnerProducts.of(vectors, new float[][] {rounded})[0];
        return IntStream.range(0, products.length).mapToDouble(i -> products[i]).toArray();
    }

    /// Euclidean length of every vector.
    public double[] norms() {
        double[] norms = new double[vectors.length];
        IntStream.range(0, vectors.length).parallel().forEach(i -> norms[i] = Math.sqrt(dot(vectors[i], vectors[i])));
        return norms;
    }

    /// Correlations with the first of these atoms; where they are not known, the dictionary is read for all of them.
    private float[] read(int[] atoms, Map<Integer, float[]> columns) {
        float[] known = columns.get(atoms[0]);
        if (known != null) {
            return known;
        }
        float[][] read = InnerProducts.of(
                vectors, Arrays.stream(atoms).mapToObj(atom -> vectors[atom]).toArray(float[][]::new));
        for (int i = 0; i < atoms.length; i++) {
            columns.put(atoms[i], read[i]);
        }
        return read[0];
    }

    /// Correlations with what the chosen atoms do not explain.
    private static double[] toResidual(
            double[] toTarget, int[] chosen, double[] weights, Map<Integer, float[]> columns) {
        double[] left = toTarget.clone();
        float[][] read = Arrays.stream(chosen).mapToObj(columns::get).toArray(float[][]::new);
        IntStream.range(0, (left.length + TOGETHER - 1) / TOGETHER).parallel().forEach(part -> {
            int end = Math.min(left.length, (part + 1) * TOGETHER);
            for (int j = 0; j < read.length; j++) {
                float[] column = read[j];
                double weight = weights[j];
                for (int i = part * TOGETHER; i < end; i++) {
                    left[i] -= weight * column[i];
                }
            }
        });
        return left;
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

    /// Leaves out what is alike to an atom.
    ///
    /// @param most product with it, divided by the other's length
    private static void leaveOut(float[] products, double[] norms, double most, Set<Integer> out) {
        for (int i = 0; i < norms.length; i++) {
            if (products[i] > most * norms[i]) {
                out.add(i);
            }
        }
    }

    /// The atom with the largest score, and as many of the next as are read with it: those not read yet.
    private static int[] likeliest(double[] correlations, double[] norms, Set<Integer> out, Set<Integer> read) {
        double[] scores = new double[norms.length];
        int best = -1;
        for (int i = 0; i < norms.length; i++) {
            scores[i] = norms[i] == 0 ? 0 : Math.abs(correlations[i]) / norms[i];
            if ((best < 0 || scores[i] > scores[best]) && !out.contains(i)) {
                best = i;
            }
        }
        if (best < 0 || read.contains(best)) {
            return best < 0 ? new int[0] : new int[] {best};
        }
        PriorityQueue<Integer> next = new PriorityQueue<>(Comparator.comparingDouble(i -> scores[i]));
        for (int i = 0; i < scores.length; i++) {
            boolean isHigher = next.size() < AT_ONCE || scores[i] > scores[next.peek()];
            if (isHigher && i != best && !out.contains(i) && !read.contains(i)) {
                next.add(i);
                if (next.size() == AT_ONCE) {
                    next.poll();
                }
            }
        }
        return IntStream.concat(IntStream.of(best), next.stream().mapToInt(i -> i))
                .toArray();
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
