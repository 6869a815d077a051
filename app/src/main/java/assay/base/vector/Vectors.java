package assay.base.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Loops over one row of numbers, by vector instructions. Rows are computed on as floats, in arrays that stay in the
/// core's own cache, and are read from and written to native memory as float32 or bfloat16.
public final class Vectors {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));
    static final int LANES = FLOATS.length();

    @SuppressWarnings("restricted") // Addresses and lengths come from tensors alone.
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final ByteOrder ORDER = ByteOrder.nativeOrder();
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private static final VectorShuffle<Float> BY_8 = swapped(8);
    private static final VectorShuffle<Float> BY_4 = swapped(4);
    private static final VectorShuffle<Float> BY_2 = swapped(2);
    private static final VectorShuffle<Float> BY_1 = swapped(1);

    private static final int NOT_A_NUMBER = 0x7FC0;

    /// e^x = 2^n · e^r with n whole and |r| at most half of ln 2, the reduction in two steps (Cody and Waite, 1980).
    private static final float LOG2_E = 1.442695f;

    private static final float LN2_HIGH = 0x1.63p-1f;
    private static final float LN2_LOW = -2.1219444e-4f;
    /// Added to a small number, it leaves the nearest whole one in the last bits.
    private static final float ROUNDING = 12582912f;

    private static final float SMALLEST = -87f;
    private static final float LARGEST = 88f;

    private Vectors() {}

    /// Every lane changes places with the one `by` further.
    private static VectorShuffle<Float> swapped(int by) {
        return VectorShuffle.fromOp(FLOATS, lane -> by < LANES ? lane ^ by : lane);
    }

    /// The sum of the lanes, in one order: `reduceLanes` has one before the Java machine has compiled it and another
    /// behind, so that no two runs would agree to the last digit.
    static float total(FloatVector lanes) {
        FloatVector sum = lanes;
        if (LANES >= 16) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    /// Room for a row of `count` numbers in whole vectors.
    public static float[] row(int count) {
        return new float[(count + LANES - 1) / LANES * LANES];
    }

    /// Reads `count` numbers from native memory.
    public static void read(long address, boolean isHalf, float[] row, int count) {
        int whole = FLOATS.loopBound(count);
        if (isHalf) {
            for (int i = 0; i < whole; i += LANES) {
                ShortVector.fromMemorySegment(SHORTS, MEMORY, address + 2L * i, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .intoArray(row, i);
            }
            for (int i = whole; i < count; i++) {
                row[i] = Float.intBitsToFloat(MEMORY.get(SHORT, address + 2L * i) << 16);
            }
            return;
        }
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromMemorySegment(FLOATS, MEMORY, address + 4L * i, ORDER)
                    .intoArray(row, i);
        }
        for (int i = whole; i < count; i++) {
            row[i] = MEMORY.get(FLOAT, address + 4L * i);
        }
    }

    /// Writes `count` numbers of a row, from `begin` on, to native memory; bfloat16 gets the nearest, of two equally
    /// near ones the even.
    public static void write(float[] row, int begin, long address, boolean isHalf, int count) {
        int whole = FLOATS.loopBound(count);
        if (isHalf) {
            for (int i = 0; i < whole; i += LANES) {
                FloatVector x = FloatVector.fromArray(FLOATS, row, begin + i);
                IntVector bits = x.reinterpretAsInts();
                IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).lanewise(VectorOperators.AND, 1);
                IntVector near = bits.add(odd).add(0x7FFF).lanewise(VectorOperators.LSHR, 16);
                VectorMask<Integer> none = x.test(VectorOperators.IS_NAN).cast(INTS);
                ((ShortVector) near.blend(NOT_A_NUMBER, none).convertShape(VectorOperators.I2S, SHORTS, 0))
                        .intoMemorySegment(MEMORY, address + 2L * i, ORDER);
            }
            for (int i = whole; i < count; i++) {
                MEMORY.set(SHORT, address + 2L * i, half(row[begin + i]));
            }
            return;
        }
        for (int i = 0; i < whole; i += LANES) {
            FloatVector.fromArray(FLOATS, row, begin + i).intoMemorySegment(MEMORY, address + 4L * i, ORDER);
        }
        for (int i = whole; i < count; i++) {
            MEMORY.set(FLOAT, address + 4L * i, row[begin + i]);
        }
    }

    private static short half(float x) {
        if (Float.isNaN(x)) {
            return (short) NOT_A_NUMBER;
        }
        int bits = Float.floatToRawIntBits(x);
        return (short) ((bits + (bits >>> 16 & 1) + 0x7FFF) >>> 16);
    }

    /// Products of one row with a few others of its length, four at a time.
    ///
    /// @param products `[other][…]`, gets one for each at `at`
    static void products(float[] row, float[][] few, float[][] products, int at) {
        int j = 0;
        for (; j + 3 < few.length; j += 4) {
            four(row, few, products, j, at);
        }
        for (; j < few.length; j++) {
            products[j][at] = product(row, few[j], row.length);
        }
    }

    private static void four(float[] row, float[][] few, float[][] products, int j, int at) {
        float[] a = few[j];
        float[] b = few[j + 1];
        float[] c = few[j + 2];
        float[] d = few[j + 3];
        FloatVector inA = FloatVector.zero(FLOATS);
        FloatVector inB = FloatVector.zero(FLOATS);
        FloatVector inC = FloatVector.zero(FLOATS);
        FloatVector inD = FloatVector.zero(FLOATS);
        int whole = FLOATS.loopBound(row.length);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, row, i);
            inA = x.fma(FloatVector.fromArray(FLOATS, a, i), inA);
            inB = x.fma(FloatVector.fromArray(FLOATS, b, i), inB);
            inC = x.fma(FloatVector.fromArray(FLOATS, c, i), inC);
            inD = x.fma(FloatVector.fromArray(FLOATS, d, i), inD);
        }
        products[j][at] = rest(total(inA), row, a, whole, row.length);
        products[j + 1][at] = rest(total(inB), row, b, whole, row.length);
        products[j + 2][at] = rest(total(inC), row, c, whole, row.length);
        products[j + 3][at] = rest(total(inD), row, d, whole, row.length);
    }

    /// Σ xᵢ·yᵢ over the first `count` numbers.
    public static float product(float[] x, float[] y, int count) {
        FloatVector sum = FloatVector.zero(FLOATS);
        FloatVector other = FloatVector.zero(FLOATS);
        int whole = FLOATS.loopBound(count);
        int i = 0;
        for (; i + LANES < whole; i += 2 * LANES) {
            sum = FloatVector.fromArray(FLOATS, x, i).fma(FloatVector.fromArray(FLOATS, y, i), sum);
            other = FloatVector.fromArray(FLOATS, x, i + LANES).fma(FloatVector.fromArray(FLOATS, y, i + LANES), other);
        }
        for (; i < whole; i += LANES) {
            sum = FloatVector.fromArray(FLOATS, x, i).fma(FloatVector.fromArray(FLOATS, y, i), sum);
        }
        return rest(total(sum.add(other)), x, y, whole, count);
    }

    /// Adds the products from `from` on to a sum.
    private static float rest(float sum, float[] x, float[] y, int from, int count) {
        float total = sum;
        for (int i = from; i < count; i++) {
            total += x[i] * y[i];
        }
        return total;
    }

    /// x · factor · weight, in place; both arrays in whole vectors.
    public static void scale(float[] row, float factor, float[] weight) {
        for (int i = 0; i < row.length; i += LANES) {
            FloatVector.fromArray(FLOATS, row, i)
                    .mul(factor)
                    .mul(FloatVector.fromArray(FLOATS, weight, i))
                    .intoArray(row, i);
        }
    }

    /// x + y, in place of x; both in whole vectors.
    public static void add(float[] x, float[] y) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(FLOATS, x, i)
                    .add(FloatVector.fromArray(FLOATS, y, i))
                    .intoArray(x, i);
        }
    }

    /// sum + x · factor, in place of the sum; both in whole vectors.
    public static void addScaled(float[] sum, float[] x, float factor) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector.fromArray(FLOATS, x, i)
                    .fma(FloatVector.broadcast(FLOATS, factor), FloatVector.fromArray(FLOATS, sum, i))
                    .intoArray(sum, i);
        }
    }

    /// x / (1 + e^−x) · y, in place of x; both in whole vectors.
    public static void swish(float[] x, float[] y) {
        for (int i = 0; i < x.length; i += LANES) {
            FloatVector gate = FloatVector.fromArray(FLOATS, x, i);
            gate.div(exp(gate.neg()).add(1))
                    .mul(FloatVector.fromArray(FLOATS, y, i))
                    .intoArray(x, i);
        }
    }

    /// Turns the pairs (xᵢ, xᵢ₊half) of one head by their angles, times `factor`: from `from` on in the row.
    public static void turn(float[] row, int from, float[] cosine, float[] sine, int half, float factor) {
        int whole = FLOATS.loopBound(half);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector first = FloatVector.fromArray(FLOATS, row, from + i);
            FloatVector second = FloatVector.fromArray(FLOATS, row, from + half + i);
            FloatVector c = FloatVector.fromArray(FLOATS, cosine, i).mul(factor);
            FloatVector s = FloatVector.fromArray(FLOATS, sine, i).mul(factor);
            first.mul(c).sub(second.mul(s)).intoArray(row, from + i);
            second.mul(c).add(first.mul(s)).intoArray(row, from + half + i);
        }
        for (int i = whole; i < half; i++) {
            float first = row[from + i];
            float second = row[from + half + i];
            float c = cosine[i] * factor;
            float s = sine[i] * factor;
            row[from + i] = first * c - second * s;
            row[from + half + i] = second * c + first * s;
        }
    }

    /// The softmax of the first `count` numbers, in place; of nothing but −∞ it is 0 everywhere. The rest of the row is
    /// overwritten.
    public static void softmax(float[] row, int count) {
        Arrays.fill(row, count, row.length, Float.NEGATIVE_INFINITY);
        FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < row.length; i += LANES) {
            largest = largest.max(FloatVector.fromArray(FLOATS, row, i));
        }
        float top = largest.reduceLanes(VectorOperators.MAX);
        if (top == Float.NEGATIVE_INFINITY) {
            Arrays.fill(row, 0);
            return;
        }
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < row.length; i += LANES) {
            FloatVector share = exp(FloatVector.fromArray(FLOATS, row, i).sub(top));
            share.intoArray(row, i);
            sum = sum.add(share);
        }
        float inverse = 1 / total(sum);
        for (int i = 0; i < row.length; i += LANES) {
            FloatVector.fromArray(FLOATS, row, i).mul(inverse).intoArray(row, i);
        }
    }

    /// e^x within two units of the last digit, e^r by the polynomial of Cephes' expf; 0 below [#SMALLEST], about 1.7e38
    /// above [#LARGEST].
    private static FloatVector exp(FloatVector x) {
        FloatVector inside = x.max(SMALLEST).min(LARGEST);
        FloatVector rounded = inside.mul(LOG2_E).add(ROUNDING);
        FloatVector whole = rounded.sub(ROUNDING);
        FloatVector rest = whole.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), inside);
        FloatVector r = whole.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), rest);
        FloatVector p = FloatVector.broadcast(FLOATS, 1.9875691e-4f);
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.0013981999f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.008333452f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.041665796f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.16666666f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 0.5f));
        FloatVector near = p.fma(r.mul(r), r).add(1);
        IntVector power = rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector value = near.reinterpretAsInts().add(power).reinterpretAsFloats();
        return value.blend(0, x.lt(SMALLEST));
    }
}
