package assay.engine.format;

/// Decodes ggml's super-blocks of 256 numbers (Q2_K to Q6_K), whose scales are quantised in turn.
///
/// Layout: ggml, `ggml-common.h`. Arithmetic is in single precision and rounds after every step, as in the
/// `gguf` Python package, so the results are equal bit for bit.
final class SuperBlocks {
    private static final int SIZE = 256;

    private SuperBlocks() {}

    /// `16 bytes of 4-bit scales and minima · 64 bytes of bits · scale, minimum (half)`; each half of a
    /// super-block is four groups of 32 that share bytes, each with two scales.
    static void q2(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 84;
            float scale = PlainNumbers.halfAt(in, at + 80);
            float minimum = PlainNumbers.halfAt(in, at + 82);
            for (int i = 0; i < SIZE; i++) {
                int pair = in[at + i / 16];
                float step = scale * (pair & 15);
                float offset = minimum * ((pair >> 4) & 15);
                out[block * SIZE + i] = step * twoBits(in, at + 16, i) - offset;
            }
        }
    }

    /// `32 bytes of third bits · 64 bytes of lower bits · 12 bytes of 6-bit scales · scale (half)`; the
    /// scales' lower bits come first, and a third bit that is not set takes 4 away.
    static void q3(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 110;
            float scale = PlainNumbers.halfAt(in, at + 108);
            for (int i = 0; i < SIZE; i++) {
                int group = i / 16;
                int lower = (in[at + 96 + group % 8] >> (group / 8 * 4)) & 15;
                int upper = (in[at + 104 + group % 4] >> (group / 4 * 2)) & 3;
                float step = scale * (lower + 16 * upper - 32);
                int third = (in[at + i % 32] >> (i / 32)) & 1;
                out[block * SIZE + i] = step * (twoBits(in, at + 32, i) + 4 * third - 4);
            }
        }
    }

    /// The bits of number `i`: byte `j` of each half holds numbers `j`, `j + 32`, `j + 64` and `j + 96`.
    private static int twoBits(byte[] in, int at, int i) {
        return (in[at + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2)) & 3;
    }

    /// `scale, minimum (half) · 12 bytes of 6-bit scales and minima · 128 bytes of lower bits`.
    static void q4(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 144;
            float scale = PlainNumbers.halfAt(in, at);
            float minimum = PlainNumbers.halfAt(in, at + 2);
            for (int group = 0; group < 8; group++) {
                float step = scale * scale(in, at + 4, group);
                float offset = minimum * minimum(in, at + 4, group);
                int from = at + 16 + group / 2 * 32;
                int shift = (group & 1) * 4;
                int to = block * SIZE + group * 32;
                for (int j = 0; j < 32; j++) {
                    out[to + j] = step * ((in[from + j] >> shift) & 15) - offset;
                }
            }
        }
    }

    /// As [#q4], with 32 bytes of fifth bits before the lower ones: bit `g` of byte `j` belongs to number
    /// `32 g + j`.
    static void q5(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 176;
            float scale = PlainNumbers.halfAt(in, at);
            float minimum = PlainNumbers.halfAt(in, at + 2);
            for (int group = 0; group < 8; group++) {
                float step = scale * scale(in, at + 4, group);
                float offset = minimum * minimum(in, at + 4, group);
                int from = at + 48 + group / 2 * 32;
                int shift = (group & 1) * 4;
                int to = block * SIZE + group * 32;
                for (int j = 0; j < 32; j++) {
                    int upper = (in[at + 16 + j] >> group) & 1;
                    out[to + j] = step * (((in[from + j] >> shift) & 15) + 16 * upper) - offset;
                }
            }
        }
    }

    /// `128 bytes of lower 4 bits · 64 bytes of upper 2 bits · 16 signed scales · scale (half)`; each half
    /// of a super-block is four groups of 32.
    static void q6(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 210;
            float scale = PlainNumbers.halfAt(in, at + 208);
            for (int group = 0; group < 8; group++) {
                int half = group / 4;
                int within = group % 4;
                int lower = at + half * 64 + (within & 1) * 32;
                int lowerShift = within / 2 * 4;
                int upper = at + 128 + half * 32;
                int to = block * SIZE + group * 32;
                for (int j = 0; j < 32; j++) {
                    float step = scale * in[at + 192 + group * 2 + j / 16];
                    int bits = ((in[lower + j] >> lowerShift) & 15) + 16 * ((in[upper + j] >> (2 * within)) & 3);
                    out[to + j] = step * (bits - 32);
                }
            }
        }
    }

    /// The 6-bit scale of a group of 32; the last four groups keep their upper two bits with the first four.
    private static int scale(byte[] in, int at, int group) {
        return group < 4 ? in[at + group] & 63 : (in[at + group + 4] & 15) + 16 * ((in[at + group - 4] >> 6) & 3);
    }

    private static int minimum(byte[] in, int at, int group) {
        return group < 4
                ? in[at + group + 4] & 63
                : ((in[at + group + 4] >> 4) & 15) + 16 * ((in[at + group] >> 6) & 3);
    }
}
