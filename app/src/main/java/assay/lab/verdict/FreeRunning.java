package assay.lab.verdict;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.Deltas;
import assay.measure.decompose.SplitContexts;
import assay.measure.decompose.SplitStates;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Divergences on whole answers that a behaviour wrote by itself: on the target's answers KL(target ‖ list), which
/// summed over an answer is the forward divergence of the two as writers; on the list's answers KL(list ‖ target),
/// the reverse one.
final class FreeRunning implements AutoCloseable {
    private static final int TURNS = 8;
    private static final int REVERSE_TURNS = 3;

    private final SharedContexts arena;
    private final Runner runner;
    private final Behaviour target;
    private final long seed;
    private final Bootstrap bootstrap;
    private final Tensor unembedding;
    private final SplitStates own;
    private final double[] base;
    private final Deltas deltas;

    /// Lets the target answer; its tensors belong to the caller's scope.
    FreeRunning(SharedContexts arena, Behaviour target, long seed) {
        this.arena = arena;
        this.runner = new Runner(arena.chat());
        this.target = target;
        this.seed = seed;
        this.bootstrap = Bootstrap.defaults(seed);
        this.unembedding = arena.chat().model().unembedding();
        this.own = SplitStates.of(
                runner, target, new SplitContexts(contexts(arena.answered(target, TURNS, seed)), List.of()));
        this.base = own.divergences(List.of(own.base()), unembedding).getFirst().foreign();
        this.deltas = Deltas.foreign(runner, own);
    }

    private List<Context> contexts(Probe probe) {
        return probe.contexts(Probe.Split.TEST, runner);
    }

    /// KL(target ‖ base) on the target's answers, nats per token.
    double divergence() {
        return Arrays.stream(base).sum() / own.foreignPlaces();
    }

    /// Closed by a list on the target's answers.
    Interval closed(Decomposition.Step step) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> atoms = deltas.of(step.atoms(), arena.job()::check);
            return bootstrap.closed(
                    own.divergences(List.of(own.mixed(atoms, step.weights())), unembedding)
                            .getFirst()
                            .foreign(),
                    base);
        }
    }

    /// KL(writer ‖ target) on answers the writer wrote, nats per token.
    double reverse(Behaviour writer) {
        return reverse(writer, arena.answered(writer, REVERSE_TURNS, seed));
    }

    /// The same with the base as the writer.
    double reverseBase() {
        return reverse(Behaviour.BASE, arena.answeredByBase(REVERSE_TURNS));
    }

    private double reverse(Behaviour writer, Probe answers) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Context> written = contexts(answers);
            List<Tensor> states = new ArrayList<>();
            for (Behaviour each : List.of(writer, target)) {
                states.add(runner.hidden(each, written));
            }
            double[] kl = Divergence.kl(states.get(0), states.get(1), unembedding);
            return Arrays.stream(kl).average().orElse(Double.NaN);
        }
    }

    @Override
    public void close() {
        deltas.close();
    }
}
