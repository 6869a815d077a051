package assay.base.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// Products of a row with many rows in native memory, which are read once: as long as reading them takes.
public final class NativeProducts {
    private NativeProducts() {}

    /// Products of one row with rows of bfloat16 that stand one after another. Two neighbours are read
    /// as one whole number, whose halves are both floats.
    ///
    /// @param address of the first
    /// @param even every other number of the row, from the first on, in whole vectors
    /// @param odd the others
    /// @param products gets one for each, from `at` on
    public static void ofHalves(
            long address, int rows, int width, float[] even, float[] odd, float[] products, int at) {
        int whole = Vectors.INTS.loopBound(width / 2);
        float[] sums = new float[4];
        int row = 0;
        for (; row + 3 < rows; row += 4) {
            fourHalves(address + 2L * row * width, width, even, odd, sums);
            for (int i = 0; i < 4; i++) {
                products[at + row + i] =
                        restOfHalves(sums[i], address + 2L * (row + i) * width, 2 * whole, width, even, odd);
            }
        }
        for (; row < rows; row++) {
            long from = address + 2L * row * width;
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            FloatVector other = FloatVector.zero(Vectors.FLOATS);
            for (int i = 0; i < whole; i += Vectors.LANES) {
                IntVector pairs =
                        IntVector.fromMemorySegment(Vectors.INTS, Vectors.MEMORY, from + 4L * i, Vectors.ORDER);
                sum = first(pairs).fma(FloatVector.fromArray(Vectors.FLOATS, even, i), sum);
                other = second(pairs).fma(FloatVector.fromArray(Vectors.FLOATS, odd, i), other);
            }
            products[at + row] = restOfHalves(Vectors.total(sum.add(other)), from, 2 * whole, width, even, odd);
        }
    }

    /// Four rows that follow each other, so that none waits for the sum of another.
    private static void fourHalves(long from, int width, float[] even, float[] odd, float[] sums) {
        long step = 2L * width;
        FloatVector a = FloatVector.zero(Vectors.FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        FloatVector otherA = a;
        FloatVector otherB = a;
        FloatVector otherC = a;
        FloatVector otherD = a;
        int whole = Vectors.INTS.loopBound(width / 2);
        for (int i = 0; i < whole; i += Vectors.LANES) {
            FloatVector x = FloatVector.fromArray(Vectors.FLOATS, even, i);
            FloatVector y = FloatVector.fromArray(Vectors.FLOATS, odd, i);
            long at = from + 4L * i;
            IntVector pairs = IntVector.fromMemorySegment(Vectors.INTS, Vectors.MEMORY, at, Vectors.ORDER);
            a = first(pairs).fma(x, a);
            otherA = second(pairs).fma(y, otherA);
            pairs = IntVector.fromMemorySegment(Vectors.INTS, Vectors.MEMORY, at + step, Vectors.ORDER);
            b = first(pairs).fma(x, b);
            otherB = second(pairs).fma(y, otherB);
            pairs = IntVector.fromMemorySegment(Vectors.INTS, Vectors.MEMORY, at + 2 * step, Vectors.ORDER);
            c = first(pairs).fma(x, c);
            otherC = second(pairs).fma(y, otherC);
            pairs = IntVector.fromMemorySegment(Vectors.INTS, Vectors.MEMORY, at + 3 * step, Vectors.ORDER);
            d = first(pairs).fma(x, d);
            otherD = second(pairs).fma(y, otherD);
        }
        sums[0] = Vectors.total(a.add(otherA));
        sums[1] = Vectors.total(b.add(otherB));
        sums[2] = Vectors.total(c.add(otherC));
        sums[3] = Vectors.total(d.add(otherD));
    }

    /// The same with rows of float32.
    ///
    /// @param row what they are multiplied with
    public static void ofFloats(long address, int rows, int width, float[] row, float[] products, int at) {
        int whole = Vectors.FLOATS.loopBound(width);
        int i = 0;
        for (; i + 3 < rows; i += 4) {
            long from = address + 4L * i * width;
            FloatVector a = FloatVector.zero(Vectors.FLOATS);
            FloatVector b = a;
            FloatVector c = a;
            FloatVector d = a;
            for (int j = 0; j < whole; j += Vectors.LANES) {
                FloatVector x = FloatVector.fromArray(Vectors.FLOATS, row, j);
                a = floats(from, j).fma(x, a);
                b = floats(from, width + j).fma(x, b);
                c = floats(from, 2 * width + j).fma(x, c);
                d = floats(from, 3 * width + j).fma(x, d);
            }
            products[at + i] = rest(Vectors.total(a), from, whole, width, row);
            products[at + i + 1] = rest(Vectors.total(b), from + 4L * width, whole, width, row);
            products[at + i + 2] = rest(Vectors.total(c), from + 8L * width, whole, width, row);
            products[at + i + 3] = rest(Vectors.total(d), from + 12L * width, whole, width, row);
        }
        for (; i < rows; i++) {
            long from = address + 4L * i * width;
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            for (int j = 0; j < whole; j += Vectors.LANES) {
                sum = floats(from, j).fma(FloatVector.fromArray(Vectors.FLOATS, row, j), sum);
            }
            products[at + i] = rest(Vectors.total(sum), from, whole, width, row);
        }
    }

    private static FloatVector floats(long address, int number) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Vectors.MEMORY, address + 4L * number, Vectors.ORDER);
    }

    /// Adds the products from number `begin` of a row of float32 on.
    private static float rest(float sum, long address, int begin, int width, float[] row) {
        float product = sum;
        for (int i = begin; i < width; i++) {
            product += Vectors.MEMORY.get(Vectors.FLOAT, address + 4L * i) * row[i];
        }
        return product;
    }

    private static FloatVector first(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector second(IntVector pairs) {
        return pairs.lanewise(VectorOperators.AND, 0xFFFF0000).reinterpretAsFloats();
    }

    /// Adds the products from number `begin` of a row of bfloat16 on.
    private static float restOfHalves(float sum, long address, int begin, int width, float[] even, float[] odd) {
        float product = sum;
        for (int i = begin; i < width; i++) {
            float weight = Float.intBitsToFloat(Vectors.MEMORY.get(Vectors.SHORT, address + 2L * i) << 16);
            product += weight * (i % 2 == 0 ? even : odd)[i / 2];
        }
        return product;
    }
}
