package assay.engine.model;

import assay.base.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Token sequences of different lengths that are run together, padded on the right.
///
/// @param rows one array of token ids per sequence; none may be empty
public record TokenBatch(List<int[]> rows) {
    /// @throws IllegalArgumentException if there is no sequence or one is empty
    public TokenBatch {
        if (rows.isEmpty() || rows.stream().anyMatch(row -> row.length == 0)) {
            throw new IllegalArgumentException("batch: expected non-empty sequences, found " + rows.size() + " rows.");
        }
        rows = List.copyOf(rows);
    }

    /// A batch of one sequence.
    public static TokenBatch of(int... tokens) {
        return new TokenBatch(List.of(tokens));
    }

    /// Tokens in the longest sequence.
    public int width() {
        return rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    }

    /// Tokens in each sequence.
    public int[] lengths() {
        return rows.stream().mapToInt(row -> row.length).toArray();
    }

    /// Token ids `[batch position]`, zero where padded.
    Tensor padded() {
        int width = width();
        long[] ids = new long[rows.size() * width];
        for (int row = 0; row < rows.size(); row++) {
            int[] tokens = rows.get(row);
            for (int i = 0; i < tokens.length; i++) {
                ids[row * width + i] = tokens[i];
            }
        }
        return Torch.longs(ids, rows.size(), width);
    }
}
