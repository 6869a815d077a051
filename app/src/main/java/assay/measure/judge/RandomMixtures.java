package assay.measure.judge;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.Permutation;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

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
        SplittableRandom random = new SplittableRandom(seed);
        List<double[]> weights = new ArrayList<>();
        for (int draw = 0; draw < count; draw++) {
            weights.addAll(fitted(problem, Permutation.of(pool.size(), random), sizes, decomposer.ridge()));
        }
        List<double[]> left =
                decomposer
                        .test()
                        .divergences(decomposer.foreignTestDeltas(pool), weights, decomposer.unembedding())
                        .stream()
                        .map(SplitStates.TurnSums::foreign)
                        .toList();
        return new RandomMixtures(
                sizes,
                IntStream.range(0, count)
                        .mapToObj(draw -> left.subList(draw * sizes.length, (draw + 1) * sizes.length))
                        .toList());
    }

    /// Weights over the whole pool of the first prompts of an order, for every size.
    private static List<double[]> fitted(KlProblem problem, int[] order, int[] sizes, double ridge) {
        List<double[]> all = new ArrayList<>();
        double[] weights = new double[0];
        for (int k : sizes) {
            int[] support = Arrays.copyOf(order, k);
            weights =
                    KlFit.of(problem, support, Arrays.copyOf(weights, k), ridge).weights();
            double[] spread = new double[order.length];
            for (int i = 0; i < k; i++) {
                spread[support[i]] = weights[i];
            }
            all.add(spread);
        }
        return all;
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
