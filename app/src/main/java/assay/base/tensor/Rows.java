package assay.base.tensor;

import assay.base.vector.NativeProducts;
import assay.base.vector.Vectors;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/// A tensor in native memory as rows along its last axis.
///
/// @param tensor float32 or bfloat16, without gaps
/// @param address of its first number
/// @param isHalf whether it is in bfloat16
/// @param count rows
/// @param width numbers of a row
record Rows(Tensor tensor, long address, boolean isHalf, long count, int width) {
    /// Without gaps: a copy, if it has any. In the CPU's memory.
    static Rows of(Tensor tensor) {
        Tensor home = Device.requireHome(tensor);
        Tensor whole = home.is_contiguous() ? home : home.contiguous();
        int width = Math.toIntExact(whole.size(-1));
        boolean isHalf = whole.element_size() == Dtype.BFLOAT16.bytes();
        return new Rows(whole, whole.data_ptr().address(), isHalf, whole.numel() / width, width);
    }

    /// Room for rows of the same shape.
    static Rows like(Tensor tensor, torch.ScalarType type) {
        return of(torch.empty_like(tensor, new TensorOptions(type), new MemoryFormatOptional()));
    }

    /// Room for a block of this shape.
    static Rows room(torch.ScalarType type, long... shape) {
        return of(torch.empty(shape, new TensorOptions(type), new MemoryFormatOptional()));
    }

    private long at(long row) {
        return address + row * width * (isHalf ? Dtype.BFLOAT16 : Dtype.FLOAT32).bytes();
    }

    void read(long row, float[] into) {
        Vectors.read(at(row), isHalf, into, width);
    }

    void write(long row, float[] from) {
        Vectors.write(from, 0, at(row), isHalf, width);
    }

    /// Writes a row from the middle of an array.
    void write(long row, float[] from, int begin) {
        Vectors.write(from, begin, at(row), isHalf, width);
    }

    /// Products of some rows with another.
    ///
    /// @param other from [#asked]
    void products(long first, int rows, float[][] other, float[] products, int at) {
        if (isHalf) {
            NativeProducts.ofHalves(at(first), rows, width, other[0], other[1], products, at);
        } else {
            NativeProducts.ofFloats(at(first), rows, width, other[0], products, at);
        }
    }

    /// A row of others in the order in which these rows are multiplied with it: of 16 bits, two neighbours at once.
    float[][] asked(Rows others, long row) {
        float[] whole = Vectors.row(width);
        others.read(row, whole);
        if (!isHalf) {
            return new float[][] {whole};
        }
        float[][] halves = {Vectors.row((width + 1) / 2), Vectors.row((width + 1) / 2)};
        for (int i = 0; i < width; i++) {
            halves[i % 2][i / 2] = whole[i];
        }
        return halves;
    }

    /// All of it as one row.
    float[] whole() {
        float[] row = Vectors.row(Math.toIntExact(count * width));
        Vectors.read(address, isHalf, row, Math.toIntExact(count * width));
        return row;
    }
}
