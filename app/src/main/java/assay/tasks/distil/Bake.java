package assay.tasks.distil;

import assay.train.Trainer;
import java.nio.file.Path;
import java.util.List;

/// What to bake: an adapter or a soft prompt of which it is known what it should do, because it learns what the model
/// does under a prompt (context distillation, arXiv 2209.15189), or answers that were written down.
///
/// @param source what it learns
/// @param form what learns it
/// @param steps most training steps, at least one
/// @param seed of every random choice
public record Bake(Source source, StudentForm form, int steps, long seed) {
    /// Checks the steps: without any, what is left behind would change nothing.
    public Bake {
        if (steps < 1) {
            throw new IllegalArgumentException("bake: expected at least one step, found " + steps);
        }
    }

    /// What to bake from.
    public sealed interface Source {
        /// A system prompt.
        record Prompt(String text) implements Source {}

        /// A JSONL file of examples.
        record Data(Path file) implements Source {}

        /// So many answers sampled under a system prompt: what another seed draws makes a second run of one recipe.
        record Sampled(String prompt, int count) implements Source {}
    }

    /// How it is trained. Rates differ, since an adapter starts at zero and a soft prompt at words.
    Distil.Options options() {
        double rate = form instanceof StudentForm.Lora ? 0.005 : 0.04;
        Trainer.Options training = new Trainer.Options(8, steps, rate, 5, 1, 10, 6, seed);
        return new Distil.Options(Distil.Purpose.BAKE, form, training, 0, List.of());
    }
}
