package assay.engine.format;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How the numbers of a stored tensor are written: plain, or in quantised blocks that share scales.
public enum ElementType {
    /// IEEE single precision.
    F32(0, 1, 4, PlainNumbers::float32),
    /// IEEE half precision.
    F16(1, 1, 2, PlainNumbers::float16),
    /// bfloat16: the upper half of a single.
    BF16(30, 1, 2, PlainNumbers::bfloat16),
    /// IEEE double precision, rounded to single when read.
    F64(28, 1, 8, PlainNumbers::float64),
    /// 64-bit whole numbers.
    I64(27, 1, 8, PlainNumbers::int64),
    /// 32-bit whole numbers.
    I32(26, 1, 4, PlainNumbers::int32),
    /// 16-bit whole numbers; listed, not read.
    I16(25, 1, 2, null),
    /// 8-bit whole numbers; listed, not read.
    I8(24, 1, 1, null),
    /// Unsigned 64-bit whole numbers; listed, not read.
    U64(-1, 1, 8, null),
    /// Unsigned 32-bit whole numbers; listed, not read.
    U32(-1, 1, 4, null),
    /// Unsigned 16-bit whole numbers; listed, not read.
    U16(-1, 1, 2, null),
    /// Unsigned bytes; listed, not read.
    U8(-1, 1, 1, null),
    /// One byte for a truth value; listed, not read.
    BOOL(-1, 1, 1, null),
    /// 4 bits a number, a scale per 32.
    Q4_0(2, 32, 18, LegacyBlocks::q4Scale),
    /// 4 bits a number, a scale and a minimum per 32.
    Q4_1(3, 32, 20, LegacyBlocks::q4ScaleMinimum),
    /// 5 bits a number, a scale per 32.
    Q5_0(6, 32, 22, LegacyBlocks::q5Scale),
    /// 5 bits a number, a scale and a minimum per 32.
    Q5_1(7, 32, 24, LegacyBlocks::q5ScaleMinimum),
    /// 8 bits a number, a scale per 32.
    Q8_0(8, 32, 34, LegacyBlocks::q8Scale),
    /// 2 bits a number, a scale and a minimum per 16, themselves quantised per 256.
    Q2_K(10, 256, 84, SuperBlocks::q2),
    /// 3 bits a number, a scale per 16, themselves quantised per 256.
    Q3_K(11, 256, 110, SuperBlocks::q3),
    /// 4 bits a number, a scale and a minimum per 32, themselves quantised per 256.
    Q4_K(12, 256, 144, SuperBlocks::q4),
    /// 5 bits a number, a scale and a minimum per 32, themselves quantised per 256.
    Q5_K(13, 256, 176, SuperBlocks::q5),
    /// 6 bits a number, a scale per 16, themselves quantised per 256.
    Q6_K(14, 256, 210, SuperBlocks::q6),
    /// 4 bits a number that choose among 16 uneven steps, a scale per 32.
    IQ4_NL(20, 32, 18, TableBlocks::iq4),
    /// The same, scales quantised per 256.
    IQ4_XS(23, 256, 136, TableBlocks::iq4Super),
    /// 4-bit floats, a power of two per 32.
    MXFP4(39, 32, 17, TableBlocks::mxfp4);

    private final int ggufCode;
    private final int blockNumbers;
    private final int blockBytes;
    // A method reference without state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final @Nullable Decoder decoder;

    /// Turns whole stored blocks into singles.
    interface Decoder {
        /// Fills `out[0 .. blocks · blockNumbers)` from `in[0 .. blocks · blockBytes)`.
        void decode(byte[] in, int blocks, float[] out);
    }

    ElementType(int ggufCode, int blockNumbers, int blockBytes, @Nullable Decoder decoder) {
        this.ggufCode = ggufCode;
        this.blockNumbers = blockNumbers;
        this.blockBytes = blockBytes;
        this.decoder = decoder;
    }

    static Optional<ElementType> ofGguf(int code) {
        return Arrays.stream(values())
                .filter(type -> code >= 0 && type.ggufCode == code)
                .findFirst();
    }

    /// The type of that safetensors name; quantised blocks exist in GGUF only.
    static Optional<ElementType> ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(type -> type.blockNumbers == 1 && type.name().equals(name))
                .findFirst();
    }

    /// Names of the GGUF formats a model's numbers can be read from.
    static String readable() {
        return Arrays.stream(values())
                .filter(type -> type.ggufCode >= 0 && type.decoder != null && !type.isInteger())
                .map(Enum::name)
                .collect(Collectors.joining(", "));
    }

    /// Numbers that share a block; 1 for plain formats.
    int blockNumbers() {
        return blockNumbers;
    }

    /// Bytes of one block.
    int blockBytes() {
        return blockBytes;
    }

    boolean isInteger() {
        return this == I64 || this == I32;
    }

    /// Null when this version lists the type but does not read it.
    @Nullable
    Decoder decoder() {
        return decoder;
    }
}
