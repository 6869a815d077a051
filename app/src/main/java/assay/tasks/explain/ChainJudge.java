package assay.tasks.explain;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Chain;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Measures what the way adapter → soft prompt → mixture loses, every step against the adapter on the same
/// foreign test contexts.
public final class ChainJudge {
    private final Decomposer adapter;
    private final Decomposer soft;
    private final Bootstrap bootstrap;

    /// A judge of one chain.
    ///
    /// @param adapter the decomposer of the adapter
    /// @param soft the decomposer of its soft prompt, on the same contexts
    public ChainJudge(Decomposer adapter, Decomposer soft, long seed) {
        this.adapter = adapter;
        this.soft = soft;
        this.bootstrap = Bootstrap.defaults(seed);
    }

    /// The chain.
    ///
    /// @param direct the adapter's own decomposition
    /// @param bySoft the soft prompt's
    public Chain judge(Distillation distillation, Explanation ofSoft, Decomposition direct, Decomposition bySoft) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int places = adapter.test().foreignPlaces();
            Tensor base = adapter.test().base().narrow(0, 0, places);
            Tensor softStates = soft.test().target().narrow(0, 0, places);
            List<SplitStates.TurnSums> sums = adapter.test()
                    .divergences(
                            List.of(
                                    base,
                                    softStates,
                                    mixed(bySoft.best()),
                                    mixed(bySoft.steps().getLast()),
                                    mixed(direct.best())),
                            adapter.unembedding());
            return new Chain(
                    distillation,
                    ofSoft,
                    closed(sums, 1),
                    closed(sums, 2),
                    closed(sums, 3),
                    closed(sums, 4),
                    new Chain.Nats(
                            nats(sums, 0, places),
                            nats(sums, 1, places),
                            nats(sums, 2, places),
                            nats(sums, 4, places)));
        }
    }

    private Tensor mixed(Decomposition.Step step) {
        return adapter.test().mixed(adapter.foreignTestDeltas(step.atoms()), step.weights());
    }

    private Interval closed(List<SplitStates.TurnSums> sums, int which) {
        return bootstrap.closed(sums.get(which).foreign(), sums.getFirst().foreign());
    }

    private static double nats(List<SplitStates.TurnSums> sums, int which, int places) {
        return Arrays.stream(sums.get(which).foreign()).sum() / places;
    }
}
