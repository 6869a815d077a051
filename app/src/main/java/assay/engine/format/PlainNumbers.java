package assay.engine.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Decodes formats that store each number by itself, little-endian.
final class PlainNumbers {
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private PlainNumbers() {}

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    static short shortAt(byte[] in, int at) {
        return (short) SHORT.get(in, at);
    }

    static int intAt(byte[] in, int at) {
        return (int) INT.get(in, at);
    }

    static long longAt(byte[] in, int at) {
        return (long) LONG.get(in, at);
    }

    static float halfAt(byte[] in, int at) {
        return Float.float16ToFloat(shortAt(in, at));
    }

    static void float32(byte[] in, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = Float.intBitsToFloat(intAt(in, 4 * i));
        }
    }

    static void float16(byte[] in, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = halfAt(in, 2 * i);
        }
    }

    static void bfloat16(byte[] in, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = Float.intBitsToFloat(shortAt(in, 2 * i) << 16);
        }
    }

    static void float64(byte[] in, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = (float) Double.longBitsToDouble(longAt(in, 8 * i));
        }
    }

    static void int64(byte[] in, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = longAt(in, 8 * i);
        }
    }

    static void int32(byte[] in, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = intAt(in, 4 * i);
        }
    }
}
