package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.Fused;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.family.FamilyTest;
import assay.engine.family.Rope;
import assay.engine.text.BasePrompt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A model that is not on the CPU stays where it is. No graphics processor is at hand: libtorch's device `meta`
/// has shapes without numbers, and most operations refuse to mix it with another. It cannot look rows up, so that
/// blocks are run there and embeddings are not. Those, and operations that do not look (matrix products), are
/// watched by their class files: what makes tensors on the CPU is listed here, with how they get to the device.
final class DeviceTest {
    private static final Device SHAPES = new Device("meta");

    /// Methods of the room that make tensors on the CPU, and what becomes of them.
    private static final Map<String, String> MADE_ON_THE_CPU = Map.of(
            "TokenBatch.padded", "brought to the device by LanguageModel.embedded",
            "Plan.indices", "brought to the device by Pass.indices",
            "Plan.window", "brought to the device by Pass.asking",
            "LanguageModel.scaled", "brought to the device there",
            "KeyValueCache.side", "made with the options of what is copied into it",
            "BlankSource.read", "a file's numbers, which Weights brings to the device",
            "BlankSource$OfShapes.read", "a file's numbers, which Weights brings to the device",
            "Fingerprint.drawn", "of an adapter's own tensors, which stay on the CPU");

    private static final Set<String> FACTORIES = Set.of(
            "zeros",
            "ones",
            "empty",
            "full",
            "arange",
            "eye",
            "tensor",
            "scalar_tensor",
            "linspace",
            "from_blob",
            "rand",
            "randn",
            "randint");

    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
    }

    /// All but those whose router looks at its numbers.
    static Stream<String> models() {
        return Stream.concat(
                Stream.of("tied", "untied-bf16", "biased", "rope-llama3"),
                FamilyTest.families().stream()
                        .filter(family -> !family.contains("moe"))
                        .map(family -> "families/" + family));
    }

    private static ChatModel open(String name, Dtype dtype) {
        Path path = ModelGolden.path(name.startsWith("families/") ? name : "tiny/models/" + name);
        return ChatModel.open(name, path, dtype, BasePrompt.usual(), SHAPES);
    }

    private static void assertThere(Tensor... tensors) {
        assertThat(tensors).allMatch(Tensor::is_meta);
    }

    private static void assertThere(KeyValueCache cache) {
        cache.layers().forEach(layer -> assertThere(layer.keys(), layer.values()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyWeightIsOnTheDevice(String name) {
        try (ChatModel chat = open(name, Dtype.BFLOAT16)) {
            LanguageModel model = chat.model();
            assertThat(model.device()).isEqualTo(SHAPES);
            assertThere(model.unembedding().matrix());
            model.tensorShapes().keySet().stream()
                    .map(model::weight)
                    .filter(weight -> weight != null)
                    .forEach(DeviceTest::assertThere);
        }
    }

    /// All but those that look rows of a table up on their way: libtorch has no `index_select` of shapes alone.
    static Stream<String> blocks() {
        return models().filter(name -> !name.endsWith("gpt2"));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void blocksAndTheirCacheStayOnTheDevice(String name) {
        for (Dtype dtype : Dtype.values()) {
            try (ChatModel chat = open(name, dtype)) {
                LanguageModel model = chat.model();
                Tensor embeddings = torch.ones(2, 5, model.hidden());
                int[] lengths = {5, 5};
                assertThere(model.statesAfter(model.layers(), embeddings, lengths, null));
                KeyValueCache front = model.prefillOfEmbeddings(torch.ones(1, 30, model.hidden()), Overlay.NONE);
                assertThere(front);
                assertThere(model.statesAfter(model.layers(), embeddings, lengths, front));
                KeyValueCache trained = model.cacheOf(torch.ones(4, model.keysAndValues()));
                assertThere(trained);
                assertThere(model.statesAfter(model.layers(), embeddings, lengths, trained));
                assertThere(model.logits(torch.ones(3, model.hidden()), Overlay.NONE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void whatIsLaidOverTheWeightsIsBroughtToTheDevice(String name) {
        try (ChatModel chat = open(name, Dtype.FLOAT32)) {
            LanguageModel model = chat.model();
            String module = model.tensorShapes().keySet().stream()
                    .filter(weight -> weight.startsWith("model.layers.0.") && weight.endsWith(".weight"))
                    .filter(weight -> Optional.ofNullable(model.weight(weight))
                            .filter(one -> one.dim() == 2)
                            .isPresent())
                    .map(weight -> weight.substring(0, weight.length() - ".weight".length()))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            Tensor weight = Objects.requireNonNull(model.weight(module + ".weight"));
            long in = weight.size(1);
            long out = weight.size(0);
            Overlay.LowRank low = new Overlay.LowRank(torch.ones(2, in), torch.ones(out, 2), 0.5);
            Overlay overlay = new Overlay(
                    Map.of(module, low),
                    Optional.empty(),
                    Map.of(),
                    Map.of(module, torch.ones(out)),
                    Map.of(module, torch.ones(out)));
            assertThere(model.prefillOfEmbeddings(torch.ones(1, 6, model.hidden()), overlay));
        }
    }

    @Test
    void whatReadsNativeMemoryRefusesTensorsThatAreElsewhere() {
        Tensor x = SHAPES.here(torch.ones(3, 8));
        assertThat(Fused.applies(x)).isFalse();
        assertThat(Fused.applies(torch.ones(3, 8))).isTrue();
        assertThatThrownBy(() -> Fused.normed(x, torch.ones(8), 1e-5, torch.ScalarType.Float))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("in the CPU's memory");
        Tensor keys = SHAPES.here(torch.ones(1, 1, 3, 8));
        Tensor queries = torch.ones(1, 1, 1, 8);
        assertThatThrownBy(() -> Fused.found(queries, keys, keys, torch.zeros(1, 1, 1, 3)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onTheCpuNothingIsCopied() {
        Tensor x = torch.ones(3);
        assertThat(Device.CPU.here(x)).isSameAs(x);
        assertThat(Device.home(x)).isSameAs(x);
        assertThat(Device.beside(x, x)).isSameAs(x);
        Rope.Angles angles = new Rope(100, new Rope.Scaling.None()).angles(new int[] {0, 1}, 8, Dtype.FLOAT32);
        assertThat(angles.on(Device.CPU)).isSameAs(angles);
    }

    @Test
    void nothingOfARunMakesTensorsOnTheCpuUnawares() throws IOException {
        Set<String> makers = new TreeSet<>();
        try (Stream<Path> classes = Files.list(room())) {
            for (Path file :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                var type = ClassFile.of().parse(file);
                String name = type.thisClass().asInternalName();
                String simple = name.substring(name.lastIndexOf('/') + 1);
                type.methods().stream()
                        .filter(DeviceTest::makesTensors)
                        .forEach(method ->
                                makers.add(simple + "." + method.methodName().stringValue()));
            }
        }
        assertThat(makers).isEqualTo(new TreeSet<>(MADE_ON_THE_CPU.keySet()));
    }

    private static boolean makesTensors(MethodModel method) {
        return method.code().stream()
                .flatMap(code -> code.elementStream())
                .anyMatch(element -> element instanceof InvokeInstruction call
                        && switch (call.owner().asInternalName()) {
                            case "assay/base/tensor/Torch" ->
                                Set.of("longs", "floats").contains(call.name().stringValue());
                            case "org/bytedeco/pytorch/global/torch" ->
                                FACTORIES.contains(call.name().stringValue());
                            case "org/bytedeco/pytorch/TensorOptions" -> true;
                            default -> false;
                        });
    }

    private static Path room() {
        try {
            Path classes = Path.of(LanguageModel.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.resolve("assay/engine/model");
        } catch (URISyntaxException wrong) {
            throw new UncheckedIOException(new IOException(wrong));
        }
    }

    @Test
    void whatComesOutIsReadFromAnyDevice() {
        assertThat(Torch.toFloats(Device.home(torch.ones(2)))).containsExactly(1, 1);
    }
}
