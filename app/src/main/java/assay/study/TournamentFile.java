package assay.study;

import assay.discover.NearDuplicates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// A file of targets for a tournament of search strategies.
///
/// @param targets in the order of the file
record TournamentFile(List<Entry> targets) {
    /// One target.
    ///
    /// @param name of its folder
    /// @param kind the group its figures are summed up in, such as `prompt` or `gibberish`
    /// @param source what it is
    record Entry(String name, String kind, Source source) {}

    /// What a target is.
    sealed interface Source {
        /// A system prompt.
        record Prompt(String text) implements Source {}

        /// Prompts with weights.
        ///
        /// @param known whether they may be found as they are, because the dictionary holds them
        record Planted(List<String> prompts, List<Double> weights, boolean known) implements Source {}

        /// A PEFT prompt-tuning folder.
        record Soft(Path folder) implements Source {}

        /// A soft prompt of so many random vectors.
        record RandomSoft(int tokens, long seed) implements Source {}

        /// Prompts of the mixture that is shown: as many as it was planted from, else five.
        default int listed() {
            return this instanceof Planted planted ? planted.prompts().size() : 5;
        }

        /// Prompts that must not stand for it: those that say the same as a prompt (half of the content words in
        /// common), and those a mixture was planted from, unless they are known.
        default Predicate<String> forbidden() {
            return switch (this) {
                case Prompt(String text) -> NearDuplicates.paraphrasesOf(text);
                case Planted(List<String> prompts, List<Double> _, boolean known) ->
                    prompt -> !known && prompts.contains(prompt);
                case Soft _, RandomSoft _ -> _ -> false;
            };
        }
    }

    /// @throws assay.InputException if the file or one of its targets is not as it should be
    static TournamentFile read(Path path) {
        StudyFile file = new StudyFile(path, "tournament file");
        return new TournamentFile(file.targets((name, node) -> entry(file, name, node)));
    }

    private static Entry entry(StudyFile file, String name, JsonNode node) {
        String kind = node.path("class").asString("");
        if (kind.isEmpty()) {
            throw file.refused("a \"class\"", "none for " + name);
        }
        return new Entry(name, kind, source(file, node, name));
    }

    private static Source source(StudyFile file, JsonNode node, String name) {
        if (node.has("prompt")) {
            return new Source.Prompt(node.path("prompt").asString(""));
        }
        if (node.has("mixture")) {
            List<String> prompts = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            for (JsonNode atom : node.path("mixture")) {
                prompts.add(atom.path("prompt").asString(""));
                weights.add(atom.path("weight").asDouble(0));
            }
            return new Source.Planted(prompts, weights, node.path("known").asBoolean(false));
        }
        if (node.has("soft")) {
            return new Source.Soft(file.beside(node.path("soft").asString("")));
        }
        if (node.has("random_tokens")) {
            return new Source.RandomSoft(
                    node.path("random_tokens").asInt(16), node.path("seed").asLong(0));
        }
        throw file.refused("\"prompt\", \"mixture\", \"soft\" or \"random_tokens\"", "none of them for " + name);
    }
}
