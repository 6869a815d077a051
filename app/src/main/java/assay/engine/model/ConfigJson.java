package assay.engine.model;

import assay.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a Hugging Face `config.json`, in transformers 4 and 5 spelling.
final class ConfigJson {
    private final Path path;
    private final JsonNode root;

    private ConfigJson(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /// @throws InputException if the file is missing, not JSON, of another family, or lacks a size
    static ModelConfig read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new InputException("model: expected config.json, found none (" + path
                    + "). Give a Hugging Face folder or a .gguf file.");
        }
        try {
            return new ConfigJson(path, JsonMapper.shared().readTree(path)).config();
        } catch (JacksonException broken) {
            throw new InputException(
                    "config.json: expected JSON, found " + broken.getOriginalMessage() + " (" + path
                            + "). Fetch the file again.",
                    broken);
        }
    }

    private ModelConfig config() {
        Family.of(root, path);
        int hidden = size("hidden_size");
        int queryHeads = size("num_attention_heads");
        int keyValueHeads = root.path("num_key_value_heads").isNumber() ? size("num_key_value_heads") : queryHeads;
        int dimension = root.path("head_dim").isNumber() ? size("head_dim") : hidden / queryHeads;
        requireActivation();
        return new ModelConfig(
                size("vocab_size"),
                hidden,
                size("intermediate_size"),
                size("num_hidden_layers"),
                new ModelConfig.Heads(queryHeads, keyValueHeads, dimension),
                root.path("rms_norm_eps").asDouble(1e-6),
                rope(),
                root.path("max_position_embeddings").asInt(2048));
    }

    private void requireActivation() {
        String activation = root.path("hidden_act").asString("silu");
        if (!activation.equals("silu")) {
            throw new InputException("model: expected hidden_act silu, found " + activation + " (" + path
                    + "). This version cannot run it.");
        }
    }

    private int size(String field) {
        JsonNode node = root.path(field);
        if (!node.isInt() || node.asInt() <= 0) {
            throw new InputException("config.json: expected a positive " + field + ", found "
                    + (node.isMissingNode() ? "none" : node.toString()) + " (" + path + "). Fetch the file again.");
        }
        return node.asInt();
    }

    private Rope rope() {
        JsonNode parameters = root.path("rope_parameters");
        JsonNode scaling = parameters.isObject() ? parameters : root.path("rope_scaling");
        double theta =
                parameters.path("rope_theta").asDouble(root.path("rope_theta").asDouble(10_000));
        @Nullable
        String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
        return new Rope(
                theta,
                switch (type) {
                    case "default" -> new Rope.Scaling.None();
                    case "linear" ->
                        new Rope.Scaling.Linear(scaling.path("factor").asDouble());
                    case "llama3" ->
                        new Rope.Scaling.Llama3(
                                scaling.path("factor").asDouble(),
                                scaling.path("low_freq_factor").asDouble(),
                                scaling.path("high_freq_factor").asDouble(),
                                scaling.path("original_max_position_embeddings").asDouble());
                    default ->
                        throw new InputException("model: expected rope type default, linear or llama3, found " + type
                                + " (" + path + "). This version cannot run it.");
                });
    }
}
