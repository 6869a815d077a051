package assay.engine.model;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.Fields;
import assay.engine.format.WeightFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A Hugging Face `config.json`, in transformers 4 and 5 spelling, and what the weights beside it must
/// be. A field that says null says nothing.
///
/// @param root its fields
/// @param family which it names
record ConfigJson(Fields root, Family family) {
    private static final long MOST_BYTES = 1L << 26;
    private static final String HEAD = "lm_head.weight";

    /// @throws InputException if the file is missing, not JSON, or of another family
    static ConfigJson read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new InputException("model: expected config.json, found none (" + path
                    + "). Give a Hugging Face folder or a .gguf file.");
        }
        try {
            JsonNode root = JsonMapper.shared().readTree(SmallFile.bytes(path, MOST_BYTES));
            Fields fields = new Fields("config.json", path, "", said(root));
            return new ConfigJson(fields, Family.of(fields));
        } catch (JacksonException broken) {
            throw new InputException(
                    "config.json: expected JSON, found " + broken.getOriginalMessage() + " (" + path
                            + "). Fetch the file again.",
                    broken);
        } catch (IOException unreadable) {
            throw Refusal.of("config.json", "JSON", Refusal.reason(unreadable), path, "Fetch the file again.");
        }
    }

    private static JsonNode said(JsonNode node) {
        return node instanceof ObjectNode object ? object.removeIf(JsonNode::isNull) : node;
    }

    /// The shape of the model.
    ///
    /// @throws InputException if a size is missing, a field has another type, or a setting cannot be run
    ModelConfig config() {
        requirePlain();
        int hidden = root.count("hidden_size");
        int queryHeads = root.count("num_attention_heads");
        return new ModelConfig(
                root.count("vocab_size"),
                hidden,
                root.count("intermediate_size"),
                root.count("num_hidden_layers"),
                new ModelConfig.Heads(
                        queryHeads,
                        root.count("num_key_value_heads", queryHeads),
                        root.count("head_dim", hidden / queryHeads)),
                root.positive("rms_norm_eps", 1e-6),
                rope(),
                root.count("max_position_embeddings", 2048));
    }

    /// Refuses settings that would run, but with wrong numbers.
    private void requirePlain() {
        String activation = root.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw new InputException("model: expected hidden_act silu, found " + activation + " (" + root.path()
                    + "). This version cannot run it.");
        }
        if (root.positive("partial_rotary_factor", 1) != 1) {
            throw root.wrong("partial_rotary_factor", "1");
        }
        if (root.has("quantization_config")) {
            throw new InputException("model: expected plain weights, found quantised ones (quantization_config in "
                    + root.path() + "). Give the 16-bit original or a .gguf file.");
        }
    }

    private Rope rope() {
        Fields scaling = rope(root.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        double theta = scaling.positive("rope_theta", root.positive("rope_theta", 10_000));
        String type = scaling.text("rope_type", scaling.text("type", ""));
        if (type.isEmpty() && scaling.has("factor")) {
            throw scaling.wrong("rope_type", "given beside a factor");
        }
        return new Rope(
                theta,
                switch (type) {
                    case "default", "" -> new Rope.Scaling.None();
                    case "linear" -> new Rope.Scaling.Linear(scaling.positive("factor"));
                    case "llama3" -> llama3(scaling);
                    default ->
                        throw new InputException("model: expected rope type default, linear or llama3, found " + type
                                + " (" + root.path() + "). This version cannot run it.");
                });
    }

    private Fields rope(String field) {
        Fields rope = root.object(field, ".");
        return new Fields(rope.subject(), rope.path(), rope.prefix(), said(rope.node()));
    }

    private static Rope.Scaling llama3(Fields scaling) {
        double low = scaling.positive("low_freq_factor");
        double high = scaling.positive("high_freq_factor");
        if (high <= low) {
            throw scaling.wrong("high_freq_factor", "above low_freq_factor");
        }
        return new Rope.Scaling.Llama3(
                scaling.positive("factor"), low, high, scaling.positive("original_max_position_embeddings"));
    }

    /// The weights of the folder, once configuration and file agree; sizes are compared first.
    ///
    /// @param config of this file
    /// @param folder for messages
    /// @throws InputException if they disagree
    Weights.Source source(ModelConfig config, WeightFile file, Path folder) {
        file.requireFilled("model", folder);
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        file.tensors().forEach((name, info) -> shapes.put(name, info.shape()));
        Fit.shapes(config, shapes);
        shapes.keySet().removeIf(name -> name.endsWith("_proj.bias") && !hasBias(name) && isZero(file, name));
        requireAgreement(config, shapes.keySet());
        if (isTied() && shapes.remove(HEAD) != null && !areEqual(file)) {
            throw disagreement("lm_head.weight to be the embedding, as tie_word_embeddings is true", "another");
        }
        return new Source(file, shapes);
    }

    private boolean isTied() {
        return root.flag("tie_word_embeddings", false);
    }

    private static boolean areEqual(WeightFile file) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return file.read(HEAD, Dtype.FLOAT32).equal(file.read("model.embed_tokens.weight", Dtype.FLOAT32));
        }
    }

    /// Refuses a file that has a head or biases where the configuration says that there are none, and
    /// the reverse: transformers would leave them out, or begin them at random.
    private void requireAgreement(ModelConfig config, Set<String> stored) {
        if (!isTied() && !stored.contains(HEAD)) {
            throw disagreement(HEAD + ", as tie_word_embeddings is false", "none");
        }
        for (int index = 0; index < config.layers(); index++) {
            for (String module : config.linearShapes().keySet()) {
                String bias = ModelConfig.layer(index) + module + ".bias";
                boolean said = hasBias(bias);
                if (stored.contains(bias) != said) {
                    String flag = family.biasFlag(bias);
                    String because = flag.isEmpty() ? " in " + family.architecture() : ", as " + flag + " is " + said;
                    throw disagreement((said ? "" : "no ") + bias + because, said ? "none" : "one");
                }
            }
        }
    }

    private boolean hasBias(String name) {
        String flag = family.biasFlag(name);
        return flag.equals(Family.ALWAYS) || root.flag(flag, false);
    }

    /// Some quantisers leave biases of nothing but zeros behind.
    private static boolean isZero(WeightFile file, String name) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return torch.count_nonzero(file.read(name, Dtype.FLOAT32)).item_long() == 0;
        }
    }

    private InputException disagreement(String expected, String found) {
        return new InputException("model: expected " + expected + ", found " + found + " (" + root.path()
                + "). Correct the field, or fetch configuration and weights again.");
    }

    private record Source(WeightFile file, Map<String, List<Long>> shapes) implements Weights.Source {
        @Override
        public Tensor read(String name, Dtype dtype) {
            return file.read(name, dtype);
        }
    }
}
