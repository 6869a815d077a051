package assay.engine.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything in a GGUF file before its numbers, checked against the size of the file. Layout: ggml,
/// `docs/gguf.md`, versions 2 and 3.
///
/// @param metadata numbers as `Number`, texts as `String`, truth values as `Boolean`, arrays as `List`; by
/// key
/// @param tensors the tensors by name, in file order
record GgufHeader(Map<String, Object> metadata, Map<String, TensorInfo> tensors) {
    private static final int MAGIC = 0x46554747;
    private static final int DEFAULT_ALIGNMENT = 32;
    private static final long MOST_ALIGNMENT = 1 << 20;
    private static final int MOST_AXES = 4;
    private static final int LEAST_METADATA_BYTES = 8 + 4 + 1;
    private static final int LEAST_TENSOR_BYTES = 8 + 4 + 8 + 4 + 8;

    /// A tensor as listed: its offset counts from the start of the data, which is known only after the list.
    private record Listed(String name, ElementType type, List<Long> shape, long offset, long bytes) {}

    static GgufHeader read(MappedFile file) {
        GgufHeader header = readPart(file);
        requireWhole(file, header.metadata());
        return header;
    }

    /// The header of a file that may be one of several.
    static GgufHeader readPart(MappedFile file) {
        GgufCursor cursor = new GgufCursor(file);
        requireVersion(file, cursor);
        long tensorCount = cursor.count("a number of tensors", LEAST_TENSOR_BYTES);
        long metadataCount = cursor.count("a number of metadata entries", LEAST_METADATA_BYTES);
        Map<String, Object> metadata = metadata(file, cursor, metadataCount);
        List<Listed> listed = new ArrayList<>();
        for (long index = 0; index < tensorCount; index++) {
            listed.add(tensor(file, cursor));
        }
        long alignment = alignment(file, metadata);
        long start = Math.ceilDiv(cursor.position(), alignment) * alignment;
        return new GgufHeader(Collections.unmodifiableMap(metadata), placed(file, listed, start, alignment));
    }

    private static void requireVersion(MappedFile file, GgufCursor cursor) {
        int magic = cursor.int32("the magic GGUF");
        if (magic != MAGIC) {
            throw file.refusal(
                    "the magic GGUF", String.format("%08x", Integer.reverseBytes(magic)), "Is it a GGUF file?");
        }
        int version = cursor.int32("a version");
        if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
            throw file.refusal("little-endian numbers", "a big-endian file", "Fetch the little-endian one.");
        }
        if (version != 2 && version != 3) {
            throw file.refusal(
                    "version 2 or 3",
                    "version " + Integer.toUnsignedString(version),
                    "Convert it with a current llama.cpp.");
        }
    }

    private static Map<String, Object> metadata(MappedFile file, GgufCursor cursor, long count) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (long index = 0; index < count; index++) {
            String key = cursor.name("a metadata key");
            int type = cursor.int32("the type of " + key);
            if (metadata.put(key, cursor.value(type, key)) != null) {
                throw file.broken("each metadata key once", key + " twice");
            }
        }
        return metadata;
    }

    private static Listed tensor(MappedFile file, GgufCursor cursor) {
        String name = cursor.name("a tensor name");
        int axes = cursor.int32("the axes of " + name);
        if (axes < 1 || axes > MOST_AXES) {
            throw file.broken("1 to " + MOST_AXES + " axes for " + name, Integer.toUnsignedString(axes));
        }
        List<Long> fastestFirst = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            fastestFirst.add(cursor.int64("the shape of " + name));
        }
        int code = cursor.int32("the type of " + name);
        long offset = cursor.int64("the offset of " + name);
        ElementType type = ElementType.ofGguf(code)
                .orElseThrow(() -> file.refusal(
                        "one of " + ElementType.readable(),
                        TypeNames.of(code) + " for " + name,
                        "Fetch the model in one of these."));
        long numbers = TensorInfo.product(fastestFirst);
        if (numbers <= 0) {
            throw file.broken("positive sizes with a sensible product for " + name, fastestFirst.reversed());
        }
        if (fastestFirst.getFirst() % type.blockNumbers() != 0) {
            throw file.broken(
                    "rows of whole " + type + " blocks of " + type.blockNumbers() + " for " + name,
                    fastestFirst.getFirst());
        }
        long bytes = numbers / type.blockNumbers() * type.blockBytes();
        return new Listed(name, type, fastestFirst.reversed(), offset, bytes);
    }

    private static void requireWhole(MappedFile file, Map<String, Object> metadata) {
        if (metadata.get("split.count") instanceof Number parts && parts.longValue() > 1) {
            throw file.refusal(
                    "a whole model",
                    "one of " + parts + " parts",
                    "Name the parts as llama-gguf-split does, such as model-00001-of-00002.gguf, or join them.");
        }
    }

    private static long alignment(MappedFile file, Map<String, Object> metadata) {
        Object value = metadata.getOrDefault("general.alignment", DEFAULT_ALIGNMENT);
        long alignment = value instanceof Long || value instanceof Integer ? ((Number) value).longValue() : -1;
        if (alignment < 1 || alignment > MOST_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw file.broken("general.alignment to be a power of two up to " + MOST_ALIGNMENT, value);
        }
        return alignment;
    }

    private static Map<String, TensorInfo> placed(MappedFile file, List<Listed> listed, long start, long alignment) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        for (Listed one : listed) {
            if (one.offset % alignment != 0) {
                throw file.broken("an offset that is a multiple of " + alignment + " for " + one.name, one.offset);
            }
            long room = file.size() - start;
            if (one.offset < 0 || one.offset > room || one.bytes > room - one.offset) {
                throw file.broken(
                        one.bytes + " bytes for " + one.name + " at offset " + Long.toUnsignedString(one.offset),
                        Math.max(0, room) + " bytes of data");
            }
            TensorInfo info = new TensorInfo(one.type, one.shape, start + one.offset, one.bytes);
            if (tensors.put(one.name, info) != null) {
                throw file.broken("each tensor once", one.name + " twice");
            }
        }
        Layout.requireDisjoint(file, tensors);
        return Collections.unmodifiableMap(tensors);
    }

    /// Names of ggml number formats this version does not read, so that a refusal can say which one it met.
    private static final class TypeNames {
        private static final Map<Integer, String> NAMES = Map.ofEntries(
                Map.entry(9, "Q8_1"),
                Map.entry(15, "Q8_K"),
                Map.entry(16, "IQ2_XXS"),
                Map.entry(17, "IQ2_XS"),
                Map.entry(18, "IQ3_XXS"),
                Map.entry(19, "IQ1_S"),
                Map.entry(21, "IQ3_S"),
                Map.entry(22, "IQ2_S"),
                Map.entry(29, "IQ1_M"),
                Map.entry(34, "TQ1_0"),
                Map.entry(35, "TQ2_0"),
                Map.entry(40, "NVFP4"),
                Map.entry(41, "Q1_0"));

        private TypeNames() {}

        static String of(int code) {
            return NAMES.getOrDefault(code, "type number " + Integer.toUnsignedString(code));
        }
    }
}
