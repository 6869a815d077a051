package assay.tasks.session;

import assay.discover.atlas.NearDuplicates;
import assay.measure.behaviour.WeightedPrompt;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// What a target is.
public sealed interface TargetSource {
    /// A system prompt.
    record Prompt(String text) implements TargetSource {}

    /// Prompts with weights.
    ///
    /// @param known whether they may be found as they are, because the dictionary holds them
    record Planted(List<WeightedPrompt> atoms, boolean known) implements TargetSource {
        /// Keeps its own copy.
        public Planted {
            atoms = List.copyOf(atoms);
        }

        public Planted known(boolean isKnown) {
            return new Planted(atoms, isKnown);
        }

        /// The prompts without their weights.
        public List<String> prompts() {
            return atoms.stream().map(WeightedPrompt::prompt).toList();
        }
    }

    /// A PEFT prompt-tuning folder.
    record Soft(Path folder) implements TargetSource {}

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
}
