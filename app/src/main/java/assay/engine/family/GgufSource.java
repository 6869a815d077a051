package assay.engine.family;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.GgufFile;
import assay.engine.format.LlamaPermutation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Finds Hugging Face weight names in a GGUF file and undoes its row order of queries and keys, if its family has one.
public final class GgufSource {
    private static final String ROPE = "rope_freqs.weight";

    private final GgufFile file;
    private final Family family;

    /// The weights of a file.
    ///
    /// @param family whose names it uses
    public GgufSource(GgufFile file, Family family) {
        this.file = file;
        this.family = family;
    }

    /// Rows of the embedding.
    ///
    /// @throws InputException if there is no embedding
    public int vocabulary() {
        var embedding = file.tensors().get("token_embd.weight");
        if (embedding == null || embedding.shape().size() != 2) {
            throw new InputException("GGUF: expected a tensor token_embd.weight with two axes, found "
                    + (embedding == null ? "none" : embedding.shape()) + " (" + file.path()
                    + "). Is it a language model?");
        }
        return Math.toIntExact(embedding.shape().getFirst());
    }

    /// What each rotary frequency is divided by (Llama 3.1 and later); empty if the file does not say.
    public float[] ropeDivisors() {
        if (!file.tensors().containsKey(ROPE)) {
            return new float[0];
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return Torch.toFloats(file.read(ROPE, Dtype.FLOAT32));
        }
    }

    /// The source of weights for a model of this shape.
    ///
    /// @throws InputException if a tensor has no place in a model of the family
    public WeightSource forConfig(ModelConfig config) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        file.tensors().forEach((name, info) -> {
            if (!name.equals(ROPE)) {
                shapes.put(family.ourName(name).orElseThrow(() -> stranger(name)), info.shape());
            }
        });
        return new Source(file, family, config, shapes);
    }

    private InputException stranger(String name) {
        return new InputException("model: expected tensors of the " + family.gguf() + " family only, found " + name
                + " (" + file.path() + "). Without it it would be another model; this version cannot run it.");
    }

    private record Source(GgufFile file, Family family, ModelConfig config, Map<String, List<Long>> shapes)
            implements WeightSource {
        @Override
        public Tensor read(String name, Dtype dtype) {
            Tensor tensor = file.read(family.ggufName(name), dtype);
            double offset = config.design().normOffset();
            if (offset != 0 && name.endsWith("norm.weight")) {
                // The converter has added it already.
                return tensor.sub(new Scalar(offset));
            }
            if (!family.ggufPermuted()) {
                return tensor;
            }
            if (name.contains("self_attn.q_proj")) {
                return LlamaPermutation.undo(tensor, config.heads().query());
            }
            return name.contains("self_attn.k_proj")
                    ? LlamaPermutation.undo(tensor, config.heads().keyValue())
                    : tensor;
        }
    }
}
