package assay.engine.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The JSON in front of a safetensors file, checked against the size of the file. Layout: safetensors README,
/// "Format": 8 bytes of length, that much JSON, then the numbers without holes.
///
/// @param metadata free texts by key
/// @param tensors the tensors by name, in header order
record SafetensorsHeader(Map<String, String> metadata, Map<String, TensorInfo> tensors) {
    /// Headers of the largest known models take a few megabytes.
    private static final long MOST_HEADER_BYTES = 1 << 25;

    private static final String METADATA = "__metadata__";

    static SafetensorsHeader read(MappedFile file) {
        if (file.size() < 8) {
            throw file.broken("a header length in 8 bytes", file.size() + " bytes");
        }
        long length = file.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
        if (length < 2 || length > Math.min(file.size() - 8, MOST_HEADER_BYTES)) {
            throw file.broken(
                    "a header of 2 to " + Math.min(file.size() - 8, MOST_HEADER_BYTES) + " bytes",
                    Long.toUnsignedString(length));
        }
        JsonNode root = json(file, (int) length);
        long start = 8 + length;
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equals(METADATA)) {
                metadata.putAll(texts(file, entry.getValue()));
            } else {
                tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), start));
            }
        }
        Layout.requireDisjoint(file, tensors);
        Layout.requireNoHoles(file, tensors, start, file.size());
        return new SafetensorsHeader(Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(tensors));
    }

    private static Map<String, String> texts(MappedFile file, JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isString()) {
                throw file.broken("texts in " + METADATA, JsonFile.shown(entry.getValue()));
            }
            texts.put(entry.getKey(), entry.getValue().asString());
        }
        if (!node.isObject()) {
            throw file.broken("an object as " + METADATA, JsonFile.shown(node));
        }
        return texts;
    }

    private static JsonNode json(MappedFile file, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, 8, bytes, 0, length);
        try {
            return JsonFile.parseObject(bytes);
        } catch (JacksonException malformed) {
            throw file.broken("a JSON header", JsonFile.reason(malformed));
        }
    }

    private static TensorInfo tensor(MappedFile file, String name, JsonNode entry, long start) {
        JsonNode dtype = entry.path("dtype");
        if (!dtype.isString()) {
            throw file.broken("a dtype for " + name, JsonFile.shown(dtype));
        }
        ElementType type = ElementType.ofSafetensors(dtype.asString())
                .orElseThrow(() -> file.refusal(
                        "F32, F16 or BF16", JsonFile.shown(dtype) + " for " + name, "Convert it to one of these."));
        List<Long> shape = longs(file, name, "shape", entry);
        List<Long> offsets = longs(file, name, "data_offsets", entry);
        long numbers = TensorInfo.product(shape);
        if (numbers < 0) {
            throw file.broken("sizes with a sensible product for " + name, shape);
        }
        long bytes = numbers * type.blockBytes();
        long room = file.size() - start;
        if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) > room || offsets.get(0) > offsets.get(1)) {
            throw file.broken("two data_offsets from 0 to " + room + " for " + name, offsets);
        }
        if (offsets.get(1) - offsets.get(0) != bytes) {
            throw file.broken(bytes + " bytes for " + name + " " + shape, (offsets.get(1) - offsets.get(0)) + " bytes");
        }
        return new TensorInfo(type, shape, start + offsets.get(0), bytes);
    }

    private static List<Long> longs(MappedFile file, String name, String field, JsonNode entry) {
        JsonNode array = entry.path(field);
        List<Long> values = new ArrayList<>();
        for (JsonNode value : array) {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw file.broken("whole numbers as " + field + " of " + name, JsonFile.shown(value));
            }
            values.add(value.asLong());
        }
        if (!array.isArray() || values.size() > 64) {
            throw file.broken("a list as " + field + " of " + name, JsonFile.shown(array));
        }
        return values;
    }
}
