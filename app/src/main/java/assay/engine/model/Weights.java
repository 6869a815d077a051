package assay.engine.model;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;

/// The numbers of a model, owned until closed.
final class Weights implements AutoCloseable {
    private final List<Tensor> owned = new ArrayList<>();
    private final Dtype dtype;
    private final Tensor embedding;
    private final Tensor unembedding;
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, List<Long>> biasShapes = new LinkedHashMap<>();
    private final Block.Norm norm;
    private final ModelConfig config;

    /// Where the numbers come from, by Hugging Face name.
    interface Source {
        /// Whether there is a tensor of that name.
        boolean has(String name);

        /// The tensor, owned by the caller's scope.
        Tensor read(String name, Dtype dtype);
    }

    /// Reads every weight once. Closes what it had read when one fails.
    Weights(ModelConfig config, Source source, Dtype dtype) {
        this.config = config;
        this.dtype = dtype;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            embedding = own(checked(source, "model.embed_tokens.weight", Dtype.FLOAT32));
            unembedding =
                    source.has("lm_head.weight") ? own(checked(source, "lm_head.weight", Dtype.FLOAT32)) : embedding;
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
        return new Block.Norm(name, own(checked(source, name + ".weight", Dtype.FLOAT32)), config.rmsNormEpsilon());
    }

    private Linear linear(Source source, String name) {
        Tensor weight = own(checked(source, name + ".weight", dtype));
        if (!source.has(name + ".bias")) {
            return new Linear(name, weight, null);
        }
        List<Long> shape = List.of(weight.size(0));
        biasShapes.put(name + ".bias", shape);
        return new Linear(name, weight, own(checked(source, name + ".bias", shape, dtype)));
    }

    private Tensor checked(Source source, String name, Dtype dtype) {
        return checked(
                source, name, Objects.requireNonNull(config.tensorShapes().get(name)), dtype);
    }

    private static Tensor checked(Source source, String name, List<Long> expected, Dtype dtype) {
        if (!source.has(name)) {
            throw new InputException("model: expected a tensor " + name + ", found none. Is the file complete?");
        }
        Tensor tensor = source.read(name, dtype);
        List<Long> found = new ArrayList<>();
        for (int axis = 0; axis < tensor.dim(); axis++) {
            found.add(tensor.size(axis));
        }
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

    Rope rope() {
        return config.rope();
    }

    ModelConfig.Heads heads() {
        return config.heads();
    }

    /// Every weight of the model with its shape, by Hugging Face name, biases included.
    Map<String, List<Long>> shapes() {
        Map<String, List<Long>> shapes = config.tensorShapes();
        shapes.putAll(biasShapes);
        return shapes;
    }

    @Override
    public void close() {
        owned.forEach(Tensor::releaseReference);
        owned.clear();
    }
}
