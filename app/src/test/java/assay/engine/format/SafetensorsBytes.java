package assay.engine.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes safetensors files byte by byte, right or wrong, for tests.
final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /// The length of the JSON, the JSON, and `data`.
    static byte[] file(String json, byte[] data) {
        return withLength(json.getBytes(StandardCharsets.UTF_8).length, json, data);
    }

    /// As [#file] with zeros as numbers.
    static byte[] file(String json, int zeros) {
        return file(json, new byte[zeros]);
    }

    /// A stated length that need not be true.
    static byte[] withLength(long length, String json, byte[] data) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .put(data)
                .array();
    }

    /// A whole small file: `a` (F32, 2×3), `b` (BF16, 4), `c` (I64, 1) and an empty `d`.
    static byte[] valid() {
        ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i <= 6; i++) {
            data.putFloat(i);
        }
        for (float value : new float[] {0.5f, -1, 2, 3}) {
            data.putShort((short) (Float.floatToRawIntBits(value) >> 16));
        }
        data.putLong(-7);
        return file("""
                {"__metadata__":{"format":"pt"},\
                "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
                "b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]},\
                "c":{"dtype":"I64","shape":[],"data_offsets":[32,40]},\
                "d":{"dtype":"F16","shape":[0,5],"data_offsets":[40,40]}}""", data.array());
    }
}
