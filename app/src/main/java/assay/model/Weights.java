package assay.model;

import assay.InputException;
import assay.tensor.Dtype;
import assay.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The numbers of a Llama-family model, owned until closed.
final class Weights implements AutoCloseable {
    private final List<Tensor> owned = new ArrayList<>();
    private final Dtype dtype;
    private final Tensor embedding;
    private final Tensor unembedding;
    private final List<Block> blocks = new ArrayList<>();
    private final Block.Norm norm;
    private final Rope.Table rope;

    /// Where the numbers come from, by Hugging Face name.
    interface Source {
        /// Whether there is a tensor of that name.
        boolean has(String name);

        /// The tensor, owned by the caller's scope.
        Tensor read(String name, Dtype dtype);
    }

    /// Reads every weight once. Closes what it had read when one fails.
    Weights(LlamaConfig config, Source source, Dtype dtype) {
        this.dtype = dtype;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            embedding = own(checked(config, source, "model.embed_tokens.weight", dtype));
            String head = source.has("lm_head.weight") ? "lm_head.weight" : "model.embed_tokens.weight";
            unembedding = own(checked(config, source, head, Dtype.FLOAT32));
            for (int index = 0; index < config.layers(); index++) {
                blocks.add(block(config, source, LlamaConfig.layer(index)));
            }
            norm = norm(config, source, "model.norm");
            Rope.Table table =
                    config.rope().table(config.maxPositions(), config.heads().dimension());
            rope = new Rope.Table(
                    own(table.cosine().to(dtype.scalarType())), own(table.sine().to(dtype.scalarType())));
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private Block block(LlamaConfig config, Source source, String prefix) {
        return new Block(
                norm(config, source, prefix + "input_layernorm"),
                linear(config, source, prefix + "self_attn.q_proj"),
                linear(config, source, prefix + "self_attn.k_proj"),
                linear(config, source, prefix + "self_attn.v_proj"),
                linear(config, source, prefix + "self_attn.o_proj"),
                norm(config, source, prefix + "post_attention_layernorm"),
                new Block.FeedForward(
                        linear(config, source, prefix + "mlp.gate_proj"),
                        linear(config, source, prefix + "mlp.up_proj"),
                        linear(config, source, prefix + "mlp.down_proj")),
                config.heads());
    }

    private Block.Norm norm(LlamaConfig config, Source source, String name) {
        return new Block.Norm(name, own(checked(config, source, name + ".weight", dtype)), config.rmsNormEpsilon());
    }

    private Linear linear(LlamaConfig config, Source source, String name) {
        @Nullable Tensor bias = source.has(name + ".bias") ? own(source.read(name + ".bias", dtype)) : null;
        return new Linear(name, own(checked(config, source, name + ".weight", dtype)), bias);
    }

    private static Tensor checked(LlamaConfig config, Source source, String name, Dtype dtype) {
        if (!source.has(name)) {
            throw new InputException("model: expected a tensor " + name + ", found none. Is the file complete?");
        }
        Tensor tensor = source.read(name, dtype);
        List<Long> found = new ArrayList<>();
        for (int axis = 0; axis < tensor.dim(); axis++) {
            found.add(tensor.size(axis));
        }
        List<Long> expected = config.tensorShapes().get(name);
        if (!found.equals(expected)) {
            throw new InputException("model: expected shape " + expected + ", found " + found + " (" + name
                    + "). The configuration and the weights do not belong together.");
        }
        return tensor;
    }

    private Tensor own(Tensor tensor) {
        Tensor whole = tensor.contiguous();
        whole.retainReference();
        owned.add(whole);
        return whole;
    }

    Dtype dtype() {
        return dtype;
    }

    Tensor embedding() {
        return embedding;
    }

    Tensor unembedding() {
        return unembedding;
    }

    List<Block> blocks() {
        return blocks;
    }

    Block.Norm norm() {
        return norm;
    }

    Rope.Table rope() {
        return rope;
    }

    @Override
    public void close() {
        owned.forEach(Tensor::releaseReference);
        owned.clear();
    }
}
