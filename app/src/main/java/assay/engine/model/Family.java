package assay.engine.model;

import assay.InputException;
import assay.engine.format.Fields;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What one family of models has that others have not: what files call it and its tensors, and which
/// settings would change its numbers in a way that is not computed here. All share one block: norms before
/// attention and a gated feed-forward layer, rotary positions, biases where the file has them.
///
/// A new family is a constant, an entry in [#ALL], a tiny model made by transformers, and its line in `TinyModelsTest`.
///
/// @param architecture `architectures` of a Hugging Face `config.json`
/// @param gguf `general.architecture` of a GGUF file, and what its keys begin with
/// @param ggufNames GGUF names of a block's tensors by their Hugging Face names below `model.layers.N.`
/// @param ggufPermuted whether llama.cpp's converter reorders the rows of queries and keys
/// @param biases the field of a `config.json` that says whether a linear layer has a bias, by the
///     layer's name; [#ALWAYS] where the family has it without asking, none where it never has
/// @param unsupported what in a `config.json` this version cannot run, in words, if there is such a thing
record Family(
        String architecture,
        String gguf,
        Map<String, String> ggufNames,
        boolean ggufPermuted,
        Map<String, String> biases,
        Function<Fields, Optional<String>> unsupported) {
    /// Stands for a field that always says true.
    static final String ALWAYS = "its family";

    private static final Map<String, String> LLAMA_NAMES = Map.of(
            "input_layernorm", "attn_norm",
            "self_attn.q_proj", "attn_q",
            "self_attn.k_proj", "attn_k",
            "self_attn.v_proj", "attn_v",
            "self_attn.o_proj", "attn_output",
            "post_attention_layernorm", "ffn_norm",
            "mlp.gate_proj", "ffn_gate",
            "mlp.up_proj", "ffn_up",
            "mlp.down_proj", "ffn_down");

    /// Llama 2 and 3, SmolLM2, and what shares their block.
    static final Family LLAMA = new Family(
            "LlamaForCausalLM",
            "llama",
            LLAMA_NAMES,
            true,
            LLAMA_NAMES.keySet().stream()
                    .filter(module -> module.endsWith("_proj"))
                    .collect(Collectors.toMap(
                            module -> module, module -> module.startsWith("mlp") ? "mlp_bias" : "attention_bias")),
            _ -> Optional.empty());

    /// Qwen 2 and 2.5: biases on queries, keys and values; a window in some layers if it is switched on.
    static final Family QWEN2 = new Family(
            "Qwen2ForCausalLM",
            "qwen2",
            LLAMA_NAMES,
            false,
            Map.of("self_attn.q_proj", ALWAYS, "self_attn.k_proj", ALWAYS, "self_attn.v_proj", ALWAYS),
            Family::slidingWindow);

    /// All that can be run.
    static final List<Family> ALL = List.of(LLAMA, QWEN2);

    private static final Map<String, String> TOP = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");
    private static final String LAYERS = "model.layers.";

    /// The family a `config.json` names.
    ///
    /// @throws InputException if it is none of ours, or one with a setting that this version cannot run
    static Family of(Fields config) {
        Path path = config.path();
        String found = config.node().path("architectures").path(0).asString("none");
        Family family = ALL.stream()
                .filter(one -> one.architecture.equals(found))
                .findFirst()
                .orElseThrow(() -> unknown(found, Family::architecture, path));
        family.unsupported.apply(config).ifPresent(setting -> {
            throw new InputException("model: expected a plain " + family.architecture + ", found " + setting + " ("
                    + path + "). This version cannot run it.");
        });
        return family;
    }

    /// The family GGUF metadata names.
    ///
    /// @throws InputException if it is none of ours
    static Family ofGguf(Map<String, Object> metadata, Path path) {
        String found = String.valueOf(metadata.get("general.architecture"));
        return ALL.stream()
                .filter(one -> one.gguf.equals(found))
                .findFirst()
                .orElseThrow(() -> unknown(found, Family::gguf, path));
    }

    private static InputException unknown(String found, Function<Family, String> name, Path path) {
        String known = String.join(" or ", ALL.stream().map(name).toList());
        return new InputException("model: expected architecture " + known + ", found " + found + " (" + path
                + "). This version runs no other family.");
    }

    /// `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`.
    String ggufName(String name) {
        if (!name.startsWith(LAYERS)) {
            return TOP.getOrDefault(name, name);
        }
        int dot = name.indexOf('.', LAYERS.length());
        int end = name.lastIndexOf('.');
        String module = name.substring(dot + 1, end);
        return "blk." + name.substring(LAYERS.length(), dot) + "." + ggufNames.getOrDefault(module, module)
                + name.substring(end);
    }

    /// The field that says whether a bias such as `model.layers.3.mlp.up_proj.bias` is there; empty if it never is.
    String biasFlag(String name) {
        return biases.entrySet().stream()
                .filter(bias -> name.endsWith("." + bias.getKey() + ".bias"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
    }

    /// `blk.3.ffn_up.weight` → `model.layers.3.mlp.up_proj.weight`; nothing for a name that is none of
    /// a block's.
    Optional<String> ourName(String gguf) {
        for (Map.Entry<String, String> top : TOP.entrySet()) {
            if (top.getValue().equals(gguf)) {
                return Optional.of(top.getKey());
            }
        }
        String[] parts = gguf.split("\\.", -1);
        return ggufNames.entrySet().stream()
                .filter(name -> parts.length == 4
                        && parts[0].equals("blk")
                        && name.getValue().equals(parts[2]))
                .map(name -> LAYERS + parts[1] + "." + name.getKey() + "." + parts[3])
                .findFirst();
    }

    private static Optional<String> slidingWindow(Fields config) {
        boolean windowed = config.flag("use_sliding_window", false)
                && config.number("max_window_layers", 0) < config.number("num_hidden_layers", 0);
        return windowed ? Optional.of("a sliding window in some layers (use_sliding_window)") : Optional.empty();
    }
}
