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
public final class HeldOut implements AutoCloseable {
    private final Runner runner;
    private final Objective objective;
    private final List<Context> contexts;
    private final Objective.@Nullable Target target;
    private final double[] base;

    /// Holds out these contexts; there may be none.
    HeldOut(Runner runner, Objective objective, Teacher teacher, List<Context> contexts) {
        this.runner = runner;
        this.objective = objective;
        this.contexts = List.copyOf(contexts);
        if (contexts.isEmpty()) {
            this.target = null;
            this.base = new double[0];
            return;
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            this.target = objective.kept(teacher.on(contexts, runner, objective));
            this.base = objective.exact(runner.hidden(Behaviour.BASE, contexts), target);
        }
    }

    /// The contexts.
    public List<Context> contexts() {
        return contexts;
    }

    /// KL(teacher ‖ base) at every place, nats.
    public double[] base() {
        return base.clone();
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
