package assay.engine.model;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Keys and values of tokens already read. Its tensors belong to the scope that was open when it was made.
///
/// With one row it can stand in front of a batch of any size (a shared prefix); otherwise rows correspond
/// one to one.
///
/// @param layers keys and values per layer
/// @param visible which cached columns of each row hold real tokens
/// @param nextPositions position of the next token of each row
public record KeyValueCache(List<Layer> layers, boolean[][] visible, int[] nextPositions) {
    /// @param keys `[batch keyValueHead position headDim]`, rotary embedding applied
    /// @param values `[batch keyValueHead position headDim]`
    record Layer(Tensor keys, Tensor values) {
        /// Hands both to the scope around `scope`.
        void keepIn(TensorScope scope) {
            scope.keep(keys);
            scope.keep(values);
        }

        /// This layer behind a cached one; a cached single row is repeated over the batch.
        Layer after(Layer past) {
            return new Layer(follow(past.keys(), keys), follow(past.values(), values));
        }

        private static Tensor follow(Tensor past, Tensor present) {
            long batch = present.size(0);
            Tensor spread = past.size(0) == batch ? past : past.expand(batch, -1, -1, -1);
            return torch.cat(new TensorVector(spread, present), 2);
        }

        void free() {
            keys.close();
            values.close();
        }
    }

    /// Rows of the cache.
    public int rows() {
        return nextPositions.length;
    }

    /// Columns of the cache, padding included.
    public int columns() {
        return visible[0].length;
    }

    /// A cache whose row `i` is this one's row `rows[i]`; owned by the caller's scope.
    public KeyValueCache select(int... rows) {
        try (TensorScope scope = new TensorScope()) {
            long[] index = new long[rows.length];
            int[] next = new int[rows.length];
            boolean[][] seen = new boolean[rows.length][];
            for (int i = 0; i < rows.length; i++) {
                index[i] = rows[i];
                next[i] = nextPositions[rows[i]];
                seen[i] = visible[rows[i]];
            }
            Tensor at = Torch.longs(index, rows.length);
            List<Layer> selected = new ArrayList<>(layers.size());
            for (Layer layer : layers) {
                selected.add(new Layer(
                        scope.keep(layer.keys().index_select(0, at)),
                        scope.keep(layer.values().index_select(0, at))));
            }
            return new KeyValueCache(List.copyOf(selected), seen, next);
        }
    }
}
