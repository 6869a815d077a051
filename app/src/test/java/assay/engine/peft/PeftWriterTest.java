package assay.engine.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.MappedWeights;
import assay.engine.peft.PeftWriter.Lora;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// LoRA adapters written for PEFT, read back by our own reader.
final class PeftWriterTest {
    private static final String K1 = "model.layers.1.self_attn.k_proj";

    @TempDir
    Path folder;

    private final Random random = new Random(11);

    private Tensor matrix(long rows, long columns) {
        float[] numbers = new float[(int) (rows * columns)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return Torch.floats(numbers, rows, columns);
    }

    private Lora lora(String module, long rank) {
        List<Long> weight = Objects.requireNonNull(AdapterFolder.modelShapes().get(module + ".weight"));
        return new Lora(matrix(rank, weight.get(1)), matrix(weight.get(0), rank));
    }

    private Map<String, Lora> factors(String... modules) {
        Map<String, Lora> factors = new LinkedHashMap<>();
        for (String module : modules) {
            factors.put(module, lora(module, 3));
        }
        return factors;
    }

    private PeftAdapter written(Map<String, Lora> factors, double alpha) {
        PeftWriter.lora(folder, factors, alpha, "some/base", Map.of("seed", "7"));
        return PeftAdapter.read(folder, AdapterFolder.modelShapes(), Dtype.FLOAT32);
    }

    private JsonNode config(String field) {
        return JsonMapper.shared()
                .readTree(folder.resolve("adapter_config.json"))
                .path(field);
    }

    private void requireReadsBack(Map<String, Lora> factors, double alpha) {
        PeftAdapter read = written(factors, alpha);
        assertThat(read.baseModel()).isEqualTo("some/base");
        assertThat(read.linear()).containsOnlyKeys(factors.keySet());
        read.linear().forEach((module, found) -> {
            Lora given = Objects.requireNonNull(factors.get(module));
            assertThat(found.scale()).isCloseTo(alpha / 3, within(1e-12));
            assertThat(Torch.toFloats(found.a())).containsExactly(Torch.toFloats(given.a()));
            assertThat(Torch.toFloats(found.b())).containsExactly(Torch.toFloats(given.b()));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "attn.c_proj, transformer.h., attn.c_proj, true",
        "mlp.c_fc, transformer.h., c_fc, true",
        "attention.dense, gpt_neox.layers., dense, false",
        "mlp.dense_h_to_4h, gpt_neox.layers., dense_h_to_4h, false",
    })
    void modulesOfOlderFamiliesAreSavedUnderTheirOwnNames(
            String module, String prefix, String target, boolean isTurned) {
        Map<String, Lora> factors = new LinkedHashMap<>();
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        try (TensorScope _ = new TensorScope()) {
            for (int block = 0; block < 2; block++) {
                factors.put("model.layers." + block + "." + module, new Lora(matrix(3, 8), matrix(8, 3)));
                shapes.put("model.layers." + block + "." + module + ".weight", List.of(8L, 8L));
            }
            shapes.put("model.layers.0.mlp.c_proj.weight", List.of(8L, 32L));
            PeftWriter.lora(folder, factors, 6, "some/base", Map.of());
            try (MappedWeights<String> file = MappedWeights.safetensors(folder.resolve("adapter_model.safetensors"))) {
                assertThat(file.tensors()).containsKey("base_model.model." + prefix + "1." + module + ".lora_B.weight");
            }
            assertThat(config("target_modules")).hasToString("[\"" + target + "\"]");
            assertThat(config("fan_in_fan_out").asBoolean()).isEqualTo(isTurned);
            PeftAdapter read = PeftAdapter.read(folder, shapes, Dtype.FLOAT32);
            assertThat(read.linear()).containsOnlyKeys(factors.keySet());
        }
    }

    @Test
    void theSameKindsInEveryBlockReadBack() {
        try (TensorScope _ = new TensorScope()) {
            requireReadsBack(
                    factors(
                            "model.layers.0.self_attn.v_proj",
                            "model.layers.1.self_attn.v_proj",
                            AdapterFolder.Q0,
                            "model.layers.1.self_attn.q_proj"),
                    6);
        }
        assertThat(config("target_modules")).hasToString("[\"q_proj\",\"v_proj\"]");
        assertThat(config("layers_to_transform")).hasToString("[0,1]");
        assertThat(config("r")).hasToString("3");
        assertThat(config("lora_alpha")).hasToString("6");
    }

    @Test
    void theFirstBlockAloneReadsBack() {
        try (TensorScope _ = new TensorScope()) {
            requireReadsBack(factors(AdapterFolder.Q0, "model.layers.0.mlp.down_proj"), 0.5);
        }
        assertThat(config("layers_to_transform")).hasToString("[0]");
        assertThat(config("lora_alpha")).hasToString("0.5");
    }

    @Test
    void otherModulesInEveryBlockReadBackByTheirWholeNames() {
        try (TensorScope _ = new TensorScope()) {
            requireReadsBack(factors(AdapterFolder.Q0, K1, "lm_head"), 6);
        }
        assertThat(config("target_modules")).hasToString("[\"lm_head\",\"" + AdapterFolder.Q0 + "\",\"" + K1 + "\"]");
    }

    @Test
    void equalFactorsGiveEqualFiles() throws java.io.IOException {
        try (TensorScope _ = new TensorScope()) {
            Map<String, Lora> factors = factors(AdapterFolder.Q0, K1);
            PeftWriter.lora(folder.resolve("first"), factors, 6, "some/base", Map.of());
            PeftWriter.lora(folder.resolve("second"), factors, 6, "some/base", Map.of());
        }
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            assertThat(folder.resolve("first").resolve(file)).hasSameBinaryContentAs(folder.resolve("second/" + file));
        }
    }

    @Test
    void factorsThatDoNotBelongTogetherAreNotWritten() {
        try (TensorScope _ = new TensorScope()) {
            Map<String, Lora> ranks = factors(AdapterFolder.Q0);
            ranks.put(K1, lora(K1, 2));
            Map<String, Lora> unfinished = factors(AdapterFolder.Q0);
            unfinished.put(K1, new Lora(matrix(3, 8), Torch.floats(new float[] {1, 2, Float.NaN}, 1, 3)));
            for (Map<String, Lora> wrong :
                    List.of(Map.<String, Lora>of(), ranks, unfinished, factors("model.embed_tokens"))) {
                assertThatThrownBy(() -> PeftWriter.lora(folder, wrong, 6, "some/base", Map.of()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThatThrownBy(
                            () -> PeftWriter.lora(folder, factors(AdapterFolder.Q0), Double.NaN, "some/base", Map.of()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
