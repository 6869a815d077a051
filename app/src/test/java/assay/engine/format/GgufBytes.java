package assay.engine.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes GGUF headers byte by byte, right or wrong, for tests.
final class GgufBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Magic, version and the two counts.
    static GgufBytes header(int version, long tensors, long metadata) {
        return new GgufBytes().text("GGUF").int32(version).int64(tensors).int64(metadata);
    }

    /// A whole small file: two tensors `a` (F32, 2×3 row-major) and `b` (Q8_0, 1×32) and a few metadata of all
    /// kinds.
    static byte[] valid() {
        return header(3, 2, 5)
                .key("general.architecture", 8)
                .string("llama")
                .key("llama.block_count", 4)
                .int32(2)
                .key("tokenizer.ggml.tokens", 9)
                .int32(8)
                .int64(2)
                .string("x")
                .string("é")
                .key("flag", 7)
                .raw(new byte[] {1})
                .key("big", 10)
                .int64(7)
                .tensor("a", List.of(3L, 2L), 0, 0)
                .tensor("b", List.of(32L, 1L), 8, 32)
                .align(32)
                .floats(1, 2, 3, 4, 5, 6)
                .align(32)
                .raw(new byte[] {0, 0x3c})
                .raw(ramp(32))
                .toBytes();
    }

    private static byte[] ramp(int count) {
        byte[] ramp = new byte[count];
        for (int i = 0; i < count; i++) {
            ramp[i] = (byte) (i - count / 2);
        }
        return ramp;
    }

    GgufBytes int32(int value) {
        return raw(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    GgufBytes int64(long value) {
        return raw(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    GgufBytes floats(float... values) {
        for (float value : values) {
            int32(Float.floatToRawIntBits(value));
        }
        return this;
    }

    GgufBytes text(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A length and that many bytes.
    GgufBytes string(String text) {
        return int64(text.getBytes(StandardCharsets.UTF_8).length).text(text);
    }

    /// A metadata key and the type of its value.
    GgufBytes key(String key, int type) {
        return string(key).int32(type);
    }

    /// An entry of the tensor list; sizes are fastest first, as GGUF has them.
    GgufBytes tensor(String name, List<Long> sizes, int type, long offset) {
        string(name).int32(sizes.size());
        sizes.forEach(this::int64);
        return int32(type).int64(offset);
    }

    GgufBytes align(int alignment) {
        while (bytes.size() % alignment != 0) {
            bytes.write(0);
        }
        return this;
    }

    GgufBytes zeros(int count) {
        return raw(new byte[count]);
    }

    GgufBytes raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
