package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// A list beside what second training runs of its target's recipe reach, on unseen turns.
///
/// @param foreign on answers written by the base or under other prompts
/// @param own on answers written by the target, if it was run on any
public record Noise(Side foreign, Optional<Side> own) {
    /// One kind of contexts.
    ///
    /// @param closed what the list closes
    /// @param share of the ceiling that the list reaches, of the upper bound where one sibling gives no ceiling
    public record Side(NoiseCeiling ceiling, Interval closed, Interval share) {}

    /// The side on which the list reaches less: what headlines and gates go by.
    public Side worse() {
        return own.filter(side -> side.share().value() < foreign.share().value())
                .orElse(foreign);
    }

    /// Runs siblings on the test split, and sets a list beside them and all their means.
    ///
    /// @param siblings other runs of the target's recipe: other seeds, other samples; at least one
    /// @param list of the judge's target
    public static Noise of(Judge judge, List<? extends Behaviour> siblings, Decomposition.Step list) {
        List<List<int[]>> groups = new ArrayList<>();
        List<double[]> weights = new ArrayList<>();
        for (int size = 1; size <= siblings.size(); size++) {
            List<int[]> ofSize = NoiseCeiling.groups(siblings.size(), size);
            groups.add(ofSize);
            ofSize.forEach(group -> weights.add(mean(group, siblings.size())));
        }
        Decomposer decomposer = judge.decomposer();
        Bootstrap bootstrap = judge.bootstrap();
        SplitStates test = decomposer.test();
        SplitStates.TurnSums base = judge.untouched();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> deltas = decomposer.testDeltas(siblings);
            List<SplitStates.TurnSums> left = test.divergences(deltas, weights, decomposer.unembedding());
            List<double[]> onForeign =
                    left.stream().map(SplitStates.TurnSums::foreign).toList();
            Side foreign = side(groups, onForeign, list.test().foreign(), base.foreign(), test.foreign(), bootstrap);
            if (test.own().isEmpty()) {
                return new Noise(foreign, Optional.empty());
            }
            List<double[]> onOwn = left.stream().map(SplitStates.TurnSums::own).toList();
            Side own = side(groups, onOwn, list.test().own(), base.own(), test.own(), bootstrap);
            return new Noise(foreign, Optional.of(own));
        }
    }

    private static Side side(
            List<List<int[]>> groups,
            List<double[]> left,
            double[] list,
            double[] base,
            List<Context> contexts,
            Bootstrap bootstrap) {
        List<List<double[]>> bySize = new ArrayList<>();
        int done = 0;
        for (List<int[]> ofSize : groups) {
            bySize.add(left.subList(done, done + ofSize.size()).stream()
                    .map(sums -> Judge.byTurn(sums, contexts))
                    .toList());
            done += ofSize.size();
        }
        double[] byTurn = Judge.byTurn(list, contexts);
        double[] whole = Judge.byTurn(base, contexts);
        return new Side(
                NoiseCeiling.of(bySize, whole, bootstrap),
                bootstrap.closed(byTurn, whole),
                NoiseCeiling.share(byTurn, bySize, whole, bootstrap));
    }

    /// The weights of a logit mean: the base's own weight is what is left of one.
    private static double[] mean(int[] group, int siblings) {
        double[] weights = new double[siblings];
        Arrays.stream(group).forEach(member -> weights[member] = 1.0 / group.length);
        return weights;
    }
}
