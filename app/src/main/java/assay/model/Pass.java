package assay.model;

import assay.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// One run through the blocks. The last block and the final norm are computed only where their result is
/// wanted.
final class Pass {
    private final Weights weights;
    private final Plan plan;
    private final Overlay overlay;
    private final boolean keepsCache;
    private final List<KeyValueCache.Layer> cached = new ArrayList<>();

    /// @param keepsCache whether keys and values are to outlive the pass
    Pass(Weights weights, Plan plan, Overlay overlay, boolean keepsCache) {
        this.weights = weights;
        this.plan = plan;
        this.overlay = overlay;
        this.keepsCache = keepsCache;
    }

    /// Final hidden states `[place hidden]` at `places`, if any are wanted; owned by the caller's scope.
    Optional<Tensor> run(Tensor embeddings, Optional<Positions> places) {
        try (TensorScope scope = new TensorScope()) {
            Tensor mask = plan.mask(weights.dtype());
            Block.Angles angles = columnAngles();
            Tensor x = embeddings;
            int last = weights.blocks().size() - 1;
            for (int index = 0; index < last; index++) {
                x = through(index, x, angles, mask);
            }
            Tensor before = x;
            Tensor normed = weights.blocks().get(last).inputNorm().apply(before, overlay);
            KeyValueCache.Layer layer = keysAndValues(last, normed, angles);
            hold(layer, scope);
            Optional<Tensor> hidden = places.map(at -> scope.keep(lastBlock(before, normed, layer, at)));
            for (int index = 0; keepsCache && index < last; index++) {
                scope.keep(cached.get(index).keys());
                scope.keep(cached.get(index).values());
            }
            return hidden;
        }
    }

    /// The cache after the pass.
    KeyValueCache cache() {
        return new KeyValueCache(List.copyOf(cached), plan.visibleAfter(), plan.nextPositions());
    }

    private Tensor through(int index, Tensor x, Block.Angles angles, Tensor mask) {
        Block block = weights.blocks().get(index);
        try (TensorScope scope = new TensorScope()) {
            Tensor normed = block.inputNorm().apply(x, overlay);
            KeyValueCache.Layer layer = keysAndValues(index, normed, angles);
            hold(layer, scope);
            Tensor attended = block.attend(block.queries(normed, angles, overlay), layer, mask);
            return scope.keep(block.finish(x, attended, overlay));
        }
    }

    private KeyValueCache.Layer keysAndValues(int index, Tensor normed, Block.Angles angles) {
        KeyValueCache.Layer present = weights.blocks().get(index).keysAndValues(normed, angles, overlay);
        if (plan.past() == null) {
            return present;
        }
        KeyValueCache.Layer past = plan.past().layers().get(index);
        return new KeyValueCache.Layer(
                KeyValueCache.follow(past.keys(), present.keys()),
                KeyValueCache.follow(past.values(), present.values()));
    }

    private void hold(KeyValueCache.Layer layer, TensorScope scope) {
        if (keepsCache) {
            cached.add(new KeyValueCache.Layer(scope.keep(layer.keys()), scope.keep(layer.values())));
        }
    }

    private Tensor lastBlock(Tensor x, Tensor normed, KeyValueCache.Layer layer, Positions places) {
        Block block = weights.blocks().getLast();
        Tensor at = plan.flat(places);
        long width = x.size(2);
        Tensor chosen = x.reshape(-1, width).index_select(0, at);
        Tensor queries = block.flatQueries(normed.reshape(-1, width).index_select(0, at), placeAngles(places), overlay);
        int slots = places.widthPerRow();
        Tensor index = assay.tensor.Torch.longs(places.slots(), places.count());
        Tensor padded = torch.zeros(
                        new long[] {(long) plan.batch() * slots, queries.size(1)},
                        new org.bytedeco.pytorch.TensorOptions(queries.scalar_type()))
                .index_copy(0, index, queries);
        Tensor attended =
                block.attend(block.splitQueries(padded, plan.batch()), layer, plan.mask(places, weights.dtype()));
        Tensor merged = attended.reshape(-1, attended.size(2)).index_select(0, index);
        return weights.norm().apply(block.finish(chosen, merged, overlay), overlay);
    }

    /// Angles of all new columns, shaped to multiply `[batch head position headDim]`.
    private Block.Angles columnAngles() {
        Tensor positions = plan.positions();
        Rope.Table table = weights.rope();
        Tensor cosine = table.cosine().index_select(0, positions);
        Tensor sine = table.sine().index_select(0, positions);
        if (positions.numel() == plan.width()) {
            return new Block.Angles(cosine, sine);
        }
        long dimension = cosine.size(1);
        return new Block.Angles(
                cosine.view(plan.batch(), 1, plan.width(), dimension),
                sine.view(plan.batch(), 1, plan.width(), dimension));
    }

    /// Angles of the chosen places, shaped to multiply `[place head headDim]`.
    private Block.Angles placeAngles(Positions places) {
        Tensor positions = plan.positions(places);
        return new Block.Angles(
                weights.rope().cosine().index_select(0, positions).unsqueeze(1),
                weights.rope().sine().index_select(0, positions).unsqueeze(1));
    }
}
