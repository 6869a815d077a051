package assay.engine.model;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.family.Design;
import assay.engine.family.Fit;
import assay.engine.family.ModelConfig;
import assay.engine.family.Rope;
import assay.engine.family.WeightSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /// Reads every weight once, after all names and shapes have been checked. Closes what it had read
    /// when one fails.
    Weights(ModelConfig config, WeightSource source, Dtype dtype) {
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
            norm = norm(source, "model.norm", config.design().scales().logits());
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private Block block(WeightSource source, String prefix) {
        Design.Norms names = config.design().norms();
        Block.Norms norms = new Block.Norms(
                norm(source, prefix, names.beforeAttention),
                norm(source, prefix, names.afterAttention),
                norm(source, prefix, names.beforeFeedForward),
                norm(source, prefix, names.afterFeedForward));
        return new Block(
                norms,
                attention(source, prefix + "self_attn."),
                feedForward(source, prefix + "mlp."),
                config.design().scales().residual());
    }

    private Attention attention(WeightSource source, String prefix) {
        ModelConfig.Heads heads = config.heads();
        long queries = heads.queryWidth();
        long keys = (long) heads.keyValue() * heads.dimension();
        List<Linear> projections = config.design().isFused()
                ? parts(linear(source, prefix + "qkv_proj"), queries, keys, keys)
                : linears(source, prefix, "q_proj", "k_proj", "v_proj");
        boolean isNormed = config.design().headNorms() != Design.HeadNorms.NONE;
        return new Attention(
                projections.get(0),
                projections.get(1),
                projections.get(2),
                linear(source, prefix + "o_proj"),
                heads,
                norm(source, prefix, isNormed ? "q_norm" : ""),
                norm(source, prefix, isNormed ? "k_norm" : ""),
                new Attention.Products(
                        config.design().scales().attention(),
                        config.design().scales().caps().attention()));
    }

    private Block.FeedForward feedForward(WeightSource source, String prefix) {
        long width = config.intermediate();
        List<Linear> opening = config.design().isFused()
                ? parts(linear(source, prefix + "gate_up_proj"), width, width)
                : linears(source, prefix, "gate_proj", "up_proj");
        return new Block.FeedForward(
                opening.get(0),
                opening.get(1),
                linear(source, prefix + "down_proj"),
                config.design().activation());
    }

    private List<Linear> linears(WeightSource source, String prefix, String... names) {
        return Stream.of(names).map(name -> linear(source, prefix + name)).toList();
    }

    /// One layer as many, each with so many of its outputs.
    private static List<Linear> parts(Linear whole, long... counts) {
        List<Linear> parts = new ArrayList<>();
        long from = 0;
        for (long count : counts) {
            parts.add(new Linear(whole.name(), whole.weight(), whole.bias(), new Linear.Part(from, count)));
            from += count;
        }
        return parts;
    }

    private Optional<Block.Norm> norm(WeightSource source, String prefix, String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(norm(source, prefix + name, 1));
    }

    private Block.Norm norm(WeightSource source, String name, double factor) {
        Tensor weight = read(source, name + ".weight", Dtype.FLOAT32);
        return new Block.Norm(
                name, weight, config.rmsNormEpsilon(), config.design().normOffset(), factor);
    }

    private Linear linear(WeightSource source, String name) {
        Tensor weight = read(source, name + ".weight", dtype);
        boolean isBiased = shapes.containsKey(name + ".bias");
        return new Linear(name, weight, isBiased ? read(source, name + ".bias", dtype) : null);
    }

    private Tensor read(WeightSource source, String name, Dtype dtype) {
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

    /// The rope of every block.
    List<Rope> ropes() {
        return IntStream.range(0, config.layers())
                .mapToObj(config.design().ropes()::of)
                .toList();
    }

    /// What input embeddings are multiplied with in front of the first block.
    double inputScale() {
        return config.design().scales().input();
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
