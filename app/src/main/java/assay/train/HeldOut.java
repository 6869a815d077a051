package assay.train;

import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Contexts nobody trains on, with what the teacher says there: exact divergences, whole vocabulary, float32.
///
/// @param target what the teacher says; null without contexts
/// @param base KL(teacher ‖ base) at every place, nats
public record HeldOut(
        Runner runner, Objective objective, List<Context> contexts, Objective.@Nullable Target target, double[] base)
        implements AutoCloseable {
    /// Holds out these contexts; there may be none.
    static HeldOut of(Runner runner, Objective objective, Teacher teacher, List<Context> contexts) {
        if (contexts.isEmpty()) {
            return new HeldOut(runner, objective, List.of(), null, new double[0]);
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Objective.Target target = objective.kept(teacher.on(contexts, runner, objective));
            double[] base = objective.exact(runner.hidden(Behaviour.BASE, contexts), target);
            return new HeldOut(runner, objective, List.copyOf(contexts), target, base);
        }
    }

    /// KL(teacher ‖ behaviour) at every place, nats.
    public double[] of(Behaviour behaviour) {
        if (target == null) {
            return new double[0];
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = runner.hidden(behaviour, contexts);
            return objective.exact(hidden, target);
        }
    }

    /// Share of the base's KL that a behaviour closes, over all places.
    public double closed(Behaviour behaviour) {
        return 1 - Arrays.stream(of(behaviour)).sum() / Arrays.stream(base).sum();
    }

    @Override
    public void close() {
        if (target != null) {
            Objective.release(target);
        }
    }
}
