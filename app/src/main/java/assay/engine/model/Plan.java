package assay.engine.model;

import assay.ResourceException;
import assay.base.tensor.Device;
import assay.base.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Everything about one forward pass that does not depend on the numbers in it: who sees whom, and at which
/// position.
///
/// @param past the cache in front, if any
/// @param lengths new tokens per sequence
record Plan(@Nullable KeyValueCache past, int[] lengths) {
    /// Attention scores held at once: 32 MB of float32.
    private static final long MOST_SCORES = 8L << 20;

    /// Numbers in all masks of a pass: 2 GB of float32.
    private static final long MOST_MASKED = 512L << 20;

    /// A key no query may look at.
    private static final int NEVER = Integer.MAX_VALUE;

    /// @throws IllegalArgumentException if the cache has neither one row nor as many as there are sequences
    Plan {
        if (past != null && past.rows() != 1 && past.rows() != lengths.length) {
            throw new IllegalArgumentException(
                    "cache: expected 1 row or " + lengths.length + ", found " + past.rows() + ".");
        }
    }

    int batch() {
        return lengths.length;
    }

    /// Columns of the padded batch.
    int width() {
        return Arrays.stream(lengths).max().orElseThrow();
    }

    private int pastColumns() {
        return past == null ? 0 : past.columns();
    }

    /// Position of the first new token of `row`.
    private int start(int row) {
        return past == null ? 0 : past.nextPositions()[past.rows() == 1 ? 0 : row];
    }

    /// One more than the largest position used.
    int positionsNeeded() {
        int needed = 0;
        for (int row = 0; row < lengths.length; row++) {
            needed = Math.max(needed, start(row) + lengths[row]);
        }
        return needed;
    }

    /// Every new token.
    Positions all() {
        return Positions.all(lengths);
    }

    /// Positions of places in their sequences.
    int[] positions(Positions places) {
        int[] values = new int[places.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = start(places.rows()[i]) + places.columns()[i];
        }
        return values;
    }

    /// Where chosen places stand among all new tokens.
    Tensor indices(Positions chosen) {
        long[] before = new long[lengths.length];
        for (int row = 1; row < lengths.length; row++) {
            before[row] = before[row - 1] + lengths[row - 1];
        }
        long[] values = new long[chosen.count()];
        for (int i = 0; i < values.length; i++) {
            int row = chosen.rows()[i];
            int column = chosen.columns()[i];
            if (row < 0 || row >= lengths.length || column < 0 || column >= lengths[row]) {
                throw new IllegalArgumentException(
                        "positions: expected places inside the batch, found row " + row + ", column " + column + ".");
            }
            values[i] = before[row] + column;
        }
        return Torch.longs(values, values.length);
    }

    /// Some columns of queries and the keys they may look at, so that scores of a long context never
    /// exist all at once.
    ///
    /// @param from first query column
    /// @param count query columns
    /// @param keys how many keys, from the first on, any of these queries can see
    /// @param mask `[batch or 1, 1, column, key]` float32: 0 where a query sees a key, −∞ where not
    record Window(int from, int count, int keys, Tensor mask) {
        /// The same on a device.
        Window on(Device device) {
            return device.isCpu() ? this : new Window(from, count, keys, device.here(mask));
        }
    }

    /// What each column of a grid of `places` may look at, in windows small enough to hold their scores.
    ///
    /// @param heads query heads
    List<Window> windows(Positions places, int heads) {
        int[][] columns = columns(places);
        int[][] keys = keys();
        int slots = columns[0].length;
        long perSlot = (long) lengths.length * heads * keys[0].length;
        if ((long) Math.max(columns.length, keys.length) * slots * keys[0].length > MOST_MASKED) {
            throw new ResourceException("context: expected at most " + MOST_MASKED + " pairs of tokens, found "
                    + slots + " x " + keys[0].length + " in " + lengths.length
                    + " sequences. Shorten the conversation or run fewer at once.");
        }
        int count = Math.clamp(MOST_SCORES / perSlot, 1, slots);
        List<Window> windows = new ArrayList<>();
        for (int from = 0; from < slots; from += count) {
            windows.add(window(columns, keys, from, Math.min(count, slots - from)));
        }
        return windows;
    }

    private Window window(int[][] columns, int[][] keys, int from, int count) {
        int last = 0;
        long[] asking = new long[columns.length * count];
        for (int row = 0; row < columns.length; row++) {
            for (int i = 0; i < count; i++) {
                asking[row * count + i] = columns[row][from + i];
                last = Math.max(last, columns[row][from + i]);
            }
        }
        int seen = pastColumns() + last + 1;
        long[] offered = new long[keys.length * seen];
        for (int row = 0; row < keys.length; row++) {
            for (int key = 0; key < seen; key++) {
                offered[row * seen + key] = keys[row][key];
            }
        }
        Tensor hidden =
                Torch.longs(offered, keys.length, 1, 1, seen).gt(Torch.longs(asking, columns.length, 1, count, 1));
        Tensor mask = torch.zeros(hidden.sizes(), new TensorOptions(torch.ScalarType.Float))
                .masked_fill_(hidden, new Scalar(Float.NEGATIVE_INFINITY));
        return new Window(from, count, seen, mask);
    }

    /// The new-token column each slot of each row asks from; one row if all are alike.
    private int[][] columns(Positions places) {
        int slots = places.widthPerRow();
        int last = width() - 1;
        int[][] columns = new int[lengths.length][slots];
        for (int[] row : columns) {
            Arrays.setAll(row, slot -> Math.min(slot, last));
        }
        long[] cells = places.slots();
        for (int i = 0; i < cells.length; i++) {
            columns[places.rows()[i]][(int) (cells[i] % slots)] = places.columns()[i];
        }
        boolean alike = Arrays.stream(columns).allMatch(row -> Arrays.equals(row, columns[0]));
        return alike ? new int[][] {columns[0]} : columns;
    }

    /// For each key of each row the first new-token column that may see it; one row if all are alike.
    private int[][] keys() {
        int cached = pastColumns();
        int width = width();
        int[][] keys = new int[past == null ? 1 : past.rows()][cached + width];
        for (int row = 0; row < keys.length; row++) {
            for (int key = 0; key < cached; key++) {
                keys[row][key] = past != null && past.visible()[row][key] ? -1 : NEVER;
            }
            for (int column = 0; column < width; column++) {
                keys[row][cached + column] = column;
            }
        }
        return keys;
    }

    /// The visibility of the cache that this pass leaves behind.
    boolean[][] visibleAfter() {
        int cached = pastColumns();
        boolean[][] visible = new boolean[lengths.length][cached + width()];
        for (int row = 0; row < lengths.length; row++) {
            if (past != null) {
                System.arraycopy(past.visible()[past.rows() == 1 ? 0 : row], 0, visible[row], 0, cached);
            }
            Arrays.fill(visible[row], cached, cached + lengths[row], true);
        }
        return visible;
    }

    /// The next position of each row after this pass.
    int[] nextPositions() {
        int[] next = new int[lengths.length];
        for (int row = 0; row < next.length; row++) {
            next[row] = start(row) + lengths[row];
        }
        return next;
    }
}
