package assay.engine.model;

import assay.base.tensor.Device;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The numbers of a model, owned until closed.
final class Weights implements AutoCloseable {
    private static final String ROUGH = "the unembedding in the format of the blocks";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";
    private static final Set<String> TABLES = Set.of(EMBEDDING, HEAD);
    private final Map<String, Tensor> owned = new HashMap<>();
    /// Parts of layers that are not kept whole, by name.
    private final Map<String, List<Linear>> apart = new HashMap<>();
    /// In which matrices of the blocks are kept, by name.
    private final Map<String, Dtype> formats = new HashMap<>();
    private final Dtype dtype;
    private final Device device;
    private final boolean isTied;
    /// Copies of weights that are elsewhere, in the CPU's memory.
    private final Map<Tensor, Tensor> homes = new ConcurrentHashMap<>();
    private final Tensor embedding;
    private final Tensor unembedding;
    private final Tensor rough;
    private final List<Block> blocks = new ArrayList<>();
    private final Map<String, List<Long>> shapes;
    private final Block.Norm norm;
    private final @Nullable Tensor positions;
    private final ModelConfig config;

    /// Reads every weight once, after all names and shapes have been checked. Closes what it had read
    /// when one fails.
    ///
    /// @param device they are brought to
    Weights(ModelConfig config, WeightSource source, Dtype dtype, Device device) {
        this.config = config;
        this.dtype = dtype;
        this.device = device;
        this.shapes = Fit.shapes(config, source.shapes());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            embedding = table(source, EMBEDDING);
            isTied = !source.shapes().containsKey(HEAD);
            unembedding = isTied ? embedding : table(source, HEAD);
            rough = isRoughApart() ? own(ROUGH, unembedding.to(dtype.scalarType())) : unembedding;
            for (int index = 0; index < config.layers(); index++) {
                try (TensorScope _ = new TensorScope()) {
                    blocks.add(block(source, index));
                }
            }
            norm = norm(source, "model.norm", config.design().scales().logits());
            boolean hasTable = config.design().ropes().hasTable();
            positions = hasTable ? read(source, ModelConfig.POSITIONS, Dtype.FLOAT32) : null;
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    private Block block(WeightSource source, int index) {
        String prefix = ModelConfig.layer(index);
        Design.Norms names = config.design().norms();
        Block.Norms norms = new Block.Norms(
                norm(source, prefix, names.beforeAttention),
                norm(source, prefix, names.afterAttention),
                norm(source, prefix, names.beforeFeedForward),
                norm(source, prefix, names.afterFeedForward),
                names.isParallel());
        return new Block(
                norms,
                attention(source, prefix),
                perPlace(source, prefix, index),
                config.design().scales().residual());
    }

    private Attention attention(WeightSource source, String prefix) {
        ModelConfig.Heads heads = config.heads();
        boolean isNormed = config.design().headNorms() != Design.HeadNorms.NONE;
        List<Linear> projections = projections(source, prefix, heads);
        return new Attention(
                projections.get(0),
                projections.get(1),
                projections.get(2),
                linear(source, prefix + config.design().modules().output),
                heads,
                norm(source, prefix, isNormed ? "self_attn.q_norm" : ""),
                norm(source, prefix, isNormed ? "self_attn.k_norm" : ""),
                new Attention.Products(
                        config.design().scales().attention(),
                        config.design().scales().caps().attention()));
    }

    private List<Linear> projections(WeightSource source, String prefix, ModelConfig.Heads heads) {
        Design.Modules modules = config.design().modules();
        if (modules.asking.size() > 1) {
            return linears(source, prefix, modules.asking);
        }
        long each = heads.dimension();
        long queries = heads.queryWidth();
        long keys = heads.keyValue() * each;
        String name = prefix + modules.asking.getFirst();
        return modules.isByHead()
                ? parts(
                        source,
                        name,
                        new Linear.Part(0, each, heads.query()),
                        new Linear.Part(each, each, heads.query()),
                        new Linear.Part(2 * each, each, heads.query()))
                : parts(
                        source,
                        name,
                        new Linear.Part(0, queries, 1),
                        new Linear.Part(queries, keys, 1),
                        new Linear.Part(queries + keys, keys, 1));
    }

    private Block.PerPlace perPlace(WeightSource source, String prefix, int index) {
        Design.Experts experts = config.design().feedForward().experts();
        return experts.isIn().test(index) ? experts(source, prefix, experts) : feedForward(source, prefix);
    }

    private Block.FeedForward feedForward(WeightSource source, String prefix) {
        Design.Modules modules = config.design().modules();
        long width = config.intermediate();
        List<Linear> opening = modules.isGated && modules.opening.size() == 1
                ? parts(
                        source,
                        prefix + modules.opening.getFirst(),
                        new Linear.Part(0, width, 1),
                        new Linear.Part(width, width, 1))
                : linears(source, prefix, modules.opening);
        return new Block.FeedForward(
                modules.isGated ? opening.getFirst() : null,
                opening.getLast(),
                linear(source, prefix + modules.down),
                config.design().feedForward().activation());
    }

    /// Experts' matrices are read kind by kind, as files may hold all of a kind in one.
    private Experts experts(WeightSource source, String prefix, Design.Experts design) {
        List<List<Linear>> kinds = new ArrayList<>();
        for (int kind = 0; kind < 3; kind++) {
            int which = kind;
            List<String> names = IntStream.range(0, design.count())
                    .mapToObj(expert -> prefix + Design.Experts.modules(expert).get(which))
                    .toList();
            List<String> weights = names.stream().map(name -> name + ".weight").toList();
            List<Tensor> matrices = source.readAll(weights, alike(source, weights));
            kinds.add(IntStream.range(0, names.size())
                    .mapToObj(i -> new Linear(names.get(i), own(names.get(i) + ".weight", matrices.get(i)), null))
                    .toList());
        }
        List<Block.FeedForward> experts = IntStream.range(0, design.count())
                .mapToObj(i -> new Block.FeedForward(
                        kinds.get(0).get(i),
                        kinds.get(1).get(i),
                        kinds.get(2).get(i),
                        config.design().feedForward().activation()))
                .toList();
        return new Experts(linear(source, prefix + Design.Experts.ROUTER), experts, design.used(), design.isNormed());
    }

    /// One format for all: float32 unless every one is kept in 16 bits.
    private Dtype alike(WeightSource source, List<String> names) {
        List<Dtype> formats =
                names.stream().map(name -> kept(source, name)).distinct().toList();
        return formats.size() == 1 ? formats.getFirst() : Dtype.FLOAT32;
    }

    private List<Linear> linears(WeightSource source, String prefix, List<String> names) {
        return names.stream().map(name -> linear(source, prefix + name)).toList();
    }

    /// One layer as many, each with so many of its outputs. Where those of a part lie apart, they are put together, and
    /// the whole is not kept.
    private List<Linear> parts(WeightSource source, String name, Linear.Part... some) {
        boolean isApart = some[0].groups() > 1;
        Linear whole = isApart ? unowned(source, name) : linear(source, name);
        List<Linear> parts = new ArrayList<>();
        for (Linear.Part part : some) {
            Tensor weight = own(name + ".weight of " + part, part.of(whole.weight()));
            @Nullable Tensor bias = whole.bias() == null ? null : own(name + ".bias of " + part, part.of(whole.bias()));
            parts.add(new Linear(name, weight, bias, part));
        }
        if (isApart) {
            apart.put(name, parts);
        }
        return parts;
    }

    private Optional<Block.Norm> norm(WeightSource source, String prefix, String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(norm(source, prefix + name, 1));
    }

    private Block.Norm norm(WeightSource source, String name, double factor) {
        Tensor weight = read(source, name + ".weight", Dtype.FLOAT32);
        @Nullable
        Tensor bias = config.design().norms().isCentred() ? read(source, name + ".bias", Dtype.FLOAT32) : null;
        return new Block.Norm(
                name, weight, bias, config.rmsNormEpsilon(), config.design().normOffset(), factor);
    }

    private Linear linear(WeightSource source, String name) {
        Tensor weight = read(source, name + ".weight", kept(source, name + ".weight"));
        boolean isBiased = shapes.containsKey(name + ".bias");
        return new Linear(name, weight, isBiased ? read(source, name + ".bias", dtype) : null);
    }

    private Linear unowned(WeightSource source, String name) {
        boolean isBiased = shapes.containsKey(name + ".bias");
        return new Linear(
                name,
                source.read(name + ".weight", kept(source, name + ".weight")),
                isBiased ? source.read(name + ".bias", dtype) : null);
    }

    /// The format a matrix is kept in. Where blocks compute in float32, 16 bits of the file stay 16 bits: they are
    /// widened when they are multiplied with, to the same numbers, and take half the memory until then.
    private Dtype kept(WeightSource source, String name) {
        Dtype format = dtype == Dtype.FLOAT32 ? source.exact(name) : dtype;
        formats.put(name, format);
        return format;
    }

    /// As exact as the file has it.
    private Tensor table(WeightSource source, String name) {
        return read(source, name, source.exact(name));
    }

    private Tensor read(WeightSource source, String name, Dtype dtype) {
        return own(name, source.read(name, dtype));
    }

    private Tensor own(String name, Tensor tensor) {
        Tensor whole = device.here(tensor.contiguous());
        whole.retainReference();
        owned.put(name, whole);
        return whole;
    }

    /// Bytes they take, norms and biases as matrices.
    long bytes() {
        long blocks = shapes.entrySet().stream()
                .filter(weight -> !TABLES.contains(weight.getKey()))
                .mapToLong(weight -> weight.getValue().stream().reduce(1L, (a, b) -> a * b)
                        * formats.getOrDefault(weight.getKey(), dtype).bytes())
                .sum();
        return blocks + bytes(embedding) + (isTied ? 0 : bytes(unembedding)) + (isRoughApart() ? bytes(rough) : 0);
    }

    private static long bytes(Tensor tensor) {
        return tensor.numel() * tensor.element_size();
    }

    private boolean isRoughApart() {
        return dtype == Dtype.BFLOAT16 && unembedding.element_size() != dtype.bytes();
    }

    /// Whether the unembedding is the embedding.
    boolean isTied() {
        return isTied;
    }

    /// Where they are.
    Device device() {
        return device;
    }

    Dtype dtype() {
        return dtype;
    }

    Tensor embedding() {
        return embedding;
    }

    /// A weight by its Hugging Face name in the CPU's memory, null if there is none of that name. A tied head
    /// is the embedding. What is kept in parts is put together, for the caller's scope; what is copied from a
    /// device is kept.
    @Nullable
    Tensor named(String name) {
        int dot = name.lastIndexOf('.');
        @Nullable List<Linear> parts = apart.get(name.substring(0, Math.max(0, dot)));
        if (parts != null) {
            @Nullable Tensor whole = whole(parts, name.endsWith(".bias"));
            return whole == null ? null : Device.home(whole);
        }
        @Nullable Tensor found = name.equals(HEAD) ? unembedding : owned.get(name);
        return found == null || device.isCpu() ? found : homes.computeIfAbsent(found, Weights::copy);
    }

    private static Tensor copy(Tensor elsewhere) {
        Tensor copy = Device.home(elsewhere);
        copy.retainReference();
        return copy;
    }

    private static @Nullable Tensor whole(List<Linear> parts, boolean isBias) {
        TensorVector groups = new TensorVector();
        long outputs = 0;
        for (Linear part : parts) {
            @Nullable Tensor numbers = isBias ? part.bias() : part.weight();
            if (numbers == null) {
                return null;
            }
            outputs += numbers.size(0);
            groups.push_back(
                    numbers.view(Objects.requireNonNull(part.part()).groups(), -1, isBias ? 1 : numbers.size(1)));
        }
        Tensor all = torch.cat(groups, 1);
        return isBias ? all.reshape(outputs) : all.reshape(outputs, -1);
    }

    /// The table of positions, in families that have one.
    @Nullable
    Tensor positions() {
        return positions;
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
        homes.values().forEach(Tensor::releaseReference);
        homes.clear();
    }
}
