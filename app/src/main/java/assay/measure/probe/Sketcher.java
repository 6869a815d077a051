package assay.measure.probe;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.behaviour.SoftPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
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

    /// How often behaviours are expected to write each token at all places of the split together, taken side by side.
    ///
    /// @return `[behaviour vocab]`
    public double[][] expected(List<? extends Behaviour> behaviours) {
        return look(behaviours, (hidden, unembedding, _) -> Divergence.expected(hidden, unembedding))
                .toArray(double[][]::new);
    }

    /// What is made of a behaviour's states.
    public interface Look<T> {
        /// Looks at one behaviour.
        ///
        /// @param hidden states at all places of the contexts, in order `[place hidden]`
        /// @param unembedding of these states
        T at(Tensor hidden, Unembedding unembedding, List<Context> contexts);
    }

    /// Runs behaviours on the contexts of the split, side by side, and makes something of each one's states.
    public <T> List<T> look(List<? extends Behaviour> behaviours, Look<T> look) {
        return SideBySide.map(behaviours, behaviour -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Runner knowing = new Runner(runner.chat(), List.of(behaviour));
                return look.at(knowing.hidden(behaviour, contexts), knowing.unembedding(), contexts);
            }
        });
    }

    /// What a behaviour writes behind tokens, where it most likely writes each of them: [Continuation#behind].
    public List<int[]> continued(Behaviour behaviour, int[] tokens, int most, IntPredicate over) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Runner knowing = new Runner(runner.chat(), List.of(behaviour));
            return new Continuation(knowing, behaviour, contexts)
                    .behind(tokens, knowing.hidden(behaviour, contexts), most, over);
        }
    }

    /// How a score of a prompt's sketch changes with each of the prompt's input embeddings, exactly: forward and back
    /// through all contexts. Takes about as long as two sketches, and some 50 kB a token and block until it ends.
    ///
    /// @param embeddings `[token hidden]` of the prompt in the slot
    /// @param score a differentiable number of the sketch `[1 number]`
    /// @return `[token, hidden]`
    public float[][] slope(Tensor embeddings, UnaryOperator<Tensor> score) {
        try (TensorScope _ = TensorScope.withGradients()) {
            Tensor leaf = embeddings.detach().clone().set_requires_grad(true);
            SoftPrompt prompt = SoftPrompt.inSlot("slope", leaf);
            Tensor sketch = map.project(runner.hidden(prompt, contexts).sub(base), contexts);
            score.apply(sketch).sum().backward();
            return Torch.toRows(leaf.grad());
        }
    }

    @Override
    public void close() {
        base.releaseReference();
    }
}
