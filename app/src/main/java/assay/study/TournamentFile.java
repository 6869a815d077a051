package assay.study;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
        record Planted(List<String> prompts, List<Double> weights) implements Source {}

        /// A PEFT prompt-tuning folder.
        record Soft(Path folder) implements Source {}

        /// A soft prompt of so many random vectors.
        record RandomSoft(int tokens, long seed) implements Source {}
    }

    /// @throws InputException if the file or one of its targets is not as it should be
    static TournamentFile read(Path path) {
        List<Entry> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : tree(path).path("targets")) {
            Entry entry = entry(path, node);
            if (!names.add(entry.name())) {
                throw refused("every name once", entry.name() + " twice", path);
            }
            targets.add(entry);
        }
        if (targets.isEmpty()) {
            throw refused("a list \"targets\"", "none", path);
        }
        return new TournamentFile(List.copyOf(targets));
    }

    private static JsonNode tree(Path path) {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(path));
        } catch (JacksonException malformed) {
            throw refused("JSON", String.valueOf(malformed.getOriginalMessage()), path);
        } catch (IOException unreadable) {
            throw refused("a readable file", unreadable.getClass().getSimpleName(), path);
        }
    }

    private static Entry entry(Path path, JsonNode node) {
        String name = node.path("name").asString("");
        if (!name.matches("[a-z0-9][a-z0-9-]{0,60}")) {
            throw refused("a \"name\" of small letters, digits and hyphens", name.isEmpty() ? "none" : name, path);
        }
        String kind = node.path("class").asString("");
        if (kind.isEmpty()) {
            throw refused("a \"class\"", "none for " + name, path);
        }
        return new Entry(name, kind, source(path, node, name));
    }

    private static Source source(Path path, JsonNode node, String name) {
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
            return new Source.Planted(prompts, weights);
        }
        if (node.has("soft")) {
            Path folder = path.toAbsolutePath().getParent();
            return new Source.Soft(java.util.Objects.requireNonNull(folder)
                    .resolve(node.path("soft").asString("")));
        }
        if (node.has("random_tokens")) {
            return new Source.RandomSoft(
                    node.path("random_tokens").asInt(16), node.path("seed").asLong(0));
        }
        throw refused("\"prompt\", \"mixture\", \"soft\" or \"random_tokens\"", "none of them for " + name, path);
    }

    private static InputException refused(String expected, String found, Path path) {
        return new InputException(
                "tournament file: expected " + expected + ", found " + found + " (" + path + "). Correct it.");
    }
}
