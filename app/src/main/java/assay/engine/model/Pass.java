package assay.engine.model;

import assay.InputException;
import assay.base.tensor.Device;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.family.ModelConfig;
import assay.engine.family.Rope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// One run through the blocks. The last block and the final norm are computed only where their result
/// is wanted.
final class Pass {
    private final Weights weights;
    private final Plan plan;
    private final Overlay overlay;
    private final boolean keepsCache;
    private final List<KeyValueCache.Layer> cached = new ArrayList<>();

    /// What is not on the weights' device is brought there: the overlay's tensors, for the caller's scope.
    ///
    /// @param keepsCache whether keys and values are to outlive the pass
    Pass(Weights weights, Plan plan, Overlay overlay, boolean keepsCache) {
        this.weights = weights;
        this.plan = plan;
        this.overlay = overlay.on(weights.device());
        this.keepsCache = keepsCache;
    }

    /// What is laid over the weights, where they are.
    Overlay overlay() {
        return overlay;
    }

    /// Places that ask, the angles of each block, and where and what they may see.
    ///
    /// @param at which of the new tokens they are; all of them if null
    private record Asking(
            PaddedBlock grid,
            List<Rope.Angles> angles,
            List<Plan.Window> windows,
            @Nullable Tensor at) {
        Tensor choose(Tensor packed) {
            return at == null ? packed : packed.index_select(0, at);
        }
    }

    /// Final hidden states `[place hidden]` float32 at `places`, if any are wanted; owned by the
    /// caller's scope.
    Optional<Tensor> run(Tensor embeddings, Optional<Positions> places) {
        try (TensorScope scope = new TensorScope()) {
            Asking all = asking(plan.all(), null);
            Tensor x = begin(embeddings, all);
            int end = weights.blocks().size() - 1;
            for (int index = 0; index < end; index++) {
                x = through(index, x, all, all);
            }
            Optional<Tensor> hidden = Optional.empty();
            if (places.isPresent()) {
                Asking chosen = asking(places.get(), indices(places.get()));
                Tensor out = through(end, x, all, chosen);
                Tensor last = scope.keep(Device.home(weights.norm().apply(out, overlay, torch.ScalarType.Float)));
                requireFinite(last);
                hidden = Optional.of(last);
            } else {
                readOnly(end, x, all);
            }
            cached.forEach(layer -> layer.keepIn(scope));
            return hidden;
        }
    }

    /// The residual stream in front of the first block: a copy, as blocks add to it in place.
    private Tensor begin(Tensor embeddings, Asking all) {
        Tensor read = weights.device().here(embeddings.narrow(1, 0, plan.width()));
        Tensor x = all.grid().gather(read).to(torch.ScalarType.Float);
        x = x.mul(new Scalar(weights.inputScale()));
        Tensor positions = weights.positions();
        if (positions == null) {
            return x;
        }
        Tensor table = overlay.replaced().getOrDefault(ModelConfig.POSITIONS, positions);
        long[] standing =
                Arrays.stream(plan.positions(plan.all())).asLongStream().toArray();
        return x.add(table.index_select(0, Device.longs(table, standing, standing.length)));
    }

    /// Training judges its own numbers: a step that led nowhere is taken back.
    private void requireFinite(Tensor hidden) {
        if (!hidden.requires_grad() && !hidden.is_meta() && !Torch.isFinite(hidden)) {
            throw new InputException("model: expected finite numbers in its last layer, found NaN or infinity. "
                    + (overlay.isEmpty()
                            ? "Its weights are too large for this number format, or damaged."
                            : "The adapter's weights or its scale are too large."));
        }
    }

    /// The residual stream of all new tokens after the first `blocks` blocks, packed `[token hidden]`; owned by
    /// the caller's scope.
    Tensor upTo(Tensor embeddings, int blocks) {
        try (TensorScope scope = new TensorScope()) {
            Asking all = asking(plan.all(), null);
            Tensor x = begin(embeddings, all);
            for (int index = 0; index < blocks; index++) {
                x = through(index, x, all, all);
            }
            return scope.keep(Device.home(x));
        }
    }

    /// The residual stream at `places` after every block, each `[place hidden]`; owned by the caller's
    /// scope.
    List<Tensor> trace(Tensor embeddings, Positions places) {
        try (TensorScope scope = new TensorScope()) {
            Asking all = asking(plan.all(), null);
            Tensor at = indices(places);
            Tensor x = begin(embeddings, all);
            List<Tensor> residuals = new ArrayList<>();
            for (int index = 0; index < weights.blocks().size(); index++) {
                x = through(index, x, all, all);
                residuals.add(scope.keep(Device.home(x.index_select(0, at))));
            }
            return residuals;
        }
    }

    /// The cache after the pass.
    KeyValueCache cache() {
        return new KeyValueCache(List.copyOf(cached), plan.visibleAfter(), plan.nextPositions());
    }

    /// The residual stream at the asking places after block `index`.
    private Tensor through(int index, Tensor x, Asking all, Asking chosen) {
        try (TensorScope scope = new TensorScope()) {
            Block block = weights.blocks().get(index);
            Tensor normed = block.norms().before(x, overlay, weights.dtype().scalarType());
            KeyValueCache.Layer layer = keysAndValues(index, normed, all, scope);
            Tensor attended = block.attention()
                    .attend(
                            chosen.choose(normed),
                            chosen.angles().get(index),
                            chosen.grid(),
                            layer,
                            chosen.windows(),
                            overlay);
            return scope.keep(block.finish(chosen.choose(x), attended, overlay));
        }
    }

    /// Keys and values of a block whose output nobody asks for.
    private void readOnly(int index, Tensor x, Asking all) {
        try (TensorScope scope = new TensorScope()) {
            Block.Norms norms = weights.blocks().get(index).norms();
            keysAndValues(index, norms.before(x, overlay, weights.dtype().scalarType()), all, scope);
        }
    }

    private KeyValueCache.Layer keysAndValues(int index, Tensor normed, Asking all, TensorScope scope) {
        Attention attention = weights.blocks().get(index).attention();
        KeyValueCache.Layer layer = attention.keysAndValues(normed, all.angles().get(index), all.grid(), overlay);
        if (plan.past() != null) {
            layer = layer.after(plan.past().layers().get(index));
        }
        if (keepsCache) {
            layer.keepIn(scope);
            cached.add(layer);
        }
        return layer;
    }

    private Asking asking(Positions positions, @Nullable Tensor at) {
        int[] standing = plan.positions(positions);
        Map<Rope, Rope.Angles> known = new HashMap<>();
        List<Rope.Angles> angles = weights.ropes().stream()
                .map(rope -> known.computeIfAbsent(
                        rope,
                        one -> one.angles(standing, weights.heads().dimension(), weights.dtype())
                                .on(weights.device())))
                .toList();
        PaddedBlock grid = PaddedBlock.of(plan.batch(), positions);
        List<Plan.Window> windows = plan.windows(positions, weights.heads().query()).stream()
                .map(window -> window.on(weights.device()))
                .toList();
        return new Asking(grid, angles, windows, at);
    }

    private Tensor indices(Positions places) {
        return weights.device().here(plan.indices(places));
    }
}
