package assay.engine.model;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Keys and values of tokens already read. Its tensors belong to the scope that was open when it was made.
///
/// With one row it can stand in front of a batch of any size (a shared prefix), whose own cache then needs it as long
/// as it is used; otherwise rows correspond one to one.
///
/// @param layers keys and values per layer
/// @param visible which cached columns of each row hold real tokens
/// @param nextPositions position of the next token of each row
public record KeyValueCache(List<Layer> layers, boolean[][] visible, int[] nextPositions) {
    /// So many times as long as what is new, one row in front of many is not copied.
    private static final int LONG = 4;

    /// @param keys `[batch keyValueHead position headDim]`, rotary embedding applied
    /// @param values `[batch keyValueHead position headDim]`
    /// @param trunk one row that stands in front of all rows of this, or null; it belongs to whoever read it and
    /// must outlive this
    record Layer(Tensor keys, Tensor values, @Nullable Layer trunk) {
        /// Hands both to the scope around `scope`.
        void keepIn(TensorScope scope) {
            scope.keep(keys);
            scope.keep(values);
        }

        /// New keys and values behind a cached layer. A single row is copied in front of every row of a larger batch,
        /// unless it is long beside what is new, as where answers are written token by token: then all read it
        /// where it is.
        Layer after(Layer past) {
            boolean isOneForMany = past.keys().size(0) != keys.size(0);
            if (!isOneForMany) {
                return new Layer(joined(past.keys(), keys), joined(past.values(), values), past.trunk());
            }
            if (past.trunk() != null) {
                throw new IllegalArgumentException("cache: expected one row without another in front of it.");
            }
            return past.keys().size(2) > LONG * keys.size(2)
                    ? new Layer(keys, values, past)
                    : new Layer(joined(spread(past.keys()), keys), joined(spread(past.values()), values), null);
        }

        private Tensor spread(Tensor row) {
            return row.expand(keys.size(0), -1, -1, -1);
        }

        /// The same without the trunk, for batched products: each `[batch·keyValueHead position headDim]`.
        Layer byHead() {
            return new Layer(flat(keys), flat(values), null);
        }

        private static Tensor flat(Tensor each) {
            return each.reshape(each.size(0) * each.size(1), each.size(2), each.size(3));
        }

        private static Tensor joined(Tensor past, Tensor present) {
            return torch.cat(new TensorVector(past, present), 2);
        }

        void free() {
            keys.close();
            values.close();
        }
    }

    /// Takes its tensors out of all scopes, until [#release].
    KeyValueCache retained() {
        layers.forEach(layer -> {
            layer.keys().retainReference();
            layer.values().retainReference();
        });
        return this;
    }

    /// Frees the tensors of a retained one.
    void release() {
        layers.forEach(layer -> {
            layer.keys().releaseReference();
            layer.values().releaseReference();
        });
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
                        scope.keep(layer.values().index_select(0, at)),
                        layer.trunk()));
            }
            return new KeyValueCache(List.copyOf(selected), seen, next);
        }
    }
}
