package assay.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

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

    /// @throws assay.InputException if the file or one of its targets is not as it should be
    static ZooFile read(Path path) {
        StudyFile file = new StudyFile(path, "study file");
        return new ZooFile(path, file.targets((name, node) -> entry(file, name, node)));
    }

    private static Entry entry(StudyFile file, String name, JsonNode node) {
        String kind = node.path("class").asString("");
        if (!CLASSES.contains(kind)) {
            throw file.refused("a \"class\" of " + CLASSES.stream().sorted().toList(), kind + " for " + name);
        }
        String predicted = node.path("predicted").asString("");
        if (!predicted.equals("works") && !predicted.equals("fails")) {
            throw file.refused("\"predicted\": works or fails", predicted + " for " + name);
        }
        return new Entry(
                name,
                kind,
                predicted.equals("works"),
                node.path("why").asString(""),
                source(file, node, name),
                new BakeRun.Form.Lora(
                        node.path("rank").asInt(8), node.path("alpha").asDouble(16), modules(node)),
                node.path("steps").asInt(0));
    }

    private static BakeRun.Source source(StudyFile file, JsonNode node, String name) {
        String prompt = node.path("prompt").asString("");
        String data = node.path("data").asString("");
        if (prompt.isEmpty() == data.isEmpty()) {
            throw file.refused("either \"prompt\" or \"data\"", "both or neither for " + name);
        }
        return data.isEmpty() ? new BakeRun.Source.Prompt(prompt) : new BakeRun.Source.Data(file.beside(data));
    }

    private static List<String> modules(JsonNode node) {
        List<String> modules = new ArrayList<>();
        node.path("modules").forEach(module -> modules.add(module.asString("")));
        return modules.isEmpty() ? List.of("q_proj", "v_proj") : List.copyOf(modules);
    }
}
