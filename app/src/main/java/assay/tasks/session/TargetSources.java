package assay.tasks.session;

import assay.base.tensor.Torch;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.SoftPrompt;
import assay.measure.behaviour.WeightedPrompt;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/// The behaviours a tournament's file names.
public record TargetSources(Session session) {
    public Behaviour behaviour(String name, TargetSource source) {
        return switch (source) {
            case TargetSource.Prompt(String text) ->
                HardPrompt.of(text, session.chat().tokenizer());
            case TargetSource.Planted(List<WeightedPrompt> atoms, boolean _) ->
                new Mixture(
                        name,
                        atoms.stream()
                                .map(atom -> new Mixture.Weighted(
                                        HardPrompt.of(
                                                atom.prompt(), session.chat().tokenizer()),
                                        atom.weight()))
                                .toList());
            case TargetSource.Soft(Path folder) ->
                session.soft(folder.toString()).behaviour();
            case TargetSource.RandomSoft(int tokens, long seed) ->
                new SoftPrompt(name, tokens + " random vectors", random(tokens, seed), PeftPrompt.Place.SYSTEM);
        };
    }

    /// Gaussian vectors as long as the model's own token embeddings are on average.
    private Tensor random(int tokens, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = session.chat().model().hidden();
        int[] sample = random.ints(512, 0, session.chat().model().vocabulary()).toArray();
        float[] embeddings = Torch.toFloats(session.chat().model().embed(TokenBatch.of(sample), Overlay.NONE));
        double square = 0;
        for (float value : embeddings) {
            square += (double) value * value / embeddings.length;
        }
        float[] values = new float[tokens * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.sqrt(square));
        }
        return Torch.floats(values, tokens, width);
    }
}
