package assay.engine.family;

import assay.InputException;
import assay.engine.format.Fields;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What one family of models has that others have not: what files call it and its tensors, how its blocks are built
/// ([Design]), and which settings would change its numbers in a way that is not computed here.
///
/// A new family is a constant, an entry in [#ALL], a tiny model made by transformers, and its line in `FamilyTest`.
///
/// @param architectures `architectures` of Hugging Face `config.json` files
/// @param gguf `general.architecture` of a GGUF file, and what its keys begin with
/// @param ggufNames GGUF names of a block's tensors by their Hugging Face names below `model.layers.N.`
/// @param ggufPermuted whether llama.cpp's converter reorders the rows of queries and keys
/// @param biases the field of a `config.json` that says whether a linear layer has a bias, by the
///     layer's name; [#ALWAYS] where the family has it without asking, none where it never has
/// @param defaults what a field of a `config.json` means when it is missing, as JSON
/// @param design how its blocks are built; refuses by name what this version cannot run
public record Family(
        List<String> architectures,
        String gguf,
        Map<String, String> ggufNames,
        boolean ggufPermuted,
        Map<String, String> biases,
        String defaults,
        Function<Settings, Design> design) {
    /// Stands for a field that always says true.
    static final String ALWAYS = "its family";

    private static final String NOTHING = "{}";

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
    private static final Map<String, String> HEAD_NORMS =
            Map.of("self_attn.q_norm", "attn_q_norm", "self_attn.k_norm", "attn_k_norm");
    private static final Map<String, String> EXPERTS = Map.of(
            "mlp.gate", "ffn_gate_inp",
            "mlp.experts.gate_proj", "ffn_gate_exps",
            "mlp.experts.up_proj", "ffn_up_exps",
            "mlp.experts.down_proj", "ffn_down_exps");
    private static final Map<String, String> NORMS_BEHIND = Map.of(
            "post_attention_layernorm", "post_attention_norm",
            "post_feedforward_layernorm", "post_ffw_norm");
    private static final Map<String, String> NORMS_AROUND = Map.of(
            "post_attention_layernorm", "post_attention_norm",
            "pre_feedforward_layernorm", "ffn_norm",
            "post_feedforward_layernorm", "post_ffw_norm");

    /// `attention_bias` is about all four projections, `mlp_bias` about the other three.
    private static final Map<String, String> BY_FLAG = LLAMA_NAMES.keySet().stream()
            .filter(module -> module.endsWith("_proj"))
            .collect(Collectors.toMap(
                    module -> module, module -> module.startsWith("mlp") ? "mlp_bias" : "attention_bias"));

    /// Llama 2 and 3, SmolLM2, and what shares their block.
    static final Family LLAMA =
            new Family(List.of("LlamaForCausalLM"), "llama", LLAMA_NAMES, true, BY_FLAG, NOTHING, Designs::plain);

    /// Qwen 2 and 2.5: biases on queries, keys and values; a window in some layers if it is switched on.
    static final Family QWEN2 = new Family(
            List.of("Qwen2ForCausalLM"),
            "qwen2",
            LLAMA_NAMES,
            false,
            Map.of("self_attn.q_proj", ALWAYS, "self_attn.k_proj", ALWAYS, "self_attn.v_proj", ALWAYS),
            NOTHING,
            said -> Designs.plain(said).within(said.window()));

    /// Qwen 3: every head of queries and keys is normed.
    static final Family QWEN3 = new Family(
            List.of("Qwen3ForCausalLM"),
            "qwen3",
            with(LLAMA_NAMES, HEAD_NORMS),
            false,
            attentionBiases(),
            "{\"head_dim\": 128}",
            said -> Designs.plain(said).with(Design.HeadNorms.EACH).within(said.window()));

    /// Gemma 3, the text part: norms on both sides, of which files hold the weight less one, every head of queries and
    /// keys normed, and another rope in the blocks with a window. transformers leaves out what is as here.
    static final Family GEMMA3 = new Family(
            List.of("Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"),
            "gemma3",
            with(with(LLAMA_NAMES, HEAD_NORMS), NORMS_AROUND),
            false,
            attentionBiases(),
            """
            {"vocab_size": 262208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
             "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "sliding_window": 4096,
             "max_position_embeddings": 131072, "tie_word_embeddings": true, "rope_theta": 1000000,
             "query_pre_attn_scalar": 256, "hidden_activation": "gelu_pytorch_tanh"}""",
            Designs::gemma3);

    /// Gemma 2: as Gemma 3 without norms of heads and with one rope, but the products of queries and
    /// keys are capped, and the logits are. Every second block has a window.
    static final Family GEMMA2 = new Family(
            List.of("Gemma2ForCausalLM"),
            "gemma2",
            with(LLAMA_NAMES, NORMS_AROUND),
            false,
            attentionBiases(),
            """
            {"vocab_size": 256000, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
             "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "sliding_window": 4096,
             "max_position_embeddings": 8192, "tie_word_embeddings": true, "query_pre_attn_scalar": 256,
             "attn_logit_softcapping": 50, "final_logit_softcapping": 30,
             "hidden_activation": "gelu_pytorch_tanh"}""",
            said -> Designs.gemma(said, 46, 50, 30));

    /// Mistral, and the text part of Mistral Small 3: Llama with a window. Its GGUF files mostly say `llama`.
    static final Family MISTRAL = new Family(
            List.of("MistralForCausalLM", "Mistral3ForConditionalGeneration"),
            "mistral3",
            LLAMA_NAMES,
            true,
            Map.of(),
            "{\"num_key_value_heads\": 8}",
            Designs::mistral);

    /// SmolLM 3: every fourth block knows no positions.
    static final Family SMOLLM3 = new Family(
            List.of("SmolLM3ForCausalLM"),
            "smollm3",
            LLAMA_NAMES,
            true,
            BY_FLAG,
            "{\"tie_word_embeddings\": true, \"rope_theta\": 2000000, \"num_key_value_heads\": 4}",
            Designs::smollm3);

    /// Granite 3: four scales.
    static final Family GRANITE =
            new Family(List.of("GraniteForCausalLM"), "granite", LLAMA_NAMES, true, BY_FLAG, NOTHING, Designs::granite);

    /// OLMo 2 and 3: norms behind both layers and none in front, all heads of queries or keys normed together; OLMo 3
    /// has windows, and another rope in blocks without one.
    static final Family OLMO = new Family(
            List.of("Olmo2ForCausalLM", "Olmo3ForCausalLM"),
            "olmo2",
            with(with(without(LLAMA_NAMES, "input_layernorm"), HEAD_NORMS), NORMS_BEHIND),
            false,
            attentionBiases(),
            "{\"rms_norm_eps\": 1e-5}",
            Designs::olmo);

    /// Phi 3, 3.5 and 4 (mini too): queries, keys and values are one matrix, gate and up another.
    static final Family PHI3 = new Family(
            List.of("Phi3ForCausalLM"),
            "phi3",
            Map.of(
                    "input_layernorm", "attn_norm",
                    "self_attn.qkv_proj", "attn_qkv",
                    "self_attn.o_proj", "attn_output",
                    "post_attention_layernorm", "ffn_norm",
                    "mlp.gate_up_proj", "ffn_up",
                    "mlp.down_proj", "ffn_down"),
            false,
            Map.of(),
            "{\"rms_norm_eps\": 1e-5}",
            said -> Designs.plain(said, said.partialRope())
                    .with(Design.Modules.FUSED)
                    .within(said.window()));

    /// Qwen 3 with experts: every place is worked on by the few that a router chooses.
    static final Family QWEN3_MOE = new Family(
            List.of("Qwen3MoeForCausalLM"),
            "qwen3moe",
            with(with(LLAMA_NAMES, HEAD_NORMS), EXPERTS),
            false,
            attentionBiases(),
            "{\"intermediate_size\": 6144, \"moe_intermediate_size\": 768, \"num_experts\": 128,"
                    + " \"num_experts_per_tok\": 8, \"num_key_value_heads\": 4, \"use_sliding_window\": false}",
            said -> Designs.plain(said)
                    .with(Design.HeadNorms.EACH)
                    .with(said.experts())
                    .within(said.window()));

    /// GPT-2: a table of positions, LayerNorms, biases everywhere, no gate, weights stored the other way round.
    static final Family GPT2 = new Family(
            List.of("GPT2LMHeadModel"),
            "gpt2",
            Map.of(
                    "ln_1", "attn_norm",
                    "attn.c_attn", "attn_qkv",
                    "attn.c_proj", "attn_output",
                    "ln_2", "ffn_norm",
                    "mlp.c_fc", "ffn_up",
                    "mlp.c_proj", "ffn_down"),
            false,
            Map.of("attn.c_attn", ALWAYS, "attn.c_proj", ALWAYS, "mlp.c_fc", ALWAYS, "mlp.c_proj", ALWAYS),
            """
            {"vocab_size": 50257, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
             "max_position_embeddings": 1024, "tie_word_embeddings": true, "rms_norm_eps": 1e-5,
             "hidden_act": "gelu_new"}""",
            Designs::gpt2);

    /// GPT-NeoX and Pythia: LayerNorms, biases, no gate, rope on a part of each head, and both layers of a block in
    /// front of the same numbers.
    static final Family NEOX = new Family(
            List.of("GPTNeoXForCausalLM"),
            "gptneox",
            Map.of(
                    "input_layernorm", "attn_norm",
                    "attention.query_key_value", "attn_qkv",
                    "attention.dense", "attn_output",
                    "post_attention_layernorm", "ffn_norm",
                    "mlp.dense_h_to_4h", "ffn_up",
                    "mlp.dense_4h_to_h", "ffn_down"),
            false,
            Map.of(
                    "attention.query_key_value",
                    "attention_bias",
                    "attention.dense",
                    "attention_bias",
                    "mlp.dense_h_to_4h",
                    ALWAYS,
                    "mlp.dense_4h_to_h",
                    ALWAYS),
            "{\"rms_norm_eps\": 1e-5, \"hidden_act\": \"gelu\", \"attention_bias\": true, \"partial_rotary_factor\": 0.25}",
            Designs::neox);

    /// All that can be run.
    public static final List<Family> ALL =
            List.of(LLAMA, QWEN2, QWEN3, GEMMA2, GEMMA3, MISTRAL, SMOLLM3, GRANITE, OLMO, PHI3, QWEN3_MOE, GPT2, NEOX);

    private static Map<String, String> with(Map<String, String> names, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(names);
        all.putAll(others);
        return Map.copyOf(all);
    }

    private static Map<String, String> without(Map<String, String> names, String one) {
        Map<String, String> others = new HashMap<>(names);
        others.remove(one);
        return Map.copyOf(others);
    }

    private static Map<String, String> attentionBiases() {
        return BY_FLAG.entrySet().stream()
                .filter(bias -> bias.getValue().equals("attention_bias"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static final Map<String, String> TOP = Map.of(
            "model.embed_tokens.weight",
            "token_embd.weight",
            ModelConfig.POSITIONS,
            "position_embd.weight",
            "model.norm.weight",
            "output_norm.weight",
            "model.norm.bias",
            "output_norm.bias",
            "lm_head.weight",
            "output.weight");
    private static final String LAYERS = "model.layers.";

    /// What to call it, such as `Qwen2`.
    public String title() {
        return architectures.getFirst().replaceFirst("For.*|LMHead.*", "");
    }

    /// The family a `config.json` names.
    ///
    /// @throws InputException if it is none of ours
    static Family of(Fields config) {
        Path path = config.path();
        String found = config.node().path("architectures").path(0).asString("none");
        return ALL.stream()
                .filter(one -> one.architectures.contains(found))
                .findFirst()
                .orElseThrow(() -> unknown(found, one -> one.architectures.stream(), path, config.has("auto_map")));
    }

    /// The family GGUF metadata names.
    ///
    /// @throws InputException if it is none of ours
    public static Family ofGguf(Map<String, Object> metadata, Path path) {
        String found = String.valueOf(metadata.get("general.architecture"));
        return ALL.stream()
                .filter(one -> one.gguf.equals(found))
                .findFirst()
                .orElseThrow(() -> unknown(found, one -> Stream.of(one.gguf), path, false));
    }

    private static InputException unknown(
            String found, Function<Family, Stream<String>> names, Path path, boolean hasCode) {
        List<String> known = ALL.stream().flatMap(names).toList();
        String list = String.join(", ", known.subList(0, known.size() - 1)) + " or " + known.getLast();
        String near = known.stream()
                .max(Comparator.comparingInt(name -> shared(name, found)))
                .filter(name -> shared(name, found) >= 4)
                .map(name -> " The nearest it runs is " + name + ".")
                .orElse("");
        return new InputException("model: expected architecture " + list + ", found " + found + " (" + path
                + "). This version runs no other family" + (hasCode ? ", and never the code a model brings." : ".")
                + near);
    }

    /// Letters at the beginning of both.
    private static int shared(String one, String other) {
        int most = Math.min(one.length(), other.length());
        return IntStream.range(0, most)
                .filter(i -> one.charAt(i) != other.charAt(i))
                .findFirst()
                .orElse(most);
    }

    /// `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`. Experts share one tensor.
    public String ggufName(String name) {
        if (!name.startsWith(LAYERS)) {
            return TOP.getOrDefault(name, name);
        }
        int dot = name.indexOf('.', LAYERS.length());
        int end = name.lastIndexOf('.');
        String module = name.substring(dot + 1, end).replaceFirst("^mlp\\.experts\\.\\d+\\.", "mlp.experts.");
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
    public Optional<String> ourName(String gguf) {
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
}
