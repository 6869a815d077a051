package assay.engine.format;

/// Decodes ggml's blocks whose 4 bits choose among 16 fixed steps (IQ4_NL, IQ4_XS, MXFP4).
///
/// Byte `j` of 16 holds number `j` in its lower and number `j + 16` in its upper half. Layout: ggml,
/// `ggml-common.h`. Arithmetic is in single precision, as in the `gguf` Python package, so the results
/// are equal bit for bit.
final class TableBlocks {
    private static final int SIZE = 32;
    private static final int SUPER_SIZE = 256;

    private TableBlocks() {}

    /// Denser near zero, where weights are.
    private static int uneven(int bits) {
        return switch (bits) {
            case 0 -> -127;
            case 1 -> -104;
            case 2 -> -83;
            case 3 -> -65;
            case 4 -> -49;
            case 5 -> -35;
            case 6 -> -22;
            case 7 -> -10;
            case 8 -> 1;
            case 9 -> 13;
            case 10 -> 25;
            case 11 -> 38;
            case 12 -> 53;
            case 13 -> 69;
            case 14 -> 89;
            default -> 113;
        };
    }

    /// Twice the 4-bit floats (sign, two bits of exponent, one of mantissa) of the OCP microscaling
    /// formats.
    private static int twiceFloat(int bits) {
        int exponent = (bits >> 1) & 3;
        int value = exponent == 0 ? bits & 1 : (2 + (bits & 1)) << (exponent - 1);
        return bits < 8 ? value : -value;
    }

    /// `scale (half) · 16 bytes`.
    static void iq4(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            uneven(in, block * 18 + 2, PlainNumbers.halfAt(in, block * 18), out, block * SIZE);
        }
    }

    /// `scale (half) · 16 upper bits of eight 6-bit scales · 4 bytes of their lower bits · 8 times 16
    /// bytes`.
    static void iq4Super(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 136;
            float scale = PlainNumbers.halfAt(in, at);
            int upper = PlainNumbers.shortAt(in, at + 2);
            for (int group = 0; group < SUPER_SIZE / SIZE; group++) {
                int lower = (in[at + 4 + group / 2] >> (group % 2 * 4)) & 15;
                float step = scale * (lower + 16 * ((upper >> (2 * group)) & 3) - 32);
                uneven(in, at + 8 + group * 16, step, out, block * SUPER_SIZE + group * SIZE);
            }
        }
    }

    private static void uneven(byte[] in, int at, float step, float[] out, int to) {
        for (int j = 0; j < SIZE / 2; j++) {
            out[to + j] = step * uneven(in[at + j] & 15);
            out[to + j + SIZE / 2] = step * uneven((in[at + j] >> 4) & 15);
        }
    }

    /// `exponent of a power of two · 16 bytes`.
    static void mxfp4(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 17;
            float step = (float) Math.scalb(1.0, (in[at] & 0xff) - 128);
            for (int j = 0; j < SIZE / 2; j++) {
                out[block * SIZE + j] = step * twiceFloat(in[at + 1 + j] & 15);
                out[block * SIZE + j + SIZE / 2] = step * twiceFloat((in[at + 1 + j] >> 4) & 15);
            }
        }
    }
}
