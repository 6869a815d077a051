package assay.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class GgufFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.MATCH_ANY,
            names = {"B?F(16|32)", "Q\\d_[\\dK]", "IQ4_.*", "MXFP4"})
    void numbersEqualThoseOfTheGgufPackageBitForBit(ElementType type) {
        try (MappedWeights<Object> file = MappedWeights.gguf(GoldenTensors.path("gguf/blocks.bin"));
                MappedWeights<String> golden =
                        MappedWeights.safetensors(GoldenTensors.path("gguf/blocks.safetensors"));
                TensorScope _ = new TensorScope()) {
            String name = type.name().toLowerCase(Locale.ROOT) + ".weight";
            assertThat(GoldenTensors.info(file, name).type()).isEqualTo(type);
            assertThat(GoldenTensors.info(file, name).shape()).containsExactly(4L, 512L);
            assertThat(Torch.toFloats(file.read(name, Dtype.FLOAT32)))
                    .isEqualTo(Torch.toFloats(golden.read(type + ".numbers", Dtype.FLOAT32)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "Q4_1", "Q6_K"})
    void bfloat16IsTheRoundedSingle(ElementType type) {
        try (MappedWeights<Object> file = MappedWeights.gguf(GoldenTensors.path("gguf/blocks.bin"));
                TensorScope _ = new TensorScope()) {
            String name = type.name().toLowerCase(Locale.ROOT) + ".weight";
            Tensor single = file.read(name, Dtype.FLOAT32);
            Tensor rounded = file.read(name, Dtype.BFLOAT16);
            assertThat(rounded.element_size()).isEqualTo(2);
            assertThat(Torch.toFloats(rounded)).isEqualTo(Torch.toFloats(single.to(Dtype.BFLOAT16.scalarType())));
        }
    }

    @Test
    void metadataKeepsEveryKindOfValue() {
        try (MappedWeights<Object> file = MappedWeights.gguf(GoldenTensors.path("gguf/blocks.bin"))) {
            assertThat(file.metadata())
                    .containsEntry("general.architecture", "llama")
                    .containsEntry("test.uint64", BigInteger.TWO.pow(64).subtract(BigInteger.ONE))
                    .containsEntry("test.int8", -5)
                    .containsEntry("test.float64", 0.1)
                    .containsEntry("test.bool", true)
                    .containsEntry("test.strings", List.of("a", "é", "東"))
                    .containsEntry("test.integers", List.of(1, -2, 3));
        }
    }

    @Test
    void tensorsOutliveTheFile() throws Exception {
        Path path = Files.write(folder.resolve("m.gguf"), GgufBytes.valid());
        try (TensorScope _ = new TensorScope()) {
            Tensor a;
            Tensor b;
            try (MappedWeights<Object> file = MappedWeights.gguf(path)) {
                a = file.read("a", Dtype.FLOAT32);
                b = file.read("b", Dtype.FLOAT32);
            }
            assertThat(Torch.toFloats(a)).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(a.size(0)).isEqualTo(2);
            assertThat(Torch.toFloats(b)).startsWith(-16, -15).endsWith(15);
        }
    }

    @Test
    void version2ReadsAsVersion3() throws Exception {
        byte[] bytes = GgufBytes.valid();
        bytes[4] = 2;
        try (MappedWeights<Object> file = MappedWeights.gguf(Files.write(folder.resolve("m.gguf"), bytes))) {
            assertThat(file.tensors()).containsOnlyKeys("a", "b");
        }
    }

    @Test
    void alignmentMovesTheData() throws Exception {
        byte[] bytes = GgufBytes.header(3, 1, 1)
                .key("general.alignment", 4)
                .int32(256)
                .tensor("a", List.of(1L), 0, 0)
                .align(256)
                .floats(42)
                .toBytes();
        try (MappedWeights<Object> file = MappedWeights.gguf(Files.write(folder.resolve("m.gguf"), bytes));
                TensorScope _ = new TensorScope()) {
            assertThat(Torch.toFloats(file.read("a", Dtype.FLOAT32))).containsExactly(42);
        }
    }

    @Test
    void askingForAnUnknownTensorIsRefusedByName() throws Exception {
        Path path = Files.write(folder.resolve("m.gguf"), GgufBytes.valid());
        try (MappedWeights<Object> file = MappedWeights.gguf(path);
                TensorScope _ = new TensorScope()) {
            assertThatThrownBy(() -> file.read("nowhere", Dtype.FLOAT32))
                    .isInstanceOf(InputException.class)
                    .hasMessage("GGUF: expected a tensor nowhere, found none (" + path + "). Is it the right file?");
        }
    }
}
