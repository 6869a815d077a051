package assay.engine.model;

import assay.base.tensor.Device;
import assay.base.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
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
    /// @param room where these are written, with space behind them; null where there is none
    record Layer(
            Tensor keys,
            Tensor values,
            @Nullable Layer trunk,
            @Nullable Room room) {
        Layer(Tensor keys, Tensor values, @Nullable Layer trunk) {
            this(keys, values, trunk, null);
        }

        /// Hands them to the scope around `scope`.
        void keepIn(TensorScope scope) {
            tensors().forEach(scope::keep);
        }

        private List<Tensor> tensors() {
            return room == null ? List.of(keys, values) : List.of(keys, values, room.keys(), room.values());
        }

        /// New keys and values behind a cached layer. A single row is copied in front of every row of a larger batch,
        /// unless it is long beside what is new, as where answers are written token by token: then all read it
        /// where it is.
        Layer after(Layer past) {
            if (past.room() != null && past.room().fits(past, this)) {
                return past.room().with(past, this);
            }
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

    /// Space behind keys and values for those of tokens to come, so that what is there is not copied for every token.
    ///
    /// @param keys `[batch keyValueHead room headDim]`, zero where nothing has been read
    /// @param values likewise
    record Room(Tensor keys, Tensor values) {
        private boolean fits(Layer past, Layer next) {
            return next.keys().size(0) == keys.size(0)
                    && past.keys().size(2) + next.keys().size(2) <= keys.size(2);
        }

        private Layer with(Layer past, Layer next) {
            long used = past.keys().size(2);
            long count = next.keys().size(2);
            keys.narrow(2, used, count).copy_(next.keys());
            values.narrow(2, used, count).copy_(next.values());
            return upTo(used + count);
        }

        private void free() {
            keys.close();
            values.close();
        }

        private Room select(Tensor at) {
            return new Room(keys.index_select(0, at), values.index_select(0, at));
        }

        private Layer upTo(long columns) {
            return new Layer(keys.narrow(2, 0, columns), values.narrow(2, 0, columns), null, this);
        }
    }

    /// The beginning of a row of some cache.
    ///
    /// @param tokens how many of its first tokens
    public record Beginning(KeyValueCache cache, int row, int tokens) {
        private boolean isStraight() {
            boolean[] seen = cache.visible()[row];
            for (int i = 0; i < tokens; i++) {
                if (!seen[i]) {
                    return false;
                }
            }
            return true;
        }

        private long[] columns() {
            boolean[] seen = cache.visible()[row];
            return IntStream.range(0, seen.length)
                    .filter(column -> seen[column])
                    .limit(tokens)
                    .asLongStream()
                    .toArray();
        }

        private Tensor of(Tensor whole) {
            Tensor own = whole.select(0, row);
            return isStraight() ? own.narrow(1, 0, tokens) : own.index_select(1, Device.longs(own, columns(), tokens));
        }
    }

    /// Beginnings of rows of any caches as the rows of one, packed to the left and copied once, with room for so many
    /// columns more: where it is read on behind all of them, nothing of it is copied again. It may be
    /// continued in one way only, and is then part of what continues it. Owned by the caller's scope.
    ///
    /// @param rows of caches without a trunk; one of them has tokens
    public static KeyValueCache packed(List<Beginning> rows, int room) {
        int columns = rows.stream().mapToInt(Beginning::tokens).max().orElseThrow();
        boolean[][] seen = new boolean[rows.size()][columns];
        int[] next = new int[rows.size()];
        for (int i = 0; i < next.length; i++) {
            next[i] = rows.get(i).tokens();
            Arrays.fill(seen[i], 0, next[i], true);
        }
        try (TensorScope scope = new TensorScope()) {
            List<Layer> layers = new ArrayList<>();
            for (int i = 0; i < rows.getFirst().cache().layers().size(); i++) {
                int index = i;
                Room made = new Room(
                        side(
                                rows,
                                columns + room,
                                from -> from.cache().layers().get(index).keys()),
                        side(
                                rows,
                                columns + room,
                                from -> from.cache().layers().get(index).values()));
                Layer layer = made.upTo(columns);
                layer.keepIn(scope);
                layers.add(layer);
            }
            return new KeyValueCache(List.copyOf(layers), seen, next);
        }
    }

    private static Tensor side(List<Beginning> rows, long columns, Function<Beginning, Tensor> of) {
        try (TensorScope scope = new TensorScope()) {
            Tensor like = of.apply(rows.getFirst());
            Tensor whole = torch.zeros(new long[] {rows.size(), like.size(1), columns, like.size(3)}, like.options());
            for (int i = 0; i < rows.size(); i++) {
                Beginning row = rows.get(i);
                if (row.tokens() > 0) {
                    whole.select(0, i).narrow(1, 0, row.tokens()).copy_(row.of(of.apply(row)));
                }
            }
            return scope.keep(whole);
        }
    }

    /// Columns that can be read behind it without copying it.
    public int room() {
        Room behind = layers.getFirst().room();
        return behind == null ? 0 : Math.toIntExact(behind.keys().size(2)) - columns();
    }

    /// Bytes of its keys and values, with their room.
    public long bytes() {
        return layers.stream()
                .mapToLong(layer -> {
                    Tensor whole =
                            layer.room() == null ? layer.keys() : layer.room().keys();
                    return 2 * whole.numel() * whole.element_size();
                })
                .sum();
    }

    /// Whether one row stands in front of all others, uncopied.
    public boolean hasTrunk() {
        return layers.getFirst().trunk() != null;
    }

    /// Frees its tensors before their scope ends, not their room.
    public void free() {
        layers.forEach(Layer::free);
    }

    /// Frees the room, once nothing that continues this is left.
    public void freeRoom() {
        layers.stream()
                .flatMap(layer -> Optional.ofNullable(layer.room()).stream())
                .forEach(Room::free);
    }

    /// Takes its tensors out of all scopes, until [#release].
    public KeyValueCache retained() {
        layers.forEach(layer -> {
            layer.tensors().forEach(Tensor::retainReference);
        });
        return this;
    }

    /// Frees the tensors of a retained one.
    public void release() {
        layers.forEach(layer -> {
            layer.tensors().forEach(Tensor::releaseReference);
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
            Tensor at = Device.longs(layers.getFirst().keys(), index, rows.length);
            List<Layer> selected = new ArrayList<>(layers.size());
            for (Layer layer : layers) {
                Layer chosen = layer.room() == null
                        ? new Layer(
                                layer.keys().index_select(0, at), layer.values().index_select(0, at), layer.trunk())
                        : layer.room().select(at).upTo(columns());
                chosen.keepIn(scope);
                selected.add(chosen);
            }
            return new KeyValueCache(List.copyOf(selected), seen, next);
        }
    }
}
