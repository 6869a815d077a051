package assay.tasks.session;

import assay.base.tensor.Torch;
import assay.discover.atlas.NearDuplicates;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.SoftPrompt;
import assay.measure.behaviour.WeightedPrompt;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/// What a target is.
public sealed interface TargetSource {
    /// A system prompt.
    record Prompt(String text) implements TargetSource {}

    /// Prompts with weights.
    ///
    /// @param known whether they may be found as they are, because the dictionary holds them
    record Planted(List<WeightedPrompt> atoms, boolean known) implements TargetSource {
        /// The prompts without their weights.
        public List<String> prompts() {
            return atoms.stream().map(WeightedPrompt::prompt).toList();
        }
    }

    /// A soft prompt of PEFT's prompt tuning.
    ///
    /// @param folder of PEFT, or `owner/repo[@revision][/subfolder]` on a hub
    record Soft(String folder) implements TargetSource {}

    /// A soft prompt of so many random vectors.
    record RandomSoft(int tokens, long seed) implements TargetSource {}

    /// Prompts of the mixture that is shown: as many as it was planted from, else five.
    default int listed() {
        return this instanceof Planted planted ? planted.atoms().size() : 5;
    }

    /// Prompts that must not stand for it: those that say the same as a prompt (half of the content words in
    /// common), and those a mixture was planted from, unless they are known.
    default Predicate<String> forbidden() {
        return switch (this) {
            case Prompt(String text) -> NearDuplicates.paraphrasesOf(text);
            case Planted planted ->
                prompt -> !planted.known() && planted.prompts().contains(prompt);
            case Soft _, RandomSoft _ -> _ -> false;
        };
    }

    /// How it behaves; its tensors belong to the caller's scope.
    ///
    /// @param name what to call it
    default Behaviour behaviour(String name, Session session) {
        ChatModel chat = session.chat();
        return switch (this) {
            case Prompt(String text) -> HardPrompt.of(text, chat.tokenizer());
            case Planted(List<WeightedPrompt> atoms, boolean _) ->
                new Mixture(
                        name,
                        atoms.stream()
                                .map(atom -> new Mixture.Weighted(
                                        HardPrompt.of(atom.prompt(), chat.tokenizer()), atom.weight()))
                                .toList());
            case Soft(String folder) -> session.soft(folder).behaviour();
            case RandomSoft(int tokens, long seed) ->
                new SoftPrompt(name, tokens + " random vectors", random(chat, tokens, seed), PeftPrompt.Place.SYSTEM);
        };
    }

    /// Gaussian vectors as long as the model's own token embeddings are on average.
    private static Tensor random(ChatModel chat, int tokens, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = chat.model().hidden();
        int[] sample = random.ints(512, 0, chat.model().vocabulary()).toArray();
        float[] embeddings = Torch.toFloats(chat.model().embed(TokenBatch.of(sample), Overlay.NONE));
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
