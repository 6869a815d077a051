package assay.model;

import assay.tensor.Dtype;
import assay.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Everything about one forward pass that does not depend on the numbers in it: who sees whom, and at which
/// position.
///
/// @param batch sequences
/// @param width new columns per sequence, padding included
/// @param past the cache in front, if any
/// @param lengths real new tokens per sequence
record Plan(int batch, int width, @Nullable KeyValueCache past, int[] lengths) {
    private int pastColumns() {
        return past == null ? 0 : past.columns();
    }

    /// Position of the first new token of `row`.
    int start(int row) {
        return past == null ? 0 : past.nextPositions()[past.rows() == 1 ? 0 : row];
    }

    /// One more than the largest position used.
    int positionsNeeded() {
        int needed = 0;
        for (int row = 0; row < batch; row++) {
            needed = Math.max(needed, start(row) + width);
        }
        return needed;
    }

    private boolean sharedMask() {
        return past == null || past.rows() == 1;
    }

    /// Additive attention mask `[batch or 1, 1, position, past + position]` for all new columns.
    Tensor mask(Dtype dtype) {
        int rows = sharedMask() ? 1 : batch;
        int keys = pastColumns() + width;
        float[] values = new float[rows * width * keys];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                fill(values, (row * width + column) * keys, row, column);
            }
        }
        return Torch.floats(values, rows, 1, width, keys).to(dtype.scalarType());
    }

    /// Additive attention mask `[batch, 1, slot, past + position]` for the chosen places only; unused slots
    /// see
    /// everything.
    Tensor mask(Positions chosen, Dtype dtype) {
        int slots = chosen.widthPerRow();
        int keys = pastColumns() + width;
        float[] values = new float[batch * slots * keys];
        long[] at = chosen.slots();
        for (int i = 0; i < at.length; i++) {
            fill(values, Math.toIntExact(at[i] * keys), chosen.rows()[i], chosen.columns()[i]);
        }
        return Torch.floats(values, batch, 1, slots, keys).to(dtype.scalarType());
    }

    private void fill(float[] values, int offset, int row, int column) {
        int cached = pastColumns();
        if (past != null) {
            boolean[] visible = past.visible()[past.rows() == 1 ? 0 : row];
            for (int key = 0; key < cached; key++) {
                values[offset + key] = visible[key] ? 0 : Float.NEGATIVE_INFINITY;
            }
        }
        for (int key = column + 1; key < width; key++) {
            values[offset + cached + key] = Float.NEGATIVE_INFINITY;
        }
    }

    /// Positions of all new tokens: `[position]` when every row starts alike, else `[batch · position]`.
    Tensor positions() {
        if (sharedMask()) {
            long[] values = new long[width];
            for (int column = 0; column < width; column++) {
                values[column] = (long) start(0) + column;
            }
            return Torch.longs(values, width);
        }
        long[] values = new long[batch * width];
        for (int row = 0; row < batch; row++) {
            for (int column = 0; column < width; column++) {
                values[row * width + column] = (long) start(row) + column;
            }
        }
        return Torch.longs(values, (long) batch * width);
    }

    /// Positions of the chosen places `[place]`.
    Tensor positions(Positions chosen) {
        long[] values = new long[chosen.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) start(chosen.rows()[i]) + chosen.columns()[i];
        }
        return Torch.longs(values, values.length);
    }

    /// Indices of the chosen places in a flattened `[batch · position]` axis.
    Tensor flat(Positions chosen) {
        long[] values = new long[chosen.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) chosen.rows()[i] * width + chosen.columns()[i];
        }
        return Torch.longs(values, values.length);
    }

    /// The visibility of the cache that this pass leaves behind.
    boolean[][] visibleAfter() {
        int cached = pastColumns();
        boolean[][] visible = new boolean[batch][cached + width];
        for (int row = 0; row < batch; row++) {
            if (past != null) {
                System.arraycopy(past.visible()[past.rows() == 1 ? 0 : row], 0, visible[row], 0, cached);
            }
            java.util.Arrays.fill(visible[row], cached, cached + lengths[row], true);
        }
        return visible;
    }

    /// The next position of each row after this pass.
    int[] nextPositions() {
        int[] next = new int[batch];
        for (int row = 0; row < batch; row++) {
            next[row] = start(row) + lengths[row];
        }
        return next;
    }
}
