package assay.engine.peft;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A PEFT folder for a tiny model, made in a test and bent as it likes: rank 2, alpha 6, factors of `q_proj`
/// and `v_proj` in two blocks, random numbers.
public final class AdapterFolder {
    static final String PREFIX = "base_model.model.";
    static final String Q0 = "model.layers.0.self_attn.q_proj";
    static final int HIDDEN = 8;
    static final int VOCABULARY = 20;

    private final Path folder;
    private final ObjectNode config = JsonMapper.shared().createObjectNode();
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    private final Random random = new Random(7);

    private AdapterFolder(Path folder) {
        this.folder = folder;
        config.put("peft_type", "LORA").put("base_model_name_or_path", "tiny/llama");
        config.put("r", 2).put("lora_alpha", 6).put("lora_dropout", 0.3);
    }

    /// No modules yet.
    static AdapterFolder empty(Path folder) {
        return new AdapterFolder(folder);
    }

    /// Factors of `q_proj` and `v_proj` in both blocks.
    public static AdapterFolder plain(Path folder) {
        AdapterFolder adapter = empty(folder).config("target_modules", "[\"q_proj\",\"v_proj\"]");
        for (int layer = 0; layer < 2; layer++) {
            adapter.factors("model.layers." + layer + ".self_attn.q_proj", 2);
            adapter.factors("model.layers." + layer + ".self_attn.v_proj", 2);
        }
        return adapter;
    }

    /// Every weight of the tiny model with its shape.
    public static Map<String, List<Long>> modelShapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", List.of((long) VOCABULARY, (long) HIDDEN));
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "model.layers." + layer + ".";
            shapes.put(prefix + "input_layernorm.weight", List.of((long) HIDDEN));
            shapes.put(prefix + "self_attn.q_proj.weight", List.of(8L, 8L));
            shapes.put(prefix + "self_attn.k_proj.weight", List.of(4L, 8L));
            shapes.put(prefix + "self_attn.v_proj.weight", List.of(4L, 8L));
            shapes.put(prefix + "mlp.down_proj.weight", List.of(8L, 12L));
        }
        shapes.put("model.norm.weight", List.of((long) HIDDEN));
        shapes.put("lm_head.weight", List.of((long) VOCABULARY, (long) HIDDEN));
        return shapes;
    }

    /// Sets a field of the configuration, given as JSON.
    public AdapterFolder config(String field, String json) {
        config.set(field, JsonMapper.shared().readTree(json));
        return this;
    }

    AdapterFolder without(String field) {
        config.remove(field);
        return this;
    }

    /// Both factors of a linear layer of the model.
    AdapterFolder factors(String module, long rank) {
        List<Long> weight = modelShapes().getOrDefault(module + ".weight", List.of(8L, 8L));
        tensor(PREFIX + module + ".lora_A.weight", rank, weight.get(1));
        return tensor(PREFIX + module + ".lora_B.weight", weight.get(0), rank);
    }

    /// A bias beside every B there is.
    AdapterFolder factorBiases() {
        for (String name : List.copyOf(values.keySet())) {
            if (name.endsWith(".lora_B.weight")) {
                tensor(name.replace(".weight", ".bias"), java.util.Objects.requireNonNull(shapes.get(name))[0]);
            }
        }
        return this;
    }

    /// A tensor of random numbers under its full name.
    AdapterFolder tensor(String name, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        values.put(name, numbers);
        shapes.put(name, shape);
        return this;
    }

    /// Replaces the numbers of a tensor by one number.
    AdapterFolder fill(String name, float number) {
        java.util.Arrays.fill(numbers(name), number);
        return this;
    }

    AdapterFolder drop(String name) {
        values.remove(name);
        shapes.remove(name);
        return this;
    }

    /// Renames every tensor.
    AdapterFolder rename(String regex, String replacement) {
        for (String name : List.copyOf(values.keySet())) {
            float[] numbers = numbers(name);
            long[] shape = java.util.Objects.requireNonNull(shapes.get(name));
            drop(name);
            String renamed = name.replaceAll(regex, replacement);
            values.put(renamed, numbers);
            shapes.put(renamed, shape);
        }
        return this;
    }

    /// The numbers of a tensor, live.
    float[] numbers(String name) {
        return java.util.Objects.requireNonNull(values.get(name), name);
    }

    /// Writes both files and returns the folder.
    public Path write() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("adapter_config.json"), config.toString());
        try (TensorScope _ = new TensorScope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            values.forEach((name, numbers) ->
                    tensors.put(name, Torch.floats(numbers, java.util.Objects.requireNonNull(shapes.get(name)))));
            SafetensorsWriter.write(folder.resolve("adapter_model.safetensors"), tensors, Map.of("format", "pt"));
        }
        return folder;
    }
}
