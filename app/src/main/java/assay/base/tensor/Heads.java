package assay.base.tensor;

import assay.base.vector.Vectors;
import org.bytedeco.pytorch.Tensor;

/// Keys or values in native memory, `[batch head position n]`: the numbers of a position stand side by side, all else
/// may have gaps.
///
/// @param address of its first number
/// @param isHalf whether it is in bfloat16
/// @param heads how many
/// @param strides numbers from one row of the batch to the next, from one head, from one position
/// @param width numbers of a position
record Heads(long address, boolean isHalf, int heads, long[] strides, int width) {
    static Heads of(Tensor tensor) {
        Tensor home = Device.requireHome(tensor);
        Tensor dense = home.stride(3) == 1 ? home : home.contiguous();
        return new Heads(
                dense.data_ptr().address(),
                dense.element_size() == Dtype.BFLOAT16.bytes(),
                Math.toIntExact(dense.size(1)),
                new long[] {dense.stride(0), dense.stride(1), dense.stride(2)},
                Math.toIntExact(dense.size(3)));
    }

    private void read(int head, int position, float[] into) {
        long number = head / heads * strides[0] + head % heads * strides[1] + position * strides[2];
        Vectors.read(address + number * (isHalf ? Dtype.BFLOAT16 : Dtype.FLOAT32).bytes(), isHalf, into, width);
    }

    /// What the queries of one head of a row find.
    ///
    /// @param values what stands behind these keys
    /// @param head counted over all rows
    /// @param queries `group` rows for each head
    /// @param hidden added to the scores
    /// @param seen keys
    /// @param found gets a row for each query
    void found(Heads values, int head, Rows queries, int group, float[] hidden, int seen, Rows found) {
        float[][] asking = new float[group][];
        float[][] shares = new float[group][];
        for (int i = 0; i < group; i++) {
            asking[i] = Vectors.row(width);
            queries.read((long) head * group + i, asking[i]);
            shares[i] = Vectors.row(seen);
        }
        float[] row = Vectors.row(width);
        for (int position = 0; position < seen; position++) {
            read(head, position, row);
            for (int i = 0; i < group; i++) {
                shares[i][position] = Vectors.product(asking[i], row, width);
            }
        }
        float[][] sums = new float[group][];
        for (int i = 0; i < group; i++) {
            Vectors.add(shares[i], hidden);
            Vectors.softmax(shares[i], seen);
            sums[i] = Vectors.row(values.width());
        }
        float[] value = Vectors.row(values.width());
        for (int position = 0; position < seen; position++) {
            values.read(head, position, value);
            for (int i = 0; i < group; i++) {
                Vectors.addScaled(sums[i], value, shares[i][position]);
            }
        }
        for (int i = 0; i < group; i++) {
            found.write((long) head * group + i, sums[i]);
        }
    }
}
