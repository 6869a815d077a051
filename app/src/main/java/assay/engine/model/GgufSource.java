package assay.engine.model;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.engine.format.LlamaPermutation;
import assay.engine.format.MappedWeights;
import org.bytedeco.pytorch.Tensor;

/// Finds Hugging Face weight names in a GGUF file and undoes its row order of queries and keys, if its family has one.
final class GgufSource {
    private final MappedWeights<Object> file;
    private final Family family;

    GgufSource(MappedWeights<Object> file, Family family) {
        this.file = file;
        this.family = family;
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
                return file.tensors().containsKey(family.ggufName(name));
            }

            @Override
            public Tensor read(String name, Dtype dtype) {
                Tensor tensor = file.read(family.ggufName(name), dtype);
                if (!family.ggufPermuted()) {
                    return tensor;
                }
                if (name.contains("self_attn.q_proj")) {
                    return LlamaPermutation.undo(tensor, heads.query());
                }
                return name.contains("self_attn.k_proj") ? LlamaPermutation.undo(tensor, heads.keyValue()) : tensor;
            }
        };
    }
}
