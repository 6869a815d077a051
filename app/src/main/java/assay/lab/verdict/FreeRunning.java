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
///
/// @param own states on answers of the target
/// @param base KL(target ‖ base) there, by turn
record FreeRunning(SharedContexts arena, Behaviour target, long seed, SplitStates own, double[] base, Deltas deltas)
        implements AutoCloseable {
    static final int TURNS = 8;
    static final int REVERSE_TURNS = 3;

    /// Lets the target answer; its tensors belong to the caller's scope.
    static FreeRunning of(SharedContexts arena, Behaviour target, long seed) {
        Runner runner = new Runner(arena.chat());
        List<Context> answered = arena.answered(target, TURNS, seed).contexts(Probe.Split.TEST, runner);
        SplitStates own = SplitStates.of(runner, target, new SplitContexts(answered, List.of()));
        double[] base = own.divergences(List.of(own.base()), runner.unembedding())
                .getFirst()
                .foreign();
        return new FreeRunning(arena, target, seed, own, base, Deltas.foreign(runner, own));
    }

    /// KL(target ‖ base) on the target's answers, nats per token.
    double divergence() {
        return Arrays.stream(base).sum() / own.foreignPlaces();
    }

    /// Closed by a list on the target's answers.
    Interval closed(Decomposition.Step step) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> atoms = deltas.of(step.atoms(), arena.job()::check);
            return Bootstrap.defaults(seed)
                    .closed(
                            own.divergences(
                                            List.of(own.mixed(atoms, step.weights())),
                                            arena.chat().model().unembedding())
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
        return reverse(Behaviour.BASE, arena.answeredByBase());
    }

    private double reverse(Behaviour writer, Probe answers) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = new Runner(arena.chat());
            List<Context> written = answers.contexts(Probe.Split.TEST, runner);
            List<Tensor> states = new ArrayList<>();
            for (Behaviour each : List.of(writer, target)) {
                states.add(runner.hidden(each, written));
            }
            double[] kl = Divergence.kl(
                    states.get(0), states.get(1), arena.chat().model().unembedding());
            return Arrays.stream(kl).average().orElse(Double.NaN);
        }
    }

    @Override
    public void close() {
        deltas.close();
    }
}
