package assay.measure.decompose;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Fingerprints run exactly: hidden-state deltas of prompts over one split, each computed once and kept
/// until closed.
public final class Deltas implements AutoCloseable {
    private final Runner runner;
    private final SplitStates split;
    private final List<Context> contexts;
    private final Map<String, Tensor> kept = new ConcurrentHashMap<>();

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

    /// Hidden states of each prompt minus the plain base's `[place hidden]`, in order; owned by this object.
    /// Prompts not run yet are run side by side.
    ///
    /// @param ran hears of every prompt that was run, on the thread that ran it
    public List<Tensor> of(List<HardPrompt> prompts, Runnable ran) {
        List<Runnable> missing = new ArrayList<>();
        for (HardPrompt prompt : prompts) {
            if (!kept.containsKey(prompt.text())) {
                missing.add(() -> {
                    keep(prompt);
                    ran.run();
                });
            }
        }
        SideBySide.run(missing);
        List<Tensor> deltas = new ArrayList<>();
        prompts.forEach(prompt -> deltas.add(Objects.requireNonNull(kept.get(prompt.text()))));
        return deltas;
    }

    /// As above, for prompts that have been run, or where nobody waits for news.
    public List<Tensor> of(List<HardPrompt> prompts) {
        return of(prompts, () -> {});
    }

    /// The same for one prompt.
    Tensor of(HardPrompt prompt) {
        return of(List.of(prompt)).getFirst();
    }

    /// Whether the prompt has been run already.
    boolean has(HardPrompt prompt) {
        return kept.containsKey(prompt.text());
    }

    /// How many prompts have been run.
    public int count() {
        return kept.size();
    }

    /// Frees the deltas of all other prompts.
    public void keepOnly(Set<String> texts) {
        kept.entrySet().removeIf(entry -> {
            boolean goes = !texts.contains(entry.getKey());
            if (goes) {
                entry.getValue().releaseReference();
            }
            return goes;
        });
    }

    private void keep(HardPrompt prompt) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = runner.keeps(prompt) ? looked(prompt) : runner.hidden(prompt, contexts);
            Tensor delta = hidden.sub(split.plain().narrow(0, 0, hidden.size(0)));
            delta.retainReference();
            Tensor twin = kept.putIfAbsent(prompt.text(), delta);
            if (twin != null) {
                delta.releaseReference();
            }
        }
    }

    /// States of a prompt that other targets are explained by too: on foreign contexts they are looked up.
    private Tensor looked(HardPrompt prompt) {
        Tensor foreign = runner.hiddenOnce(prompt, split.foreign());
        List<Context> own = contexts.subList(split.foreign().size(), contexts.size());
        return own.isEmpty() ? foreign : torch.cat(new TensorVector(foreign, runner.hidden(prompt, own)), 0);
    }

    /// Frees the deltas.
    @Override
    public void close() {
        kept.values().forEach(Tensor::releaseReference);
        kept.clear();
    }
}
