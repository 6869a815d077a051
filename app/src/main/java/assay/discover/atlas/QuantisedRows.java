package assay.discover.atlas;

/// Rows of numbers kept in 8 bits each with one scale per row.
///
/// @param columns numbers per row
/// @param scales value of one step, per row
/// @param steps `[row, column]`, −127 … 127
public record QuantisedRows(int columns, float[] scales, byte[] steps) {
    /// @throws IllegalArgumentException if the sizes do not belong together
    public QuantisedRows {
        if (steps.length != Math.multiplyExact(columns, scales.length)) {
            throw new IllegalArgumentException(
                    "rows: expected " + columns + " × " + scales.length + " steps, found " + steps.length);
        }
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
        java.util.Arrays.setAll(decoded, this::row);
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

    /// No rows yet.
    public static QuantisedRows none(int columns) {
        return new QuantisedRows(columns, new float[0], new byte[0]);
    }

    /// These rows followed by others of the same width.
    public QuantisedRows followedBy(QuantisedRows others) {
        float[] allScales = java.util.Arrays.copyOf(scales, scales.length + others.scales.length);
        System.arraycopy(others.scales, 0, allScales, scales.length, others.scales.length);
        byte[] allSteps = java.util.Arrays.copyOf(steps, steps.length + others.steps.length);
        System.arraycopy(others.steps, 0, allSteps, steps.length, others.steps.length);
        return new QuantisedRows(columns, allScales, allSteps);
    }
}
