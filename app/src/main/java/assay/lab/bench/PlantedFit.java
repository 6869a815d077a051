package assay.lab.bench;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitContexts;
import assay.measure.decompose.SplitFit;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Prompts whose states are known, and a target made of twenty of them: such a one has its optimum where it was
/// planted.
///
/// @param deltas of every prompt `[place hidden]`, owned by the caller's scope
public record PlantedFit(Decomposer decomposer, List<Tensor> deltas) implements AutoCloseable {
    /// Small enough not to move the optimum by what is compared.
    private static final double RIDGE = 1e-8;

    /// Runs the prompts.
    public static PlantedFit of(ChatModel chat, int atoms, int conversations, int places) {
        List<HardPrompt> prompts = Phrases.prompts(atoms, 7).stream()
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .toList();
        Mixture target = mixture(prompts);
        List<Context> contexts = Phrases.contexts(chat, conversations, places, 300);
        Decomposer decomposer = new Decomposer(
                new Runner(chat),
                target,
                split -> new SplitContexts(split == Probe.Split.FIT ? contexts : contexts.subList(0, 1), List.of()),
                Decomposer.Options.defaults(0),
                Decomposer.Listener.NONE);
        return new PlantedFit(decomposer, decomposer.fitDeltas(prompts));
    }

    private static Mixture mixture(List<HardPrompt> prompts) {
        List<Mixture.Weighted> atoms = new ArrayList<>();
        int planted = Math.min(20, prompts.size());
        for (int i = 0; i < planted; i++) {
            atoms.add(new Mixture.Weighted(prompts.get(i), (i % 5 == 4 ? -0.5 : 1.5) / planted));
        }
        return new Mixture("planted", atoms);
    }

    /// Chooses the tokens that are looked at, and fits the weights of the first prompts.
    public double[] weights(int first) {
        Decomposer.Options options = new Decomposer.Options(RIDGE, 1, 0);
        try (SplitFit fit = SplitFit.of(decomposer.fit(), decomposer.unembedding(), options)) {
            return fit.weights(deltas.subList(0, first), new double[first]);
        }
    }

    @Override
    public void close() {
        decomposer.close();
    }
}
