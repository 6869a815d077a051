package assay.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/// Damaged and hostile files: each is refused in one line, before anything large is allocated.
final class CorruptFilesTest {
    private static final long MOST_ALLOCATED_BYTES = 4 << 20;
    private static final long HUGE = Long.MAX_VALUE;

    @TempDir
    Path folder;

    private static Arguments bad(String name, byte[] bytes, String message) {
        return Arguments.argumentSet(name, bytes, message);
    }

    private static Arguments bad(String name, GgufBytes bytes, String message) {
        return bad(name, bytes.toBytes(), message);
    }

    private static GgufBytes oneTensor(List<Long> sizes, int type, long offset) {
        return GgufBytes.header(3, 1, 0).tensor("t", sizes, type, offset).align(32);
    }

    private static GgufBytes alignment(int alignment) {
        return GgufBytes.header(3, 0, 1).key("general.alignment", 4).int32(alignment);
    }

    static final List<Arguments> GGUF = List.of(
            bad("empty", new byte[0], "found an empty one"),
            bad("three bytes", "GGU".getBytes(java.nio.charset.StandardCharsets.UTF_8), "the end of the file"),
            bad("a zip", new GgufBytes().text("PK..").zeros(40), "expected the magic GGUF, found 504b2e2e"),
            bad("magic only", new GgufBytes().text("GGUF"), "expected a version at byte 4"),
            bad("version 1", GgufBytes.header(1, 0, 0), "expected version 2 or 3, found version 1"),
            bad("version 4", GgufBytes.header(4, 0, 0), "expected version 2 or 3, found version 4"),
            bad("big-endian", GgufBytes.header(3 << 24, 0, 0), "found a big-endian file"),
            bad("2^63 tensors", GgufBytes.header(3, HUGE, 0), "a number of tensors of at most"),
            bad("-1 tensors", GgufBytes.header(3, -1, 0), "found 18446744073709551615"),
            bad("2^63 metadata", GgufBytes.header(3, 0, HUGE), "a number of metadata entries of at most"),
            bad(
                    "key of 2^63 bytes",
                    GgufBytes.header(3, 0, 1).int64(HUGE).zeros(16),
                    "a length of a metadata key of at most"),
            bad(
                    "text of 2^40 bytes",
                    GgufBytes.header(3, 0, 1).key("k", 8).int64(1L << 40),
                    "a length of k of at most"),
            bad(
                    "array of 2^60 texts",
                    GgufBytes.header(3, 0, 1).key("k", 9).int32(8).int64(1L << 60),
                    "a number of elements of k of at most"),
            bad(
                    "array of arrays",
                    GgufBytes.header(3, 0, 1).key("k", 9).int32(9).int64(1),
                    "a flat array in k"),
            bad("value type 13", GgufBytes.header(3, 0, 1).key("k", 13), "a value type from 0 to 12 for k, found 13"),
            bad("truth value 2", GgufBytes.header(3, 0, 1).key("k", 7).raw(new byte[] {2}), "0 or 1 for k, found 2"),
            bad(
                    "key twice",
                    GgufBytes.header(3, 0, 2).key("k", 5).int32(1).key("k", 5).int32(1),
                    "each metadata key once, found k twice"),
            bad(
                    "text not UTF-8",
                    GgufBytes.header(3, 0, 1).key("k", 8).int64(2).raw(new byte[] {(byte) 0xc3, 0x28}),
                    "UTF-8 in k"),
            bad(
                    "nameless key",
                    GgufBytes.header(3, 0, 1).int64(0).zeros(16),
                    "a metadata key of 1 to 1024 bytes, found 0"),
            bad(
                    "name of 5,000 bytes",
                    GgufBytes.header(3, 1, 0).string("x".repeat(5000)).zeros(99),
                    "a tensor name of 1 to 1024 bytes, found 5000"),
            bad(
                    "nine million elements",
                    GgufBytes.header(3, 0, 1)
                            .key("k", 9)
                            .int32(0)
                            .int64(9_000_000)
                            .zeros(9_000_000),
                    "at most 8388608 elements in all arrays up to k, found 9000000"),
            bad("alignment 0", alignment(0), "general.alignment to be a power of two"),
            bad("alignment 24", alignment(24), "general.alignment to be a power of two"),
            bad("alignment 2^31", alignment(1 << 31), "general.alignment to be a power of two"),
            bad(
                    "one part of a split model",
                    GgufBytes.header(3, 0, 1).key("split.count", 2).raw(new byte[] {2, 0}),
                    "expected a whole model, found one of 2 parts"),
            bad("no axes", oneTensor(List.of(), 0, 0), "1 to 4 axes for t, found 0"),
            bad("five axes", oneTensor(List.of(1L, 1L, 1L, 1L, 1L), 0, 0), "1 to 4 axes for t, found 5"),
            bad("size 0", oneTensor(List.of(0L), 0, 0), "positive sizes with a sensible product for t"),
            bad("size -1", oneTensor(List.of(-1L), 0, 0), "positive sizes with a sensible product for t"),
            bad(
                    "product that wraps to 2",
                    oneTensor(List.of((1L << 32) + 1, 1L << 32, 2L), 0, 0),
                    "positive sizes with a sensible product for t"),
            bad("larger than the file", oneTensor(List.of(1L << 40), 0, 0), "4398046511104 bytes for t at offset 0"),
            bad("offset past the end", oneTensor(List.of(1L), 0, 1024).zeros(64), "4 bytes for t at offset 1024"),
            bad("offset -32", oneTensor(List.of(1L), 0, -32).zeros(64), "4 bytes for t at offset"),
            bad("offset not aligned", oneTensor(List.of(1L), 0, 4).zeros(64), "a multiple of 32 for t, found 4"),
            bad("part of a block", oneTensor(List.of(33L), 2, 0).zeros(64), "whole Q4_0 blocks of 32 for t, found 33"),
            bad("unsupported format", oneTensor(List.of(256L), 21, 0).zeros(99), "found IQ3_S for t"),
            bad("unknown format", oneTensor(List.of(256L), 999, 0).zeros(99), "found type number 999 for t"),
            bad(
                    "tensor twice",
                    GgufBytes.header(3, 2, 0)
                            .tensor("t", List.of(1L), 0, 0)
                            .tensor("t", List.of(1L), 0, 32)
                            .align(32)
                            .zeros(64),
                    "each tensor once, found t twice"),
            bad(
                    "overlap",
                    GgufBytes.header(3, 2, 0)
                            .tensor("t", List.of(16L), 0, 0)
                            .tensor("u", List.of(1L), 0, 32)
                            .align(32)
                            .zeros(64),
                    "tensors that do not overlap, found t and u sharing bytes"));

    private static Arguments json(String name, String json, int zeros, String message) {
        return bad(name, SafetensorsBytes.file(json, zeros), message);
    }

    private static String entry(String name, String dtype, String shape, String offsets) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets
                + "}";
    }

    private static Arguments one(String name, String dtype, String shape, String offsets, int zeros, String message) {
        return json(name, "{" + entry("t", dtype, shape, offsets) + "}", zeros, message);
    }

    static final List<Arguments> SAFETENSORS = List.of(
            bad("empty", new byte[0], "found an empty one"),
            bad("seven bytes", new byte[7], "a header length in 8 bytes, found 7 bytes"),
            bad(
                    "header of 2^63 - 1 bytes",
                    SafetensorsBytes.withLength(HUGE, "{}", new byte[0]),
                    "found 9223372036854775807"),
            bad("header of -1 bytes", SafetensorsBytes.withLength(-1, "{}", new byte[0]), "found 18446744073709551615"),
            bad(
                    "header longer than the file",
                    SafetensorsBytes.withLength(3, "{}", new byte[0]),
                    "a header of 2 to 2 bytes"),
            json("not JSON", "{nonsense", 0, "a JSON header"),
            json("a list", "[]", 0, "a JSON header, found []"),
            json("two documents", "{}{}", 0, "a JSON header"),
            json("10,000 brackets", "[".repeat(10_000), 0, "a JSON header"),
            json(
                    "name twice",
                    "{" + entry("t", "F32", "[1]", "[0,4]") + "," + entry("t", "F32", "[1]", "[4,8]") + "}",
                    8,
                    "Duplicate"),
            json("metadata not an object", "{\"__metadata__\":[1]}", 0, "an object as __metadata__, found [1]"),
            json("metadata not text", "{\"__metadata__\":{\"a\":1}}", 0, "texts in __metadata__, found 1"),
            json("no dtype", "{\"t\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "a dtype for t, found none"),
            json("a number as tensor", "{\"t\":7}", 4, "a dtype for t, found none"),
            one("eight-bit floats", "F8_E4M3", "[4]", "[0,4]", 4, "F32, F16 or BF16, found \"F8_E4M3\" for t"),
            one("blocks", "Q4_0", "[32]", "[0,18]", 18, "F32, F16 or BF16, found \"Q4_0\" for t"),
            one("shape of text", "F32", "[\"1\"]", "[0,4]", 4, "whole numbers as shape of t"),
            one("shape beyond a long", "F32", "[99999999999999999999]", "[0,4]", 4, "whole numbers as shape of t"),
            one("shape not a list", "F32", "{}", "[0,4]", 4, "a list as shape of t"),
            one("negative size", "F32", "[-1]", "[0,4]", 4, "sizes with a sensible product for t"),
            one("product that wraps to 0", "F32", "[4294967296,4294967296]", "[0,0]", 0, "a sensible product for t"),
            one("empty but absurd", "F32", "[0,9223372036854775807]", "[0,0]", 0, "a sensible product for t"),
            one("too few bytes", "F32", "[2]", "[0,4]", 4, "8 bytes for t [2], found 4 bytes"),
            one("past the end", "F32", "[2]", "[0,8]", 4, "two data_offsets from 0 to 4 for t"),
            one("backwards", "F32", "[1]", "[4,0]", 4, "two data_offsets from 0 to 4 for t"),
            one("negative offset", "F32", "[1]", "[-4,0]", 4, "two data_offsets from 0 to 4 for t"),
            one("one offset", "F32", "[1]", "[0]", 4, "two data_offsets from 0 to 4 for t"),
            one("hole in front", "F32", "[1]", "[4,8]", 8, "t to start at byte"),
            one("rest behind", "F32", "[1]", "[0,4]", 8, "the tensors to end with the file"),
            json(
                    "overlap",
                    "{" + entry("t", "F32", "[2]", "[0,8]") + "," + entry("u", "F32", "[2]", "[4,12]") + "}",
                    12,
                    "found t and u sharing bytes"));

    @ParameterizedTest
    @FieldSource("GGUF")
    void badGgufFilesAreRefused(byte[] bytes, String message) throws IOException {
        requireRefusal(Files.write(folder.resolve("m.gguf"), bytes), "GGUF: expected ", message);
    }

    @ParameterizedTest
    @FieldSource("SAFETENSORS")
    void badSafetensorsFilesAreRefused(byte[] bytes, String message) throws IOException {
        requireRefusal(Files.write(folder.resolve("m.safetensors"), bytes), "safetensors: expected ", message);
    }

    private static void requireRefusal(Path path, String start, String message) {
        // Once to load classes, once to measure.
        assertThatThrownBy(() -> WeightFiles.open(path)).isInstanceOf(InputException.class);
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        InputException refused = catchThrowableOfType(InputException.class, () -> WeightFiles.open(path));
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(refused)
                .message()
                .startsWith(start)
                .contains(message)
                .contains(" (" + path + "). ")
                .matches(line -> line.endsWith(".") || line.endsWith("?"), "ends as a sentence")
                .doesNotContain("\n")
                .hasSizeLessThan(400);
        assertThat(allocated).as("bytes allocated").isLessThan(MOST_ALLOCATED_BYTES);
    }

    @Test
    void missingFilesAndFoldersAreRefused() {
        assertThatThrownBy(() -> MappedWeights.gguf(folder.resolve("none.gguf")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a file, found nothing");
        assertThatThrownBy(() -> MappedWeights.gguf(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a file, found a folder");
    }

    @Test
    void aFileCutShortWhileOpenIsRefused() throws IOException {
        Path path = folder.resolve("m.safetensors");
        String json = "{" + entry("t", "F32", "[65536]", "[0,262144]") + "}";
        Files.write(path, SafetensorsBytes.file(json, 262144));
        try (WeightFile file = WeightFiles.open(path);
                TensorScope _ = new TensorScope()) {
            Files.write(path, new byte[10]);
            assertThatThrownBy(() -> file.read("t", Dtype.FLOAT32))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the file to stay as it was when opened");
            assertThatThrownBy(() -> file.read("t", Dtype.BFLOAT16)).isInstanceOf(InputException.class);
        }
    }
}
