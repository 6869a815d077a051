package assay.tasks.talk;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import assay.engine.format.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A list of prompts that was changed by hand, as a file beside the report it came from.
final class MixtureFile {
    private static final int SCHEMA = 1;
    private static final int MOST = 10_000;

    private MixtureFile() {}

    /// Writes a list under a name that is not taken.
    ///
    /// @param folder of the run
    /// @return the file, `mixture-2.json` for example
    static Path save(Path folder, String json) {
        for (int number = 1; number <= MOST; number++) {
            Path file = folder.resolve("mixture-" + number + ".json");
            if (!Files.exists(file)) {
                AtomicFiles.write(file, json);
                return file;
            }
        }
        throw Refusal.of("mixture", "at most " + MOST + " saved ones", "as many", folder, "Remove some.");
    }

    /// A list as JSON.
    ///
    /// @param of what it stands for
    /// @param figures on the search split, if they are known
    static String json(PromptList prompts, Map<String, @Nullable Object> of, Optional<Figures> figures) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("schema_version", SCHEMA);
        root.put("command", "mixture");
        root.putAll(of);
        root.put("mixture", prompts.parts().stream().map(MixtureFile::fields).toList());
        figures.ifPresent(known -> root.put("search_split", fields(known)));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static Map<String, Object> fields(PromptList.Part part) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("prompt", part.text());
        fields.put("weight", part.weight());
        fields.put("on", part.isOn());
        return fields;
    }

    private static Map<String, @Nullable Object> fields(Figures figures) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("closed", figures.closed().value());
        fields.put("ci", List.of(figures.closed().low(), figures.closed().high()));
        fields.put("own", Double.isFinite(figures.own().value()) ? figures.own().value() : null);
        fields.put("search_closed", figures.search());
        fields.put("kl_base", figures.klBase());
        fields.put("kl_mixture", figures.klMixture());
        return fields;
    }

    /// Reads a list back.
    ///
    /// @throws InputException if the file holds none
    static PromptList read(Path file) {
        return prompts(JsonFile.readObject(file), file);
    }

    /// The list in a report or a saved mixture.
    ///
    /// @throws InputException if there is none
    static PromptList prompts(JsonNode root, Path where) {
        JsonNode mixture = root.path("mixture");
        if (!mixture.isArray()) {
            throw Refusal.of("mixture", "a list \"mixture\"", "none", where, "Name a report or a saved mixture.");
        }
        List<PromptList.Part> parts = new ArrayList<>();
        for (JsonNode part : mixture) {
            JsonNode weight = part.path("weight");
            if (!part.path("prompt").isString() || !weight.isNumber()) {
                throw Refusal.of(
                        "mixture",
                        "a prompt and its weight",
                        part.toString(),
                        where,
                        "Correct the file, or explain again.");
            }
            boolean isOn = part.path("on").asBoolean(true);
            parts.add(new PromptList.Part(part.path("prompt").asString(), weight.asDouble(Double.NaN), isOn));
        }
        return new PromptList(parts);
    }
}
