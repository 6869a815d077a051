package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.sparse.Line;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What a second training run of the same recipe would close of a target, and the recipe without the noise of any run
/// (docs/decisions/0025-noise-ceiling.md).
///
/// Intervals are over user turns; that other siblings might have been trained is not in them.
///
/// @param siblings how many second runs it is known from
/// @param lower what one of them closes, on average: its own noise counts against it
/// @param upper what would be closed if half of what parts the two runs is the target's own noise
/// @param ceiling what the mean of ever more of them tends to, held between the two; `Interval.NONE` of one sibling
/// @param isHeld whether it had to be held there
public record NoiseCeiling(int siblings, Interval lower, Interval upper, Interval ceiling, boolean isHeld) {

    /// What stands for the recipe without noise: the ceiling, or the upper bound where one sibling gives none.
    public Interval reachable() {
        return siblings < 2 ? upper : ceiling;
    }

    /// From what siblings and their means leave of one target.
    ///
    /// @param left for every size of a group of siblings, from one on, KL(target ‖ logit mean of the group) summed
    /// over each user turn, one array for every group of that size
    /// @param base KL(target ‖ base), likewise
    public static NoiseCeiling of(List<List<double[]>> left, double[] base, Bootstrap bootstrap) {
        Terms terms = new Terms(left, base);
        Interval lower = bootstrap.of(base.length, turns -> terms.of(turns).lower());
        Interval upper = bootstrap.of(base.length, turns -> terms.of(turns).upper());
        if (left.size() < 2) {
            return new NoiseCeiling(left.getFirst().size(), lower, upper, Interval.NONE, false);
        }
        Interval ceiling = bootstrap.of(base.length, turns -> terms.of(turns).held());
        boolean isHeld = terms.of(terms.all()).isHeld();
        return new NoiseCeiling(left.getFirst().size(), lower, upper, ceiling, isHeld);
    }

    /// Share of the ceiling that a list reaches, of the upper bound where there is no ceiling; both on the same
    /// resampled turns.
    ///
    /// @param list what it leaves, summed over each user turn
    public static Interval share(double[] list, List<List<double[]>> left, double[] base, Bootstrap bootstrap) {
        Terms terms = new Terms(left, base);
        return bootstrap.of(base.length, turns -> {
            Bounds bounds = terms.of(turns);
            double closed = 1 - Terms.sum(list, turns) / Terms.sum(base, turns);
            return closed / (left.size() < 2 ? bounds.upper() : bounds.held());
        });
    }

    /// All groups of `siblings` of a size, each by the numbers of its members, ascending.
    static List<int[]> groups(int siblings, int size) {
        return IntStream.range(0, 1 << siblings)
                .filter(chosen -> Integer.bitCount(chosen) == size)
                .mapToObj(chosen -> IntStream.range(0, siblings)
                        .filter(one -> (chosen >> one & 1) == 1)
                        .toArray())
                .toList();
    }

    /// The bounds on some turns.
    private record Bounds(double lower, double upper, double extrapolated) {
        double held() {
            return Math.clamp(extrapolated, Math.min(lower, upper), Math.max(lower, upper));
        }

        boolean isHeld() {
            return held() != extrapolated;
        }
    }

    /// @param left by size, by group, by user turn
    private record Terms(List<List<double[]>> left, double[] base) {
        /// The ceiling is a of the least-squares line a + b/k through the means of groups of k = 1, 2, …
        Bounds of(int[] turns) {
            double whole = sum(base, turns);
            double[] means = left.stream()
                    .mapToDouble(groups -> groups.stream()
                            .mapToDouble(group -> sum(group, turns))
                            .average()
                            .orElse(Double.NaN))
                    .toArray();
            double[] shares = IntStream.rangeClosed(1, means.length)
                    .mapToDouble(k -> 1.0 / k)
                    .toArray();
            return new Bounds(
                    1 - means[0] / whole,
                    1 - means[0] / 2 / whole,
                    1 - Line.through(shares, means).intercept() / whole);
        }

        int[] all() {
            return IntStream.range(0, base.length).toArray();
        }

        static double sum(double[] values, int[] turns) {
            return Arrays.stream(turns).mapToDouble(turn -> values[turn]).sum();
        }
    }
}
