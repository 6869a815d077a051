package assay.study;

import assay.InputException;
import assay.predicates.PredicateSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A file of predicates; its fields are explained in `examples/verdict/PREDICATES.md`.
public final class PredicateFile {
    /// Fewest user turns on which figures are measured.
    private static final int FEWEST_TEST_TURNS = 8;

    private static final Set<String> FIELDS = Set.of("name", "prompt", "category", "true", "false", "say", "starts");

    private final StudyFile file;

    private PredicateFile(StudyFile file) {
        this.file = file;
    }

    /// Reads one.
    ///
    /// @throws InputException if the file or one of its predicates is not as it should be
    public static List<PredicateSpec> read(Path path) {
        return new PredicateFile(new StudyFile(path, "predicate file")).specs();
    }

    private List<PredicateSpec> specs() {
        JsonNode turns = file.tree().path("turns");
        PredicateSpec.Turns parts =
                new PredicateSpec.Turns(texts(turns, "search"), texts(turns, "fit"), texts(turns, "test"));
        if (parts.test().size() < FEWEST_TEST_TURNS) {
            throw file.refused(
                    "at least " + FEWEST_TEST_TURNS + " user turns to test",
                    Integer.toString(parts.test().size()));
        }
        return file.targets((name, node) -> spec(name, node, parts));
    }

    private PredicateSpec spec(String name, JsonNode node, PredicateSpec.Turns turns) {
        for (String field : node.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw file.refused("fields " + FIELDS.stream().sorted().toList(), "\"" + field + "\" for " + name);
            }
        }
        return new PredicateSpec(
                name,
                node.path("prompt").asString(""),
                node.path("category").asString(""),
                texts(node, "true"),
                texts(node, "false"),
                node.path("say").asString(""),
                texts(node, "starts"),
                turns);
    }

    private List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : node.path(field)) {
            if (!text.isString()) {
                throw file.refused("texts in \"" + field + "\"", text.toString());
            }
            texts.add(text.asString());
        }
        return texts;
    }
}
