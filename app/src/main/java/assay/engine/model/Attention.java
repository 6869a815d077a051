package assay.engine.model;

import assay.base.tensor.Fused;
import assay.base.tensor.Torch;
import assay.engine.family.ModelConfig;
import assay.engine.family.Rope;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention with grouped heads (arXiv 2305.13245) and rotary positions.
///
/// Written out as two batched products around a float32 softmax: on a CPU without MKL, libtorch's fused
/// kernel takes
/// seventeen times as long in bfloat16, and it knows no grouped heads without copying the keys.
///
/// @param query query projection
/// @param key key projection
/// @param value value projection
/// @param output output projection
/// @param heads head counts
/// @param queryNorm of queries before they are rotated, if the model has one: of each head, or of all together
/// @param keyNorm of keys, likewise
/// @param products of queries and keys
record Attention(
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        ModelConfig.Heads heads,
        Optional<Block.Norm> queryNorm,
        Optional<Block.Norm> keyNorm,
        Products products) {
    /// What becomes of the products of queries and keys.
    ///
    /// @param scale they are multiplied with
    /// @param cap they never reach
    record Products(double scale, double cap) {
        private boolean isCapped() {
            return cap < Double.POSITIVE_INFINITY;
        }

        private Tensor capped(Tensor scores) {
            return Torch.capped(scores, cap);
        }
    }

    /// Without norms, and with the usual scale.
    Attention(Linear query, Linear key, Linear value, Linear output, ModelConfig.Heads heads) {
        this(query, key, value, output, heads, Optional.empty(), Optional.empty(), usual(heads));
    }

    private static Products usual(ModelConfig.Heads heads) {
        return new Products(1 / Math.sqrt(heads.dimension()), Double.POSITIVE_INFINITY);
    }

    /// New keys and values of normed input `[place hidden]`, each `[batch keyValueHead column headDim]`.
    KeyValueCache.Layer keysAndValues(Tensor normed, Rope.Angles angles, PaddedBlock grid, Overlay overlay) {
        Tensor keys = normed(keyNorm, key.apply(normed, overlay), overlay);
        return new KeyValueCache.Layer(
                grid.turnedByHead(keys, heads.keyValue(), angles, 1),
                grid.byHead(value.apply(normed, overlay), heads.keyValue()),
                null);
    }

    /// A weight as long as a head norms every head by itself.
    private static Tensor normed(Optional<Block.Norm> norm, Tensor x, Overlay overlay) {
        if (norm.isEmpty()) {
            return x;
        }
        long width = norm.get().weight().size(0);
        Tensor rows = x.view(x.size(0), x.size(1) / width, width).to(torch.ScalarType.Float);
        return norm.get().apply(rows, overlay, x.scalar_type()).view(x.size(0), x.size(1));
    }

    /// What the queries of normed input `[place hidden]` find, projected back: `[place hidden]`.
    ///
    /// @param windows who sees which keys, covering every column of the grid
    Tensor attend(
            Tensor normed,
            Rope.Angles angles,
            PaddedBlock grid,
            KeyValueCache.Layer layer,
            List<Plan.Window> windows,
            Overlay overlay) {
        Tensor asked = normed(queryNorm, query.apply(normed, overlay), overlay);
        Tensor queries = grid.turnedByHead(asked, heads.query(), angles, products.scale());
        if (grid.width() == 1 && layer.trunk() == null && !products.isCapped() && Fused.applies(queries)) {
            Tensor found = Fused.found(
                    queries, layer.keys(), layer.values(), windows.getFirst().mask());
            return output.apply(grid.packed(found), overlay);
        }
        KeyValueCache.Layer flat = layer.byHead();
        TensorVector parts = new TensorVector();
        for (Plan.Window window : windows) {
            parts.push_back(through(window, queries, flat, layer.trunk()));
        }
        Tensor found = parts.size() == 1 ? parts.get(0) : torch.cat(parts, 2);
        return output.apply(grid.packed(found), overlay);
    }

    /// Attention of the queries of one window: `[batch head column headDim]`.
    private Tensor through(
            Plan.Window window, Tensor queries, KeyValueCache.Layer own, KeyValueCache.@Nullable Layer trunk) {
        long batch = queries.size(0);
        long folded = (long) heads.group() * window.count();
        long shared = trunk == null ? 0 : trunk.keys().size(2);
        long rest = window.keys() - shared;
        Tensor asking = queries.narrow(2, window.from(), window.count())
                .reshape(batch * heads.keyValue(), folded, heads.dimension());
        Fused.Shares shares = shares(
                new Fused.Shares(
                        Optional.ofNullable(trunk)
                                .map(row -> products.capped(
                                        together(asking, row.keys().transpose(2, 3)))),
                        products.capped(
                                torch.bmm(asking, own.keys().narrow(1, 0, rest).transpose(1, 2)))),
                window);
        Tensor found = torch.bmm(shares.own(), own.values().narrow(1, 0, rest));
        if (trunk != null) {
            found = found.add(together(shares.front().orElseThrow(), trunk.values()));
        }
        return found.view(batch, heads.query(), window.count(), heads.dimension());
    }

    /// The softmax of scores over all keys each query sees.
    private Fused.Shares shares(Fused.Shares scores, Plan.Window window) {
        if (Fused.applies(scores.own())) {
            return Fused.softmax(scores, window.mask(), (long) heads.query() * window.count());
        }
        Tensor own = scores.own();
        long shared = window.keys() - own.size(2);
        Tensor all = scores.front().isEmpty()
                ? own
                : torch.cat(new TensorVector(scores.front().get(), own), 2);
        long batch = own.size(0) / heads.keyValue();
        Tensor shares = torch.softmax(
                        all.to(torch.ScalarType.Float)
                                .view(batch, heads.query(), window.count(), window.keys())
                                .add_(window.mask()),
                        -1)
                .to(own.scalar_type())
                .view(own.size(0), own.size(1), window.keys());
        return new Fused.Shares(
                scores.front().map(_ -> shares.narrow(2, 0, shared)), shares.narrow(2, shared, own.size(2)));
    }

    /// The products of every row's `[batch·keyValueHead folded n]` with the one row `[1 keyValueHead n m]` that all
    /// share: one large product a head where copies of that row would take many small ones.
    private static Tensor together(Tensor rows, Tensor one) {
        long heads = one.size(1);
        long batch = rows.size(0) / heads;
        long folded = rows.size(1);
        return rows.view(batch, heads, folded, rows.size(2))
                .transpose(0, 1)
                .reshape(heads, batch * folded, rows.size(2))
                .bmm(one.squeeze(0))
                .view(heads, batch, folded, one.size(3))
                .transpose(0, 1)
                .reshape(rows.size(0), folded, one.size(3));
    }
}
