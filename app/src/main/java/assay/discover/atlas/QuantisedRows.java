package assay.discover.atlas;

import assay.base.run.SavedState;
import assay.measure.probe.SketchMap;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/// Rows of numbers kept in 8 bits each with one scale per row.
///
/// @param scales value of one step, per row
/// @param steps `[row, column]`, −127 … 127
public record QuantisedRows(int columns, float[] scales, byte[] steps) {
    private static final int MOST_COLUMNS = 1 << 16;

    /// @throws IllegalArgumentException if the sizes do not belong together
    public QuantisedRows {
        if (steps.length != Math.multiplyExact(columns, scales.length)) {
            throw new IllegalArgumentException(
                    "rows: expected " + columns + " × " + scales.length + " steps, found " + steps.length);
        }
    }

    /// Whether every row stands for numbers.
    boolean isFinite() {
        return allFinite(scales);
    }

    /// Whether all of these are numbers.
    static boolean allFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /// Number of rows.
    public int rows() {
        return scales.length;
    }

    /// One row as numbers.
    public float[] row(int row) {
        float[] values = new float[columns];
        for (int i = 0; i < columns; i++) {
            values[i] = steps[row * columns + i] * scales[row];
        }
        return values;
    }

    /// All rows as numbers, in order.
    public float[][] decoded() {
        float[][] decoded = new float[rows()][];
        Arrays.setAll(decoded, this::row);
        return decoded;
    }

    /// Rounds one row to 8 bits.
    public static QuantisedRows of(float[] row) {
        float largest = 0;
        for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
        }
        float scale = largest == 0 ? 1 : largest / 127;
        byte[] steps = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            steps[i] = (byte) Math.round(row[i] / scale);
        }
        return new QuantisedRows(row.length, new float[] {scale}, steps);
    }

    /// Writes them, as [#read] reads them.
    public void write(DataOutputStream out) throws IOException {
        out.writeInt(columns);
        SavedState.writeFloats(scales, out);
        out.write(steps);
    }

    /// Reads at most so many rows.
    public static QuantisedRows read(SavedState.Input in, int most) throws IOException {
        int columns = in.count(MOST_COLUMNS);
        float[] scales = in.floats(most);
        long steps = (long) columns * scales.length;
        if (steps > Integer.MAX_VALUE - 8) {
            throw in.refused("rows of numbers up to " + Integer.MAX_VALUE, Long.toString(steps));
        }
        return new QuantisedRows(columns, scales, in.bytes((int) steps));
    }

    /// Rounds the rows of sketches.
    public static QuantisedRows of(float[][] rows) {
        float[] scales = new float[rows.length];
        byte[] steps = new byte[rows.length * SketchMap.SIZE];
        for (int i = 0; i < rows.length; i++) {
            QuantisedRows row = of(rows[i]);
            scales[i] = row.scales[0];
            System.arraycopy(row.steps, 0, steps, i * SketchMap.SIZE, SketchMap.SIZE);
        }
        return new QuantisedRows(SketchMap.SIZE, scales, steps);
    }

    /// No rows yet.
    public static QuantisedRows none(int columns) {
        return new QuantisedRows(columns, new float[0], new byte[0]);
    }

    /// These rows followed by others of the same width.
    public QuantisedRows followedBy(QuantisedRows others) {
        float[] allScales = Arrays.copyOf(scales, scales.length + others.scales.length);
        System.arraycopy(others.scales, 0, allScales, scales.length, others.scales.length);
        byte[] allSteps = Arrays.copyOf(steps, steps.length + others.steps.length);
        System.arraycopy(others.steps, 0, allSteps, steps.length, others.steps.length);
        return new QuantisedRows(columns, allScales, allSteps);
    }
}
