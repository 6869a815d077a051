package assay.study;

import assay.behaviour.Behaviour;
import assay.behaviour.HardPrompt;
import assay.behaviour.Mixture;
import assay.behaviour.SoftPrompt;
import assay.format.PeftPrompt;
import assay.model.Overlay;
import assay.model.TokenBatch;
import assay.run.Progress;
import assay.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/// The behaviours a tournament's file names.
record TournamentTargets(Session session, Progress progress) {
    Behaviour behaviour(TournamentFile.Entry entry) {
        return switch (entry.source()) {
            case TournamentFile.Source.Prompt(String text) ->
                HardPrompt.of(text, session.chat().tokenizer());
            case TournamentFile.Source.Planted(List<String> prompts, List<Double> weights, boolean _) -> {
                List<Mixture.Weighted> atoms = new ArrayList<>();
                for (int i = 0; i < prompts.size(); i++) {
                    atoms.add(new Mixture.Weighted(
                            HardPrompt.of(prompts.get(i), session.chat().tokenizer()), weights.get(i)));
                }
                yield new Mixture(entry.name(), atoms);
            }
            case TournamentFile.Source.Soft(Path folder) ->
                session.soft(folder.toString(), progress).behaviour();
            case TournamentFile.Source.RandomSoft(int tokens, long seed) ->
                new SoftPrompt(entry.name(), tokens + " random vectors", random(tokens, seed), PeftPrompt.Place.SYSTEM);
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
