package assay.engine.format;

/// Decodes ggml's blocks of 32 numbers (Q4_0, Q4_1, Q5_0, Q5_1, Q8_0).
///
/// A block is its half-precision scale (and minimum), for 5 bits the 32 upper bits, then the lower bits: byte
/// `j` holds number `j` in its lower and number `j + 16` in its upper half. Layout: ggml, `ggml-common.h`.
/// Arithmetic is in single precision and rounds after every step, as in the `gguf` Python package, so the
/// results are equal bit for bit.
final class LegacyBlocks {
    private static final int SIZE = 32;
    private static final int HALF = SIZE / 2;

    private LegacyBlocks() {}

    private static int lower(int pair) {
        return pair & 15;
    }

    private static int higher(int pair) {
        return (pair >> 4) & 15;
    }

    /// The fifth bit of number `j`, at its place.
    private static int fifth(int upper, int j) {
        return ((upper >>> j) & 1) << 4;
    }

    static void q4Scale(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 18;
            float scale = PlainNumbers.halfAt(in, at);
            for (int j = 0; j < HALF; j++) {
                int pair = in[at + 2 + j];
                out[block * SIZE + j] = scale * (lower(pair) - 8);
                out[block * SIZE + j + HALF] = scale * (higher(pair) - 8);
            }
        }
    }

    static void q4ScaleMinimum(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 20;
            float scale = PlainNumbers.halfAt(in, at);
            float minimum = PlainNumbers.halfAt(in, at + 2);
            for (int j = 0; j < HALF; j++) {
                int pair = in[at + 4 + j];
                out[block * SIZE + j] = scale * lower(pair) + minimum;
                out[block * SIZE + j + HALF] = scale * higher(pair) + minimum;
            }
        }
    }

    static void q5Scale(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 22;
            float scale = PlainNumbers.halfAt(in, at);
            int upper = PlainNumbers.intAt(in, at + 2);
            for (int j = 0; j < HALF; j++) {
                int pair = in[at + 6 + j];
                out[block * SIZE + j] = scale * ((lower(pair) + fifth(upper, j)) - 16);
                out[block * SIZE + j + HALF] = scale * ((higher(pair) + fifth(upper, j + HALF)) - 16);
            }
        }
    }

    static void q5ScaleMinimum(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 24;
            float scale = PlainNumbers.halfAt(in, at);
            float minimum = PlainNumbers.halfAt(in, at + 2);
            int upper = PlainNumbers.intAt(in, at + 4);
            for (int j = 0; j < HALF; j++) {
                int pair = in[at + 8 + j];
                out[block * SIZE + j] = scale * (lower(pair) + fifth(upper, j)) + minimum;
                out[block * SIZE + j + HALF] = scale * (higher(pair) + fifth(upper, j + HALF)) + minimum;
            }
        }
    }

    static void q8Scale(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 34;
            float scale = PlainNumbers.halfAt(in, at);
            for (int j = 0; j < SIZE; j++) {
                out[block * SIZE + j] = scale * in[at + 2 + j];
            }
        }
    }
}
