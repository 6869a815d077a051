package assay.engine.model;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The numbers of a model, owned until closed.
final class Weights implements AutoCloseable {
    private static final String ROUGH = "the unembedding in the format of the blocks";
    private final Map<String, Tensor> owned = new HashMap<>();
    private final Dtype dtype;
    private final Tensor embedding;
    private final Tensor unembedding;
    private final Tensor rough;
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, List<Long>> shapes;
    private final Block.Norm norm;
    private final ModelConfig config;

    /// Where the numbers come from, by Hugging Face name.
    interface Source {
        /// The tensors there are, with their shapes.
        Map<String, List<Long>> shapes();

        /// A tensor of finite numbers, owned by the caller's scope.
        Tensor read(String name, Dtype dtype);
    }

    /// Reads every weight once, after all names and shapes have been checked. Closes what it had read
    /// when one fails.
    Weights(ModelConfig config, Source source, Dtype dtype) {
        this.config = config;
        this.dtype = dtype;
        this.shapes = Fit.shapes(config, source.shapes());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            embedding = read(source, "model.embed_tokens.weight", Dtype.FLOAT32);
            boolean isTied = !source.shapes().containsKey("lm_head.weight");
            unembedding = isTied ? embedding : read(source, "lm_head.weight", Dtype.FLOAT32);
            rough = unembedding.to(dtype.scalarType());
            rough.retainReference();
            owned.put(ROUGH, rough);
            for (int index = 0; index < config.layers(); index++) {
                blocks.add(block(source, ModelConfig.layer(index)));
            }
            norm = norm(source, "model.norm");
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private Block block(Source source, String prefix) {
        Attention attention = new Attention(
                linear(source, prefix + "self_attn.q_proj"),
                linear(source, prefix + "self_attn.k_proj"),
                linear(source, prefix + "self_attn.v_proj"),
                linear(source, prefix + "self_attn.o_proj"),
                config.heads());
        Block.FeedForward feedForward = new Block.FeedForward(
                linear(source, prefix + "mlp.gate_proj"),
                linear(source, prefix + "mlp.up_proj"),
                linear(source, prefix + "mlp.down_proj"));
        return new Block(
                norm(source, prefix + "input_layernorm"),
                attention,
                norm(source, prefix + "post_attention_layernorm"),
                feedForward);
    }

    private Block.Norm norm(Source source, String name) {
        return new Block.Norm(name, read(source, name + ".weight", Dtype.FLOAT32), config.rmsNormEpsilon());
    }

    private Linear linear(Source source, String name) {
        Tensor weight = read(source, name + ".weight", dtype);
        boolean isBiased = shapes.containsKey(name + ".bias");
        return new Linear(name, weight, isBiased ? read(source, name + ".bias", dtype) : null);
    }

    private Tensor read(Source source, String name, Dtype dtype) {
        Tensor whole = source.read(name, dtype).contiguous();
        whole.retainReference();
        owned.put(name, whole);
        return whole;
    }

    Dtype dtype() {
        return dtype;
    }

    Tensor embedding() {
        return embedding;
    }

    /// A weight by its Hugging Face name, null if there is none of that name. A tied head is the
    /// embedding.
    @Nullable
    Tensor named(String name) {
        return name.equals("lm_head.weight") ? unembedding : owned.get(name);
    }

    Tensor unembedding() {
        return unembedding;
    }

    /// The unembedding in the format the blocks compute in.
    Tensor roughUnembedding() {
        return rough;
    }

    List<Block> blocks() {
        return blocks;
    }

    Block.Norm norm() {
        return norm;
    }

    Rope rope() {
        return config.rope();
    }

    ModelConfig.Heads heads() {
        return config.heads();
    }

    /// Every weight of the model with its shape, by Hugging Face name, biases included.
    Map<String, List<Long>> shapes() {
        return shapes;
    }

    @Override
    public void close() {
        owned.values().forEach(Tensor::releaseReference);
        owned.clear();
    }
}
