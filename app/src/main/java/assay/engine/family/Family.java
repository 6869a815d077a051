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
            new Family(List.of("LlamaForCausalLM"), "llama", LLAMA_NAMES, true, BY_FLAG, NOTHING, Family::plain);

    /// Qwen 2 and 2.5: biases on queries, keys and values; a window in some layers if it is switched on.
    static final Family QWEN2 = new Family(
            List.of("Qwen2ForCausalLM"),
            "qwen2",
            LLAMA_NAMES,
            false,
            Map.of("self_attn.q_proj", ALWAYS, "self_attn.k_proj", ALWAYS, "self_attn.v_proj", ALWAYS),
            NOTHING,
            said -> plain(said).within(said.window()));

    /// Qwen 3: every head of queries and keys is normed.
    static final Family QWEN3 = new Family(
            List.of("Qwen3ForCausalLM"),
            "qwen3",
            with(LLAMA_NAMES, HEAD_NORMS),
            false,
            attentionBiases(),
            "{\"head_dim\": 128}",
            said -> plain(said).with(Design.HeadNorms.EACH).within(said.window()));

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
            Family::gemma3);

    /// Gemma 2: as Gemma 3 without norms of heads and with one rope, but the products of queries and keys are capped, and
    /// the logits are. Every second block has a window.
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
            said -> gemma(said, 46, 50, 30));

    /// Mistral, and the text part of Mistral Small 3: Llama with a window. Its GGUF files mostly say `llama`.
    static final Family MISTRAL = new Family(
            List.of("MistralForCausalLM", "Mistral3ForConditionalGeneration"),
            "mistral3",
            LLAMA_NAMES,
            true,
            Map.of(),
            "{\"num_key_value_heads\": 8}",
            Family::mistral);

    /// SmolLM 3: every fourth block knows no positions.
    static final Family SMOLLM3 = new Family(
            List.of("SmolLM3ForCausalLM"),
            "smollm3",
            LLAMA_NAMES,
            true,
            BY_FLAG,
            "{\"tie_word_embeddings\": true, \"rope_theta\": 2000000, \"num_key_value_heads\": 4}",
            Family::smollm3);

    /// Granite 3: four scales.
    static final Family GRANITE =
            new Family(List.of("GraniteForCausalLM"), "granite", LLAMA_NAMES, true, BY_FLAG, NOTHING, Family::granite);

    /// OLMo 2 and 3: norms behind both layers and none in front, all heads of queries or keys normed together; OLMo 3
    /// has windows, and another rope in blocks without one.
    static final Family OLMO = new Family(
            List.of("Olmo2ForCausalLM", "Olmo3ForCausalLM"),
            "olmo2",
            with(with(without(LLAMA_NAMES, "input_layernorm"), HEAD_NORMS), NORMS_BEHIND),
            false,
            attentionBiases(),
            "{\"rms_norm_eps\": 1e-5}",
            Family::olmo);

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
            said -> plain(said, said.partialRope()).fused().within(said.window()));

    /// All that can be run.
    public static final List<Family> ALL = List.of(LLAMA, QWEN2, QWEN3, GEMMA2, GEMMA3, MISTRAL, SMOLLM3, GRANITE, OLMO, PHI3);

    private static Design plain(Settings said) {
        return plain(said, said.rope());
    }

    private static Design plain(Settings said, Rope rope) {
        return Design.plain(said.heads(), rope).within(said.ropeLimit());
    }

    private static Design gemma3(Settings said) {
        said.requireOff("use_bidirectional_attention");
        return gemma(said, 62, 0, 0)
                .with(Design.HeadNorms.EACH)
                .with(new Design.Ropes(said.rope(), said.windowRope(10_000), said.windowed(6)));
    }

    /// What Gemma 2 and 3 share.
    ///
    /// @param large layers of the size that divides queries by another number, which GGUF files do not tell
    /// @param attentionCap where a GGUF file says nothing
    /// @param logitCap likewise
    private static Design gemma(Settings said, int large, double attentionCap, double logitCap) {
        double otherwise = said.layers() == large
                ? (double) said.hidden() / said.heads().query()
                : said.heads().dimension();
        double asked = said.number("query_pre_attn_scalar", "attention.query_pre_attn_scalar", otherwise);
        Design.Caps caps = new Design.Caps(
                said.cap("attn_logit_softcapping", attentionCap), said.cap("final_logit_softcapping", logitCap));
        return plain(said)
                .normed(Design.Norms.AROUND, 1)
                .activated(Design.Activation.GELU_TANH)
                .with(new Design.Scales(Math.sqrt(said.hidden()), 1, 1 / Math.sqrt(asked), 1, 1, caps))
                .within(said.window());
    }

    private static Design mistral(Settings said) {
        said.requirePlain("llama_4_scaling_beta", "attention.temperature_scale", 0);
        return plain(said).within(said.window());
    }

    private static Design smollm3(Settings said) {
        Rope still = new Rope(1, new Rope.Scaling.Still());
        return plain(said)
                .with(new Design.Ropes(said.rope(), still, said.unrotated(4)))
                .within(said.window());
    }

    private static Design olmo(Settings said) {
        Rope plain = new Rope(said.rope().theta(), new Rope.Scaling.None());
        boolean hasWindow = said.window().tokens() < Integer.MAX_VALUE;
        return plain(said)
                .normed(Design.Norms.AFTER, 0)
                .with(Design.HeadNorms.WHOLE)
                .with(new Design.Ropes(
                        said.rope(),
                        hasWindow ? said.windowRope(plain.theta()) : plain,
                        hasWindow ? said.windowed(4) : _ -> false))
                .within(said.window());
    }

    private static Design granite(Settings said) {
        return plain(said)
                .with(new Design.Scales(
                        1,
                        said.number("embedding_multiplier", "embedding_scale", 1),
                        said.number("attention_multiplier", "attention.scale", 1),
                        said.number("residual_multiplier", "residual_scale", 1),
                        1 / said.number("logits_scaling", "logit_scale", 1),
                        Design.Caps.NONE));
    }

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
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");
    private static final String LAYERS = "model.layers.";

    /// What to call it, such as `Qwen2`.
    public String title() {
        return architectures.getFirst().replaceFirst("For.*", "");
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

    /// `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`.
    public String ggufName(String name) {
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
}
