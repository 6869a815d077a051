package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.family.Design;
import assay.engine.family.Family;
import assay.engine.family.ModelConfig;
import assay.engine.family.Rope;
import assay.engine.family.WeightSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which weights a model is made of, which are refused, and by which names a GGUF file calls them.
final class WeightsTest {
    private static final ModelConfig.Heads HEADS = new ModelConfig.Heads(2, 1, 2);
    private static final Design PLAIN = Design.plain(HEADS, new Rope(100, new Rope.Scaling.None()));
    private static final ModelConfig CONFIG = new ModelConfig(7, 4, 6, 2, HEADS, 1e-6, PLAIN, 16);

    private final TensorScope scope = TensorScope.withoutGradients();
    private final Made source = new Made(new HashMap<>(CONFIG.tensorShapes()), new ArrayList<>(), Dtype.FLOAT32);

    @AfterEach
    void close() {
        scope.close();
    }

    /// @param shapes what there is
    /// @param read names asked for, in order
    /// @param stored the format the file has them in
    private record Made(Map<String, List<Long>> shapes, List<String> read, Dtype stored) implements WeightSource {
        @Override
        public Dtype exact(String name) {
            return stored;
        }

        @Override
        public Tensor read(String name, Dtype dtype) {
            read.add(name);
            long[] shape = shapes.getOrDefault(name, List.of()).stream()
                    .mapToLong(size -> size)
                    .toArray();
            return RandomTensors.random(name.hashCode(), shape).to(dtype.scalarType());
        }
    }

    @Test
    void everyWeightIsReadOnce() {
        try (Weights weights = new Weights(CONFIG, source, Dtype.FLOAT32, Device.CPU)) {
            assertThat(source.read()).doesNotHaveDuplicates();
            assertThat(source.read())
                    .containsExactlyInAnyOrderElementsOf(CONFIG.tensorShapes().keySet());
            assertThat(weights.blocks()).hasSize(2);
            assertThat(weights.shapes()).isEqualTo(CONFIG.tensorShapes());
            RandomTensors.assertDifferent(weights.embedding(), weights.unembedding());
            RandomTensors.assertDifferent(
                    weights.blocks().get(0).attention().query().weight(),
                    weights.blocks().get(1).attention().query().weight());
        }
    }

    @Test
    void withoutAHeadOfItsOwnAModelSpeaksWithItsEmbedding() {
        source.shapes().remove("lm_head.weight");
        try (Weights weights = new Weights(CONFIG, source, Dtype.FLOAT32, Device.CPU)) {
            assertThat(weights.unembedding()).isSameAs(weights.embedding());
        }
    }

    @Test
    void sixteenBitsOfAFileAreNotWidenedWhateverTheBlocksComputeIn() {
        Made half = new Made(source.shapes(), new ArrayList<>(), Dtype.BFLOAT16);
        for (Dtype dtype : Dtype.values()) {
            try (Weights weights = new Weights(CONFIG, half, dtype, Device.CPU)) {
                assertThat(weights.embedding().element_size()).isEqualTo(2);
                assertThat(weights.unembedding().element_size()).isEqualTo(2);
                assertThat(weights.roughUnembedding()).isSameAs(weights.unembedding());
                assertThat(weights.blocks()
                                .getFirst()
                                .attention()
                                .query()
                                .weight()
                                .element_size())
                        .isEqualTo(2);
            }
        }
        try (Weights weights = new Weights(CONFIG, half, Dtype.BFLOAT16, Device.CPU)) {
            assertThat(weights.bytes()).isEqualTo(2 * numbers(_ -> true));
        }
        try (Weights weights = new Weights(CONFIG, half, Dtype.FLOAT32, Device.CPU)) {
            Predicate<String> isNorm = name -> name.endsWith("norm.weight");
            assertThat(weights.bytes()).isEqualTo(2 * numbers(isNorm.negate()) + 4 * numbers(isNorm));
        }
    }

    private static long numbers(Predicate<String> which) {
        return CONFIG.tensorShapes().entrySet().stream()
                .filter(weight -> which.test(weight.getKey()))
                .mapToLong(weight -> weight.getValue().stream().reduce(1L, (a, b) -> a * b))
                .sum();
    }

    @Test
    void biasesAreReadWhereThereAreAny() {
        source.shapes().put("model.layers.1.self_attn.k_proj.bias", List.of(2L));
        try (Weights weights = new Weights(CONFIG, source, Dtype.FLOAT32, Device.CPU)) {
            assertThat(weights.shapes()).containsEntry("model.layers.1.self_attn.k_proj.bias", List.of(2L));
            assertThat(weights.blocks().get(1).attention().key().bias()).isNotNull();
            assertThat(weights.blocks().get(0).attention().key().bias()).isNull();
        }
    }

    @Test
    void matricesAreKeptInTheFormatAskedForAndNormsAndEmbeddingsInFullPrecision() {
        try (Weights weights = new Weights(CONFIG, source, Dtype.BFLOAT16, Device.CPU)) {
            Block block = weights.blocks().getFirst();
            assertThat(block.attention().query().weight().scalar_type().intern())
                    .isEqualTo(Dtype.BFLOAT16.scalarType().intern());
            assertThat(((Block.FeedForward) block.feedForward())
                            .down()
                            .weight()
                            .scalar_type()
                            .intern())
                    .isEqualTo(Dtype.BFLOAT16.scalarType().intern());
            assertThat(block.norms()
                            .beforeAttention()
                            .orElseThrow()
                            .weight()
                            .scalar_type()
                            .intern())
                    .isEqualTo(Dtype.FLOAT32.scalarType().intern());
            assertThat(weights.unembedding().scalar_type().intern())
                    .isEqualTo(Dtype.FLOAT32.scalarType().intern());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.embed_tokens.weight",
                "model.norm.weight",
                "model.layers.0.mlp.up_proj.weight",
                "model.layers.1.input_layernorm.weight"
            })
    void aMissingWeightIsRefusedByItsName(String name) {
        source.shapes().remove(name);
        assertThatThrownBy(() -> new Weights(CONFIG, source, Dtype.FLOAT32, Device.CPU))
                .isInstanceOf(InputException.class)
                .hasMessage("model: expected a tensor " + name + ", found none. Is the file complete?");
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.1.self_attn.k_proj.weight, '[2, 4]'",
        "lm_head.weight, '[7, 4]'",
        "model.norm.weight, '[4]'",
        "model.layers.0.mlp.down_proj.bias, '[4]'"
    })
    void aWeightOfAnotherShapeIsRefusedWithBoth(String name, String expected) {
        source.shapes().put(name, List.of(3L, 5L));
        assertThatThrownBy(() -> new Weights(CONFIG, source, Dtype.FLOAT32, Device.CPU))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected shape " + expected + ", found [3, 5] (" + name + ")");
    }

    @Test
    void everyWeightHasItsOwnNameInAGgufFile() {
        for (Family family : Family.ALL) {
            assertThat(CONFIG.tensorShapes().keySet().stream()
                            .filter(name -> !name.startsWith("model.layers.")
                                    || family.ggufNames()
                                            .containsKey(name.replaceAll("model\\.layers\\.\\d+\\.|\\.weight$", "")))
                            .map(family::ggufName))
                    .doesNotHaveDuplicates()
                    .noneMatch(name -> name.contains("model.") || name.contains("proj"));
        }
    }
}
