package assay.engine.model;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.engine.format.LlamaPermutation;
import assay.engine.format.MappedWeights;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// Finds Hugging Face weight names in a Llama GGUF file and undoes its row order of queries and keys.
final class GgufSource {
    private static final Map<String, String> BLOCK = Map.of(
            "input_layernorm", "attn_norm",
            "self_attn.q_proj", "attn_q",
            "self_attn.k_proj", "attn_k",
            "self_attn.v_proj", "attn_v",
            "self_attn.o_proj", "attn_output",
            "post_attention_layernorm", "ffn_norm",
            "mlp.gate_proj", "ffn_gate",
            "mlp.up_proj", "ffn_up",
            "mlp.down_proj", "ffn_down");
    private static final Map<String, String> TOP = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");
    private static final String LAYERS = "model.layers.";

    private final MappedWeights<Object> file;

    GgufSource(MappedWeights<Object> file) {
        this.file = file;
    }

    /// Rows of the embedding.
    ///
    /// @throws InputException if there is no embedding, or if there is a table of rotary frequencies: it is
    /// not read here and would be missed only in the numbers
    int vocabulary() {
        if (file.tensors().containsKey("rope_freqs.weight")) {
            throw new InputException("model: expected plain rotary frequencies, found a table rope_freqs.weight ("
                    + file.path() + "). Give the model's Hugging Face folder instead.");
        }
        var embedding = file.tensors().get("token_embd.weight");
        if (embedding == null || embedding.shape().size() != 2) {
            throw new InputException("GGUF: expected a tensor token_embd.weight with two axes, found "
                    + (embedding == null ? "none" : embedding.shape()) + " (" + file.path()
                    + "). Is it a language model?");
        }
        return Math.toIntExact(embedding.shape().getFirst());
    }

    /// The source of weights for a model with these heads.
    Weights.Source forHeads(ModelConfig.Heads heads) {
        return new Weights.Source() {
            @Override
            public boolean has(String name) {
                return file.tensors().containsKey(ggufName(name));
            }

            @Override
            public Tensor read(String name, Dtype dtype) {
                Tensor tensor = file.read(ggufName(name), dtype);
                if (name.contains("self_attn.q_proj")) {
                    return LlamaPermutation.undo(tensor, heads.query());
                }
                return name.contains("self_attn.k_proj") ? LlamaPermutation.undo(tensor, heads.keyValue()) : tensor;
            }
        };
    }

    /// `model.layers.3.mlp.up_proj.weight` → `blk.3.ffn_up.weight`.
    static String ggufName(String name) {
        if (!name.startsWith(LAYERS)) {
            return TOP.getOrDefault(name, name);
        }
        int dot = name.indexOf('.', LAYERS.length());
        int end = name.lastIndexOf('.');
        String module = name.substring(dot + 1, end);
        return "blk." + name.substring(LAYERS.length(), dot) + "." + BLOCK.getOrDefault(module, module)
                + name.substring(end);
    }
}
