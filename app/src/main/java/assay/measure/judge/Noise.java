package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
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
        Decomposer decomposer = judge.decomposer();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> deltas = decomposer.testDeltas(siblings);
            List<SplitStates.TurnSums> left = List.of(judge.untouched(), list.test());
            return of(decomposer.test(), deltas, left, decomposer.unembedding(), judge.bootstrap())
                    .getFirst();
        }
    }

    /// Sets stand-ins for one target beside the same siblings and all their means.
    ///
    /// @param test states of base and target
    /// @param siblings what each does to the base there `[place hidden]`; at least one
    /// @param left what the base leaves, and then each stand-in
    /// @return one for each stand-in
    public static List<Noise> of(
            SplitStates test,
            List<Tensor> siblings,
            List<SplitStates.TurnSums> left,
            Unembedding unembedding,
            Bootstrap bootstrap) {
        List<List<int[]>> groups = new ArrayList<>();
        List<double[]> weights = new ArrayList<>();
        for (int size = 1; size <= siblings.size(); size++) {
            List<int[]> ofSize = NoiseCeiling.groups(siblings.size(), size);
            groups.add(ofSize);
            ofSize.forEach(group -> weights.add(mean(group, siblings.size())));
        }
        List<SplitStates.TurnSums> means = test.divergences(siblings, weights, unembedding);
        List<Side> foreign = sides(groups, means, left, SplitStates.TurnSums::foreign, test.foreign(), bootstrap);
        List<Side> own = test.own().isEmpty()
                ? List.of()
                : sides(groups, means, left, SplitStates.TurnSums::own, test.own(), bootstrap);
        return IntStream.range(0, foreign.size())
                .mapToObj(i -> new Noise(foreign.get(i), own.stream().skip(i).findFirst()))
                .toList();
    }

    /// @param means what the means of groups of siblings leave, group by group
    /// @param left what the base leaves, and then each stand-in
    /// @param part the side's sums
    private static List<Side> sides(
            List<List<int[]>> groups,
            List<SplitStates.TurnSums> means,
            List<SplitStates.TurnSums> left,
            Function<SplitStates.TurnSums, double[]> part,
            List<Context> contexts,
            Bootstrap bootstrap) {
        List<List<double[]>> bySize = new ArrayList<>();
        int done = 0;
        for (List<int[]> ofSize : groups) {
            bySize.add(means.subList(done, done + ofSize.size()).stream()
                    .map(sums -> Judge.byTurn(part.apply(sums), contexts))
                    .toList());
            done += ofSize.size();
        }
        double[] base = Judge.byTurn(part.apply(left.getFirst()), contexts);
        NoiseCeiling ceiling = NoiseCeiling.of(bySize, base, bootstrap);
        return left.stream()
                .skip(1)
                .map(sums -> Judge.byTurn(part.apply(sums), contexts))
                .map(one -> new Side(
                        ceiling, bootstrap.closed(one, base), NoiseCeiling.share(one, bySize, base, bootstrap)))
                .toList();
    }

    /// The weights of a logit mean: the base's own weight is what is left of one.
    private static double[] mean(int[] group, int siblings) {
        double[] weights = new double[siblings];
        Arrays.stream(group).forEach(member -> weights[member] = 1.0 / group.length);
        return weights;
    }
}
