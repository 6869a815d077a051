package assay.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsFileTest {
    @TempDir
    Path folder;

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void everyReadableTypeIsReadAndTheTensorsOutliveTheFile() throws IOException {
        Path path = write("m.safetensors", SafetensorsBytes.valid());
        try (TensorScope _ = new TensorScope()) {
            Tensor a;
            Tensor c;
            try (MappedWeights<String> file = MappedWeights.safetensors(path)) {
                assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
                assertThat(file.tensors()).containsOnlyKeys("a", "b", "c", "d");
                a = file.read("a", Dtype.FLOAT32);
                c = file.read("c", Dtype.FLOAT32);
                assertThat(Torch.toFloats(file.read("b", Dtype.FLOAT32))).containsExactly(0.5f, -1, 2, 3);
                assertThat(Torch.toFloats(file.read("b", Dtype.BFLOAT16))).containsExactly(0.5f, -1, 2, 3);
                assertThat(file.read("d", Dtype.FLOAT32).numel()).isZero();
            }
            assertThat(Torch.toFloats(a)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(c.dim()).isZero();
            assertThat(c.item_float()).isEqualTo(-7);
        }
    }

    @Test
    void halvesAndDoublesReadAsTheNearestSingle() throws IOException {
        byte[] data = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(0.333f))
                .putShort((short) 0x0001)
                .putDouble(0.1)
                .array();
        Path path = write("m.safetensors", SafetensorsBytes.file("""
                {"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},\
                "d":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}""", data));
        try (MappedWeights<String> file = MappedWeights.safetensors(path);
                TensorScope _ = new TensorScope()) {
            assertThat(Torch.toFloats(file.read("h", Dtype.FLOAT32)))
                    .containsExactly(Float.float16ToFloat(Float.floatToFloat16(0.333f)), 0x1p-24f);
            assertThat(Torch.toFloats(file.read("d", Dtype.FLOAT32))).containsExactly(0.1f);
        }
    }

    @Test
    void wholeNumbersThatSinglesCannotHoldAreRefused() throws IOException {
        byte[] data = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(16_777_217)
                .array();
        Path path = write(
                "m.safetensors",
                SafetensorsBytes.file("{\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", data));
        try (MappedWeights<String> file = MappedWeights.safetensors(path);
                TensorScope _ = new TensorScope()) {
            assertThatThrownBy(() -> file.read("i", Dtype.FLOAT32))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("whole numbers below 16777216 in i");
        }
    }

    @Test
    void listedButUnreadableTypesAreRefusedWhenRead() throws IOException {
        Path path = write(
                "m.safetensors",
                SafetensorsBytes.file("{\"mask\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[0,3]}}", 3));
        try (MappedWeights<String> file = MappedWeights.safetensors(path);
                TensorScope _ = new TensorScope()) {
            assertThatThrownBy(() -> file.read("mask", Dtype.FLOAT32))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("BOOL (mask)");
        }
    }

    @Test
    void whatIsWrittenIsReadBackExactly() throws IOException {
        Path path = folder.resolve("m.safetensors");
        Random random = new Random(1);
        float[] values = new float[200_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        try (TensorScope _ = new TensorScope()) {
            Tensor big = Torch.floats(values, 400, 500);
            Tensor turned = big.t();
            Tensor half = big.to(Dtype.BFLOAT16.scalarType());
            SafetensorsWriter.write(
                    path, Map.of("turned", turned, "big", big, "half", half), Map.of("made \"by\"", "a test"));
            try (MappedWeights<String> file = MappedWeights.safetensors(path)) {
                assertThat(file.metadata()).containsEntry("made \"by\"", "a test");
                assertThat(Torch.toFloats(file.read("big", Dtype.FLOAT32))).isEqualTo(values);
                assertThat(GoldenTensors.info(file, "turned").shape()).containsExactly(500L, 400L);
                assertThat(Torch.toFloats(file.read("turned", Dtype.FLOAT32))).isEqualTo(Torch.toFloats(turned));
                assertThat(GoldenTensors.info(file, "half").type()).isEqualTo(ElementType.BF16);
                assertThat(Torch.toFloats(file.read("half", Dtype.FLOAT32))).isEqualTo(Torch.toFloats(half));
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void equalContentIsWrittenAsEqualBytes() {
        try (TensorScope _ = new TensorScope()) {
            Map<String, Tensor> tensors =
                    Map.of("b", Torch.floats(new float[] {1}, 1), "a", Torch.floats(new float[2], 2));
            SafetensorsWriter.write(folder.resolve("1"), tensors, Map.of("x", "1", "y", "2"));
            SafetensorsWriter.write(folder.resolve("2"), new java.util.TreeMap<>(tensors), Map.of("y", "2", "x", "1"));
        }
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
    }

    @Test
    void shardsReadAsOneFile() throws IOException {
        shards("{\"weight_map\":{\"x\":\"one.safetensors\",\"y\":\"two.safetensors\"}}");
        try (WeightFile file = WeightFiles.open(folder);
                TensorScope _ = new TensorScope()) {
            assertThat(file.tensors()).containsOnlyKeys("x", "y");
            assertThat(Torch.toFloats(file.read("y", Dtype.FLOAT32))).containsExactly(2, 3);
            assertThat(WeightFiles.main(folder)).isEqualTo(folder.resolve("model.safetensors.index.json"));
        }
    }

    @Test
    void anIndexThatPromisesTooMuchIsRefused() throws IOException {
        shards("{\"weight_map\":{\"x\":\"one.safetensors\",\"z\":\"two.safetensors\"}}");
        assertThatThrownBy(() -> WeightFiles.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected z in two.safetensors, found none");
    }

    @Test
    void anIndexMayNotPointOutsideItsFolder() throws IOException {
        shards("{\"weight_map\":{\"x\":\"../one.safetensors\"}}");
        assertThatThrownBy(() -> WeightFiles.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a safetensors file beside the index for x");
    }

    @Test
    void aFolderWithPickledWeightsOnlyIsRefusedWithAdvice() throws IOException {
        write("pytorch_model.bin", new byte[1]);
        assertThatThrownBy(() -> WeightFiles.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("pytorch_model.bin only")
                .hasMessageEndingWith("Convert it to safetensors.");
    }

    private void shards(String index) throws IOException {
        try (TensorScope _ = new TensorScope()) {
            SafetensorsWriter.write(
                    folder.resolve("one.safetensors"), Map.of("x", Torch.floats(new float[] {1}, 1)), Map.of());
            SafetensorsWriter.write(
                    folder.resolve("two.safetensors"), Map.of("y", Torch.floats(new float[] {2, 3}, 2)), Map.of());
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);
    }
}
