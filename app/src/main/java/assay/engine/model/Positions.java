package assay.engine.model;

import java.util.Arrays;

/// The places of a batch whose hidden states are wanted: pairs (row, column), rows ascending.
///
/// @param rows batch row of each place
/// @param columns token column of each place, 0 the first new token of the row
public record Positions(int[] rows, int[] columns) {
    /// @throws IllegalArgumentException if the arrays differ in length, are empty or rows do not ascend
    public Positions {
        if (rows.length != columns.length || rows.length == 0) {
            throw new IllegalArgumentException("positions: expected as many columns as rows, found " + rows.length
                    + " and " + columns.length + ".");
        }
        for (int i = 1; i < rows.length; i++) {
            if (rows[i] < rows[i - 1]) {
                throw new IllegalArgumentException(
                        "positions: expected ascending rows, found " + Arrays.toString(rows));
            }
        }
    }

    /// The last token of every sequence.
    public static Positions last(TokenBatch batch) {
        int[] rows = new int[batch.rows().size()];
        int[] columns = new int[rows.length];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = row;
            columns[row] = batch.rows().get(row).length - 1;
        }
        return new Positions(rows, columns);
    }

    /// Every token of every sequence, padding left out.
    public static Positions all(TokenBatch batch) {
        return all(batch.lengths());
    }

    static Positions all(int[] lengths) {
        int total = Arrays.stream(lengths).sum();
        int[] rows = new int[total];
        int[] columns = new int[total];
        int at = 0;
        for (int row = 0; row < lengths.length; row++) {
            for (int column = 0; column < lengths[row]; column++, at++) {
                rows[at] = row;
                columns[at] = column;
            }
        }
        return new Positions(rows, columns);
    }

    /// Number of places.
    public int count() {
        return rows.length;
    }

    /// The largest number of places in one row: the width of a padded query block.
    int widthPerRow() {
        int widest = 0;
        int run = 0;
        for (int i = 0; i < rows.length; i++) {
            run = i > 0 && rows[i] == rows[i - 1] ? run + 1 : 1;
            widest = Math.max(widest, run);
        }
        return widest;
    }

    /// Where each place goes in a padded block `[batch widthPerRow]`, flattened.
    long[] slots() {
        int width = widthPerRow();
        long[] slots = new long[rows.length];
        int run = 0;
        for (int i = 0; i < rows.length; i++) {
            run = i > 0 && rows[i] == rows[i - 1] ? run + 1 : 0;
            slots[i] = (long) rows[i] * width + run;
        }
        return slots;
    }
}
