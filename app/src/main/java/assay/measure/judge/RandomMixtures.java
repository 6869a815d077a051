package assay.measure.judge;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.Permutation;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/// The matched-K null: as many prompts, drawn by chance from the same atlas, with weights fitted in the same
/// way on the same contexts.
///
/// Mixtures are fitted for some K only; between them stands the next larger one, which closes more and so
/// favours the null.
///
/// @param sizes the K that were fitted, ascending
/// @param draws per draw, per size, KL summed over each foreign test turn
public record RandomMixtures(int[] sizes, List<List<double[]>> draws) {
    /// Fits `count` random mixtures of 1 … `atoms` prompts each; the prompts of a draw are a random subset
    /// of the pool.
    public static RandomMixtures fit(Decomposer decomposer, List<HardPrompt> pool, int count, int atoms, long seed) {
        return fit(decomposer, pool, count, sizes(Math.min(atoms, pool.size())), seed);
    }

    /// As above, for these sizes, ascending; none may be above the pool's.
    static RandomMixtures fit(Decomposer decomposer, List<HardPrompt> pool, int count, int[] sizes, long seed) {
        KlProblem problem = decomposer.problem(pool);
        List<Tensor> deltas = decomposer.foreignTestDeltas(pool);
        SplittableRandom random = new SplittableRandom(seed);
        List<List<double[]>> draws = new ArrayList<>();
        for (int draw = 0; draw < count; draw++) {
            int[] order = Permutation.of(pool.size(), random);
            draws.add(draw(decomposer, problem, deltas, order, sizes));
        }
        return new RandomMixtures(sizes, draws);
    }

    private static List<double[]> draw(
            Decomposer decomposer, KlProblem problem, List<Tensor> deltas, int[] order, int[] sizes) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> ordered = Arrays.stream(order).mapToObj(deltas::get).toList();
            List<Tensor> mixtures = new ArrayList<>();
            double[] weights = new double[0];
            for (int k : sizes) {
                int[] support = Arrays.copyOf(order, k);
                weights = KlFit.of(problem, support, Arrays.copyOf(weights, k), decomposer.ridge())
                        .weights();
                mixtures.add(decomposer.test().mixed(ordered.subList(0, k), weights));
            }
            return decomposer.test().divergences(mixtures, decomposer.unembedding()).stream()
                    .map(SplitStates.TurnSums::foreign)
                    .toList();
        }
    }

    /// 1, 2, 3, … in steps of one up to 8, then of a quarter, up to `most`.
    static int[] sizes(int most) {
        List<Integer> sizes = new ArrayList<>();
        for (int k = 1; k < most; k += Math.max(1, k / 4)) {
            sizes.add(k);
        }
        sizes.add(most);
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    /// What the draws leave with `k` prompts or the next larger number fitted, per turn; a pool smaller
    /// than k stands for itself.
    public List<double[]> at(int k) {
        int index = 0;
        while (index < sizes.length - 1 && sizes[index] < k) {
            index++;
        }
        int fitted = index;
        return draws.stream().map(draw -> draw.get(fitted)).toList();
    }
}
