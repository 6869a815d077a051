package assay.engine.peft;

import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.tensor.TensorScope;
import assay.engine.format.SafetensorsWriter;
import assay.engine.format.Spelling;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Saves soft prompts and LoRA adapters as folders that PEFT loads. Every file appears whole or not at all,
/// the configuration last: a folder that has one is complete.
public final class PeftWriter {
    private static final String PREFIX = "base_model.model.";
    private static final Pattern IN_BLOCK = Pattern.compile("model\\.layers\\.(\\d{1,9})\\.(?:\\w+\\.)*(\\w+)");

    private PeftWriter() {}

    /// Both factors of one linear layer.
    ///
    /// @param a `[rank in]`
    /// @param b `[out rank]`
    public record Lora(Tensor a, Tensor b) {}

    /// Saves a soft prompt, with `assay_slot.json` beside it to say where it sits. PEFT does not read that
    /// file and always puts the prompt in front of all input.
    ///
    /// @param embeddings `[softToken hidden]`, float32
    /// @param baseModel what it was trained on, as PEFT is to load it
    /// @param metadata free texts kept in the header of the tensor file
    /// @throws IllegalArgumentException if there are no soft tokens, too many, or a number is not finite
    /// @throws ResourceException if the disk does not take it
    public static void prompt(
            Path folder, Tensor embeddings, PeftPrompt.Place place, String baseModel, Map<String, String> metadata) {
        requireMatrix(PeftPrompt.TENSOR, embeddings);
        long tokens = embeddings.size(0);
        if (tokens > PeftPromptConfig.MOST_TOKENS) {
            throw new IllegalArgumentException(
                    "soft prompt: expected at most " + PeftPromptConfig.MOST_TOKENS + " tokens, found " + tokens + ".");
        }
        ObjectNode config = config("PROMPT_TUNING", baseModel);
        config.put("num_attention_heads", (Integer) null).put("num_layers", (Integer) null);
        config.put("num_transformer_submodules", 1).put("num_virtual_tokens", tokens);
        config.put("prompt_tuning_init", "RANDOM").put("prompt_tuning_init_text", (String) null);
        config.put("token_dim", embeddings.size(1)).put("tokenizer_kwargs", (String) null);
        config.put("tokenizer_name_or_path", (String) null);
        ObjectNode sidecar = JsonMapper.shared().createObjectNode();
        sidecar.put("schema_version", PeftPrompt.SCHEMA).put("slot", place.slot());
        writeJson(folder.resolve(PeftPrompt.SIDECAR), sidecar);
        write(folder, Map.of(PeftPrompt.TENSOR, embeddings), config, metadata);
    }

    /// Saves a LoRA adapter: `ΔW = alpha/rank · B·A` for every module named.
    ///
    /// @param factors float32 or bfloat16, all of one rank, by the model's name of the linear layer, such as
    /// `model.layers.0.self_attn.q_proj`
    /// @param alpha what `lora_alpha` is to be
    /// @param baseModel what it was trained on, as PEFT is to load it
    /// @param metadata free texts kept in the header of the tensor file
    /// @throws IllegalArgumentException if there are no factors, ranks differ, or a number is not finite
    /// @throws ResourceException if the disk does not take it
    public static void lora(
            Path folder, Map<String, Lora> factors, double alpha, String baseModel, Map<String, String> metadata) {
        long rank = rank(factors);
        if (!Double.isFinite(alpha)) {
            throw new IllegalArgumentException("adapter: expected a finite alpha, found " + alpha + ".");
        }
        ObjectNode config = config("LORA", baseModel);
        config.putObject("alpha_pattern");
        boolean isTurned = factors.keySet().stream().anyMatch(module -> Spelling.isTurned(module + ".weight"));
        config.put("bias", "none").put("fan_in_fan_out", isTurned).put("init_lora_weights", true);
        if (alpha == Math.rint(alpha) && Math.abs(alpha) < Integer.MAX_VALUE) {
            config.put("lora_alpha", (int) alpha);
        } else {
            config.put("lora_alpha", alpha);
        }
        config.put("lora_dropout", 0.0).put("modules_to_save", (String) null).put("r", rank);
        config.putObject("rank_pattern");
        putTargets(config, factors);
        config.put("use_dora", false).put("use_rslora", false);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        factors.forEach((module, lora) -> {
            tensors.put(PREFIX + Spelling.theirs(module) + ".lora_A.weight", lora.a());
            tensors.put(PREFIX + Spelling.theirs(module) + ".lora_B.weight", lora.b());
        });
        write(folder, tensors, config, metadata);
    }

    private static ObjectNode config(String type, String baseModel) {
        ObjectNode config = JsonMapper.shared().createObjectNode();
        config.put("auto_mapping", (String) null).put("base_model_name_or_path", baseModel);
        config.put("inference_mode", true).put("peft_type", type);
        return config.put("revision", (String) null).put("task_type", "CAUSAL_LM");
    }

    /// Kinds of modules and blocks where every kind is in every block named, else every module by its whole
    /// name. Blocks are always named: the last one given need not be the model's last.
    private static void putTargets(ObjectNode config, Map<String, Lora> factors) {
        Map<Long, NavigableSet<String>> kinds = new TreeMap<>();
        for (String module : factors.keySet()) {
            Matcher matcher = IN_BLOCK.matcher(module);
            if (matcher.matches()) {
                kinds.computeIfAbsent(Long.valueOf(matcher.group(1)), _ -> new TreeSet<>())
                        .add(kind(matcher));
            }
        }
        int inBlocks = kinds.values().stream().mapToInt(NavigableSet::size).sum();
        boolean regular =
                inBlocks == factors.size() && kinds.values().stream().distinct().count() == 1;
        ArrayNode targets = config.putArray("target_modules");
        if (regular) {
            kinds.values().iterator().next().forEach(targets::add);
            ArrayNode blocks = config.putArray("layers_to_transform");
            kinds.keySet().forEach(blocks::add);
        } else {
            new TreeSet<>(factors.keySet()).forEach(module -> targets.add(Spelling.theirs(module)));
            config.put("layers_to_transform", (String) null);
        }
    }

    /// The last part of a module's name, or more where two kinds share it (GPT-2's `attn.c_proj` and `mlp.c_proj`).
    private static String kind(Matcher inBlock) {
        String last = inBlock.group(2);
        return last.equals("c_proj") ? inBlock.group().replaceFirst("model\\.layers\\.\\d+\\.", "") : last;
    }

    private static long rank(Map<String, Lora> factors) {
        if (factors.isEmpty()) {
            throw new IllegalArgumentException("adapter: expected factors, found none.");
        }
        long rank = factors.values().iterator().next().a().size(0);
        factors.forEach((module, lora) -> {
            requireMatrix(module + " A", lora.a());
            requireMatrix(module + " B", lora.b());
            if (lora.a().size(0) != rank || lora.b().size(1) != rank || module.equals(PeftName.EMBEDDING)) {
                throw new IllegalArgumentException(
                        "adapter: expected linear layers with factors of rank " + rank + ", found ranks "
                                + lora.a().size(0) + " and " + lora.b().size(1) + " (" + module + ").");
            }
        });
        return rank;
    }

    private static void requireMatrix(String name, Tensor tensor) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            if (tensor.dim() != 2
                    || tensor.numel() == 0
                    || torch.count_nonzero(torch.isfinite(tensor)).item_long() != tensor.numel()) {
                throw new IllegalArgumentException(
                        "PEFT folder: expected a matrix of finite numbers, found otherwise (" + name + ").");
            }
        }
    }

    private static void write(
            Path folder, Map<String, Tensor> tensors, ObjectNode config, Map<String, String> metadata) {
        PeftFolder home = PeftFolder.in(folder);
        Map<String, String> texts = new TreeMap<>(metadata);
        texts.put("format", "pt");
        SafetensorsWriter.write(home.weights(), tensors, texts);
        writeJson(home.config(), config);
    }

    private static void writeJson(Path path, ObjectNode root) {
        String text = JsonMapper.shared()
                        .writer()
                        .with(SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(root) + "\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write("disk", "to write " + path.getFileName(), path, out -> out.write(bytes));
    }
}
