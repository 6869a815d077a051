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

/// A study file: targets to bake, with what is expected of them written down before anything runs.
///
/// @param path where it was read from
/// @param targets in the order of the file
record ZooFile(Path path, List<Entry> targets) {
    private static final Set<String> CLASSES = Set.of("elicitation", "topic", "memorised", "skill", "broad");

    /// One target.
    ///
    /// @param name of its folder
    /// @param kind its class: `elicitation`, `topic`, `memorised`, `skill` or `broad`
    /// @param worksPredicted whether a soft prompt was expected to stand in for it
    /// @param why the reason that was given
    /// @param source what it is baked from
    /// @param form the adapter it is baked into
    /// @param steps most training steps
    record Entry(
            String name,
            String kind,
            boolean worksPredicted,
            String why,
            BakeRun.Source source,
            BakeRun.Form form,
            int steps) {}

    /// @throws InputException if the file or one of its targets is not as it should be
    static ZooFile read(Path path) {
        JsonNode root = tree(path);
        List<Entry> targets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : root.path("targets")) {
            Entry entry = entry(path, node);
            if (!names.add(entry.name())) {
                throw refused("every name once", entry.name() + " twice", path);
            }
            targets.add(entry);
        }
        if (targets.isEmpty()) {
            throw refused("a list \"targets\"", "none", path);
        }
        return new ZooFile(path, targets);
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
        if (!CLASSES.contains(kind)) {
            throw refused("a \"class\" of " + CLASSES.stream().sorted().toList(), kind + " for " + name, path);
        }
        String predicted = node.path("predicted").asString("");
        if (!predicted.equals("works") && !predicted.equals("fails")) {
            throw refused("\"predicted\": works or fails", predicted + " for " + name, path);
        }
        return new Entry(
                name,
                kind,
                predicted.equals("works"),
                node.path("why").asString(""),
                source(path, node, name),
                new BakeRun.Form.Lora(
                        node.path("rank").asInt(8), node.path("alpha").asDouble(16), modules(node)),
                node.path("steps").asInt(0));
    }

    private static BakeRun.Source source(Path path, JsonNode node, String name) {
        String prompt = node.path("prompt").asString("");
        String data = node.path("data").asString("");
        if (prompt.isEmpty() == data.isEmpty()) {
            throw refused("either \"prompt\" or \"data\"", "both or neither for " + name, path);
        }
        Path folder = path.toAbsolutePath().getParent();
        return data.isEmpty()
                ? new BakeRun.Source.Prompt(prompt)
                : new BakeRun.Source.Data(
                        java.util.Objects.requireNonNull(folder).resolve(data));
    }

    private static List<String> modules(JsonNode node) {
        List<String> modules = new ArrayList<>();
        node.path("modules").forEach(module -> modules.add(module.asString("")));
        return modules.isEmpty() ? List.of("q_proj", "v_proj") : List.copyOf(modules);
    }

    private static InputException refused(String expected, String found, Path path) {
        return new InputException(
                "study file: expected " + expected + ", found " + found + " (" + path + "). Correct it.");
    }
}
