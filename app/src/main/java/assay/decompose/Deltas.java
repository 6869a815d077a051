package assay.decompose;

import assay.behaviour.Context;
import assay.behaviour.HardPrompt;
import assay.behaviour.Runner;
import assay.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Fingerprints run exactly: hidden-state deltas of prompts over one split, each computed once and kept
/// until closed.
public final class Deltas implements AutoCloseable {
    private final Runner runner;
    private final SplitStates split;
    private final List<Context> contexts;
    private final Map<String, Tensor> kept = new HashMap<>();

    private Deltas(Runner runner, SplitStates split, List<Context> contexts) {
        this.runner = runner;
        this.split = split;
        this.contexts = contexts;
    }

    /// Over foreign and own contexts.
    public static Deltas everywhere(Runner runner, SplitStates split) {
        return new Deltas(runner, split, split.contexts());
    }

    /// Over foreign contexts only.
    public static Deltas foreign(Runner runner, SplitStates split) {
        return new Deltas(runner, split, split.foreign());
    }

    /// Hidden states of the prompt minus the base's `[place hidden]`; owned by this object.
    public Tensor of(HardPrompt prompt) {
        Tensor known = kept.get(prompt.text());
        if (known != null) {
            return known;
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = runner.hidden(prompt, contexts);
            Tensor delta = hidden.sub(split.base().narrow(0, 0, hidden.size(0)));
            delta.retainReference();
            kept.put(prompt.text(), delta);
            return delta;
        }
    }

    /// Whether the prompt has been run already.
    boolean has(HardPrompt prompt) {
        return kept.containsKey(prompt.text());
    }

    /// One delta per prompt, in order.
    public List<Tensor> of(List<HardPrompt> prompts) {
        List<Tensor> deltas = new ArrayList<>();
        prompts.forEach(prompt -> deltas.add(of(prompt)));
        return deltas;
    }

    /// How many prompts were run.
    public int size() {
        return kept.size();
    }

    /// Frees the deltas.
    @Override
    public void close() {
        kept.values().forEach(Tensor::releaseReference);
        kept.clear();
    }
}
