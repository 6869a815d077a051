package assay.engine.model;

import assay.InputException;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import assay.engine.family.Design;
import assay.engine.family.ModelConfig;
import assay.engine.family.Rope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// A language model that turns token batches into final hidden states, and those into logits.
///
/// Adapters are given per call as an [Overlay]; the weights are never changed. Several
/// threads may use it at once, each in a scope of its own.
public final class LanguageModel implements AutoCloseable {
    private final String name;
    private final ModelConfig config;
    private final Weights weights;
    private final Head head;

    LanguageModel(String name, ModelConfig config, Weights weights) {
        this.name = name;
        this.config = config;
        this.weights = weights;
        Unembedding exact = new Unembedding(
                weights.unembedding(), config.design().scales().caps().logits());
        this.head = new Head(exact, weights.roughUnembedding(), weights.dtype());
    }

    /// A model of random weights, to measure with, in float32: Llama's block with heads of 64 numbers, twice as many
    /// that ask as are asked, and a head tied to the embedding.
    ///
    /// @param hidden a multiple of 128
    public static LanguageModel drawn(int hidden, int layers, int vocabulary, long seed) {
        ModelConfig.Heads heads = new ModelConfig.Heads(hidden / 64, hidden / 128, 64);
        Rope rope = new Rope(10_000, new Rope.Scaling.None());
        ModelConfig config = new ModelConfig(
                vocabulary, hidden, hidden * 8 / 3 / 64 * 64, layers, heads, 1e-5, Design.plain(heads, rope), 4096);
        Map<String, List<Long>> shapes = config.tensorShapes();
        shapes.remove("lm_head.weight");
        return new LanguageModel(
                "drawn-" + hidden,
                config,
                new Weights(config, new BlankSource.OfShapes(shapes, seed), Dtype.FLOAT32, Device.CPU));
    }

    /// What to call the model in reports.
    public String name() {
        return name;
    }

    /// Width D of the hidden states.
    public int hidden() {
        return config.hidden();
    }

    /// Number of blocks.
    public int layers() {
        return config.layers();
    }

    /// Attention heads that ask.
    public int queryHeads() {
        return config.heads().query();
    }

    /// Attention heads that are asked.
    public int keyHeads() {
        return config.heads().keyValue();
    }

    /// Rows of the unembedding, padding rows included.
    public int vocabulary() {
        return config.vocabulary();
    }

    /// Longest context in tokens.
    public int maxPositions() {
        return config.runnable();
    }

    /// The format the blocks compute in. Logits are always float32.
    public Dtype dtype() {
        return weights.dtype();
    }

    /// Weight names and shapes an adapter may refer to.
    public Map<String, List<Long>> tensorShapes() {
        return weights.shapes();
    }

    /// Whether the unembedding is the embedding.
    public boolean isTied() {
        return weights.isTied();
    }

    /// Bytes that its weights take in memory.
    public long bytes() {
        return weights.bytes();
    }

    /// Where it runs. What it is asked and what it answers is in the CPU's memory all the same, caches excepted.
    public Device device() {
        return weights.device();
    }

    /// A weight by its Hugging Face name, owned by the model and in the CPU's memory; null if there is none of that
    /// name.
    public @Nullable Tensor weight(String name) {
        return weights.named(name);
    }

    /// The unembedding W `[vocab hidden]`, owned by the model, and the cap behind it, if it has one.
    public Unembedding unembedding() {
        return head.exact();
    }

    /// Input embeddings `[batch position hidden]` float32 of a padded batch.
    ///
    /// @throws InputException if a token has no row
    public Tensor embed(TokenBatch batch, Overlay overlay) {
        try (TensorScope scope = new TensorScope()) {
            return scope.keep(Device.home(embedded(batch, overlay.on(device()))));
        }
    }

    /// The same where the model runs.
    private Tensor embedded(TokenBatch batch, Overlay overlay) {
        batch.rows().forEach(tokens -> requireRows(tokens, vocabulary(), name));
        try (TensorScope scope = new TensorScope()) {
            Tensor ids = device().here(batch.padded());
            Tensor table = overlay.replaced().getOrDefault("model.embed_tokens.weight", weights.embedding());
            Tensor embedded = torch.embedding(table, ids).to(torch.ScalarType.Float);
            @Nullable Tensor gain = overlay.gains().get("model.embed_tokens");
            embedded = gain == null ? embedded : embedded.mul(gain);
            Overlay.LowRank delta = overlay.embedding().orElse(null);
            if (delta != null) {
                Tensor low = torch.embedding(delta.a().t(), ids).to(torch.ScalarType.Float);
                Tensor high = torch.linear(low, delta.b().to(torch.ScalarType.Float));
                embedded = embedded.add(high.mul(new Scalar(delta.scale())));
            }
            return scope.keep(scaled(embedded));
        }
    }

    /// By the scale as the weights' format rounds it, as reference implementations do.
    private Tensor scaled(Tensor embedded) {
        double scale = config.design().scales().embedding();
        if (scale == 1) {
            return embedded;
        }
        Tensor rounded = Device.beside(
                embedded, torch.scalar_tensor(new Scalar((float) scale)).to(dtype().scalarType()));
        return embedded.mul(rounded.to(torch.ScalarType.Float));
    }

    /// Numbers that all blocks together keep of a token as keys and values.
    public long keysAndValues() {
        ModelConfig.Heads heads = weights.heads();
        return 2L * layers() * heads.keyValue() * heads.dimension();
    }

    /// A cache of trained keys and values, one row, as prefix tuning has them: behind it the first token stands at the
    /// place after them. Owned by the caller's scope.
    ///
    /// @param numbers `[softToken block·2·keyValueHead·headDim]`, keys before values
    public KeyValueCache cacheOf(Tensor numbers) {
        ModelConfig.Heads heads = weights.heads();
        int tokens = Math.toIntExact(numbers.size(0));
        boolean[] visible = new boolean[tokens];
        Arrays.fill(visible, true);
        try (TensorScope scope = new TensorScope()) {
            Tensor parts = device().here(numbers.to(dtype().scalarType()))
                    .view(tokens, 2L * layers(), heads.keyValue(), heads.dimension())
                    .permute(1, 2, 0, 3)
                    .contiguous();
            List<KeyValueCache.Layer> layers = new ArrayList<>();
            for (int layer = 0; layer < layers(); layer++) {
                layers.add(new KeyValueCache.Layer(
                        scope.keep(parts.narrow(0, 2L * layer, 1)),
                        scope.keep(parts.narrow(0, 2L * layer + 1, 1)),
                        null));
            }
            return new KeyValueCache(List.copyOf(layers), new boolean[][] {visible}, new int[] {tokens});
        }
    }

    /// Reads a batch and keeps its keys and values, owned by the caller's scope.
    ///
    /// @throws InputException if the sequences do not fit the model's context
    public KeyValueCache prefill(TokenBatch batch, Overlay overlay) {
        try (TensorScope scope = new TensorScope()) {
            Pass pass = pass(batch.lengths(), null, overlay, true);
            pass.run(embedded(batch, pass.overlay()), Optional.empty());
            return kept(pass, scope);
        }
    }

    /// Reads one sequence of input embeddings `[1 position hidden]` and keeps its keys and values, owned by
    /// the caller's scope; differentiable in the embeddings and the overlay inside a scope with gradients.
    ///
    /// @throws InputException if the sequence does not fit the model's context
    public KeyValueCache prefillOfEmbeddings(Tensor embeddings, Overlay overlay) {
        int[] lengths = {Math.toIntExact(embeddings.size(1))};
        try (TensorScope scope = new TensorScope()) {
            Pass pass = pass(lengths, null, overlay, true);
            pass.run(embeddings, Optional.empty());
            return kept(pass, scope);
        }
    }

    /// The residual stream after every block at chosen places of a batch, each `[place hidden]` float32,
    /// owned by the caller's scope.
    ///
    /// @param past as in [#hidden]
    public List<Tensor> residuals(TokenBatch batch, @Nullable KeyValueCache past, Overlay overlay, Positions places) {
        try (TensorScope scope = new TensorScope()) {
            Pass pass = pass(batch.lengths(), past, overlay, false);
            List<Tensor> residuals = pass.trace(embedded(batch, pass.overlay()), places);
            residuals.forEach(scope::keep);
            return residuals;
        }
    }

    /// The residual stream of every token after the first `blocks` blocks only, sequence after sequence
    /// `[token hidden]` float32, owned by the caller's scope; differentiable in the embeddings inside a scope
    /// with gradients.
    ///
    /// @param embeddings `[batch position hidden]`
    /// @param lengths tokens of each sequence
    /// @param past as in [#hidden]
    public Tensor statesAfter(int blocks, Tensor embeddings, int[] lengths, @Nullable KeyValueCache past) {
        if (blocks < 1 || blocks > layers()) {
            throw new IllegalArgumentException("blocks: expected 1 to " + layers() + ", found " + blocks);
        }
        return pass(lengths, past, Overlay.NONE, false).upTo(embeddings, blocks);
    }

    /// Final hidden states (after the last norm) at chosen places of a batch.
    ///
    /// @param past a cache in front of every sequence (one shared row, or one row per sequence), or null
    /// @return `[place hidden]` float32, owned by the caller's scope
    /// @throws InputException if the sequences do not fit the model's context
    public Tensor hidden(TokenBatch batch, @Nullable KeyValueCache past, Overlay overlay, Positions places) {
        try (TensorScope scope = new TensorScope()) {
            Pass pass = pass(batch.lengths(), past, overlay, false);
            return scope.keep(pass.run(embedded(batch, pass.overlay()), Optional.of(places))
                    .orElseThrow());
        }
    }

    /// Like [#hidden], from input embeddings `[batch position hidden]`; differentiable in them inside a
    /// scope with gradients.
    public Tensor hiddenOfEmbeddings(
            Tensor embeddings, int[] lengths, @Nullable KeyValueCache past, Overlay overlay, Positions places) {
        return pass(lengths, past, overlay, false)
                .run(embeddings, Optional.of(places))
                .orElseThrow();
    }

    /// One pass that returns hidden states and the cache extended by the batch, both owned by the caller's
    /// scope.
    ///
    /// @throws InputException if the sequences do not fit the model's context
    public Step step(TokenBatch batch, @Nullable KeyValueCache past, Overlay overlay, Positions places) {
        try (TensorScope scope = new TensorScope()) {
            Pass pass = pass(batch.lengths(), past, overlay, true);
            Tensor hidden = pass.run(embedded(batch, pass.overlay()), Optional.of(places))
                    .orElseThrow();
            return new Step(scope.keep(hidden), kept(pass, scope));
        }
    }

    /// What one pass leaves behind.
    ///
    /// @param hidden final hidden states `[place hidden]` of the chosen places
    /// @param cache keys and values of everything read so far
    public record Step(Tensor hidden, KeyValueCache cache) {
        /// Hands the tensors to the scope around `scope`.
        public void keepIn(TensorScope scope) {
            scope.keep(hidden);
            cache.layers().forEach(layer -> layer.keepIn(scope));
        }

        /// Frees the tensors before their scope ends; for loops in which each step replaces the one before.
        public void free() {
            hidden.close();
            cache.free();
        }
    }

    /// Logits `[…, vocab]` float32 of final hidden states `[…, hidden]`, with the adapter's own unembedding
    /// if it has one.
    public Tensor logits(Tensor hidden, Overlay overlay) {
        return head.exact().capped(products(hidden, overlay));
    }

    /// The same in front of the model's cap, if it has one: these may be added up.
    public Tensor products(Tensor hidden, Overlay overlay) {
        return head.products(hidden, overlay);
    }

    /// The likeliest next tokens at some places, most likely first; both in the caller's scope.
    ///
    /// @param shares probabilities `[place rank]`; what is lacking to one is the rest of the vocabulary's
    /// @param tokens `[place rank]`
    public record Likeliest(Tensor shares, Tensor tokens) {}

    /// The likeliest next tokens behind final hidden states `[place hidden]`.
    ///
    /// Where the blocks compute in bfloat16, logits in that format say which tokens come into question,
    /// some more than are asked for. The logits of those are then computed in float32; the others count
    /// as they are in the sum that probabilities are shares of.
    ///
    /// @param temperature the logits are divided by
    public Likeliest likeliest(Tensor hidden, Overlay overlay, int count, double temperature) {
        return head.likeliest(hidden, overlay, count, temperature);
    }

    /// The likeliest tokens by what [#products] gives, or a sum of such `[place vocab]`; changes it in place.
    public Likeliest likeliestOf(Tensor products, int count, double temperature) {
        return head.of(products, count, temperature);
    }

    /// Refuses tokens that the tokenizer knows and the model does not.
    static void requireRows(int[] tokens, int rows, String name) {
        int largest = Arrays.stream(tokens).max().orElse(0);
        if (largest >= rows) {
            throw new InputException("text: expected tokens below the model's " + rows + " rows, found " + largest
                    + " (" + name + "). The tokenizer has tokens that this model was never given.");
        }
    }

    private static KeyValueCache kept(Pass pass, TensorScope scope) {
        KeyValueCache cache = pass.cache();
        cache.layers().forEach(layer -> layer.keepIn(scope));
        return cache;
    }

    private Pass pass(int[] lengths, @Nullable KeyValueCache past, Overlay overlay, boolean keepsCache) {
        Plan plan = new Plan(past, lengths);
        if (plan.positionsNeeded() > config.runnable()) {
            String why = config.runnable() < config.maxPositions()
                    ? " tokens, the model's " + config.design().limit().name()
                            + ", beyond which this version cannot run it, found "
                    : " tokens, found ";
            throw new InputException("context: expected at most " + config.runnable() + why + plan.positionsNeeded()
                    + " (" + name + "). Shorten the prompt or the conversation.");
        }
        return new Pass(weights, plan, overlay, keepsCache);
    }

    @Override
    public void close() {
        weights.close();
    }
}
