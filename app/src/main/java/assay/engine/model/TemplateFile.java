package assay.engine.model;

import assay.InputException;
import assay.base.run.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The chat template of a Hugging Face folder: `chat_template.jinja`, or the field of `tokenizer_config.json`.
///
/// @param text the template
/// @param source the file it stands in
record TemplateFile(String text, String source) {
    private static final long MOST_BYTES = 1L << 26;

    /// @throws InputException if there is none
    static TemplateFile read(Path folder) {
        Path file = folder.resolve("chat_template.jinja");
        Path config = folder.resolve("tokenizer_config.json");
        List<String> others = new ArrayList<>();
        try {
            if (Files.isRegularFile(file)) {
                return new TemplateFile(SmallFile.text(file, MOST_BYTES), "chat_template.jinja");
            }
            JsonNode field = Files.isRegularFile(config)
                    ? JsonMapper.shared()
                            .readTree(SmallFile.bytes(config, MOST_BYTES))
                            .path("chat_template")
                    : JsonMapper.shared().missingNode();
            if (field.isString()) {
                return in(field.asString());
            }
            for (JsonNode named : field) {
                if (named.path("name").asString("").equals("default")) {
                    return in(named.path("template").asString(""));
                }
                others.add(named.path("name").asString("?"));
            }
        } catch (IOException | JacksonException broken) {
            throw new InputException(
                    "chat template: expected readable JSON, found " + broken.getMessage() + " (" + folder
                            + "). Fetch the file again.",
                    broken);
        }
        throw new InputException("model: expected a chat template, found "
                + (others.isEmpty() ? "none" : "none named default, only " + String.join(", ", others)) + " (" + folder
                + "). Use an instruction-tuned model, or add chat_template.jinja.");
    }

    private static TemplateFile in(String text) {
        return new TemplateFile(text, "tokenizer_config.json");
    }
}
