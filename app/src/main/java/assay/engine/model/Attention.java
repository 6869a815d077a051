package assay.engine.model;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

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
record Attention(Linear query, Linear key, Linear value, Linear output, ModelConfig.Heads heads) {

    /// New keys and values of normed input `[place hidden]`, each `[batch keyValueHead column headDim]`.
    KeyValueCache.Layer keysAndValues(Tensor normed, Rope.Angles angles, PaddedBlock grid, Overlay overlay) {
        Tensor keys = angles.rotate(key.apply(normed, overlay), heads.dimension());
        return new KeyValueCache.Layer(byHead(grid.spread(keys)), byHead(grid.spread(value.apply(normed, overlay))));
    }

    private Tensor byHead(Tensor block) {
        return block.view(block.size(0), block.size(1), heads.keyValue(), heads.dimension())
                .transpose(1, 2);
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
        long batch = grid.batch();
        long keys = layer.keys().size(2);
        Tensor rotated = angles.rotate(query.apply(normed, overlay), heads.dimension())
                .mul_(new Scalar(1 / Math.sqrt(heads.dimension())));
        Tensor queries = grid.spread(rotated)
                .view(batch, grid.width(), heads.keyValue(), heads.group(), heads.dimension())
                .permute(0, 2, 3, 1, 4);
        Tensor flatKeys = layer.keys().reshape(batch * heads.keyValue(), keys, heads.dimension());
        Tensor flatValues = layer.values().reshape(batch * heads.keyValue(), keys, heads.dimension());
        TensorVector parts = new TensorVector();
        for (Plan.Window window : windows) {
            parts.push_back(through(window, queries, flatKeys, flatValues));
        }
        Tensor found = parts.size() == 1 ? parts.get(0) : torch.cat(parts, 1);
        return output.apply(grid.gather(found), overlay);
    }

    /// Attention of the queries of one window: `[batch column head·headDim]`.
    private Tensor through(Plan.Window window, Tensor queries, Tensor keys, Tensor values) {
        long batch = queries.size(0);
        long folded = (long) heads.group() * window.count();
        Tensor asking = queries.narrow(3, window.from(), window.count())
                .reshape(batch * heads.keyValue(), folded, heads.dimension());
        Tensor scores = torch.bmm(asking, keys.narrow(1, 0, window.keys()).transpose(1, 2))
                .to(torch.ScalarType.Float)
                .view(batch, heads.query(), window.count(), window.keys())
                .add_(window.mask());
        Tensor shares = torch.softmax(scores, -1)
                .to(values.scalar_type())
                .view(batch * heads.keyValue(), folded, window.keys());
        return torch.bmm(shares, values.narrow(1, 0, window.keys()))
                .view(batch, heads.keyValue(), heads.group(), window.count(), heads.dimension())
                .permute(0, 3, 1, 2, 4)
                .reshape(batch, window.count(), heads.queryWidth());
    }
}
