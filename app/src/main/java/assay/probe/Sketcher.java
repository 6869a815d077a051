package assay.probe;

import assay.behaviour.Behaviour;
import assay.behaviour.Context;
import assay.behaviour.Runner;
import assay.tensor.SideBySide;
import assay.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.Tensor;

/// Takes sketches of behaviours: runs them on the foreign contexts of a probe's search split and projects what
/// they change.
public final class Sketcher implements AutoCloseable {
    private final Runner runner;
    private final SketchMap map;
    private final List<Context> contexts;
    private final Tensor base;

    /// Runs the base once; close it to free that.
    public Sketcher(Runner runner, Probe probe, SketchMap map) {
        this.runner = runner;
        this.map = map;
        this.contexts = probe.contexts(Probe.Split.SEARCH, runner);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            base = runner.hidden(Behaviour.BASE, contexts);
            base.retainReference();
        }
    }

    /// Sketches of behaviours, in order, taken side by side.
    ///
    /// @param done hears the index of every finished one, on the thread that ran it
    /// @return `[behaviour, SketchMap.SIZE]`
    public float[][] sketches(List<? extends Behaviour> behaviours, IntConsumer done) {
        float[][] sketches = new float[behaviours.size()][];
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < sketches.length; i++) {
            int index = i;
            pieces.add(() -> {
                sketches[index] = sketch(behaviours.get(index));
                done.accept(index);
            });
        }
        SideBySide.run(pieces);
        return sketches;
    }

    private float[] sketch(Behaviour behaviour) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return map.sketch(runner.hidden(behaviour, contexts).sub(base), contexts);
        }
    }

    @Override
    public void close() {
        base.releaseReference();
    }
}
