package assay.engine.peft;

import static assay.engine.peft.AdapterFolder.PREFIX;
import static assay.engine.peft.AdapterFolder.Q0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeftAdapterTest {
    private static final Path PIRATE = Path.of("../examples/adapters/pirate");

    @TempDir
    Path folder;

    private static PeftAdapter read(AdapterFolder adapter) throws IOException {
        return PeftAdapter.read(adapter.write(), AdapterFolder.modelShapes(), Dtype.FLOAT32);
    }

    private AdapterFolder plain() {
        return AdapterFolder.plain(folder);
    }

    private static PeftAdapter.Factors factors(PeftAdapter adapter, String module) {
        return Objects.requireNonNull(adapter.linear().get(module), module);
    }

    /// The shapes of the default model, SmolLM2-135M.
    private static Map<String, List<Long>> defaultModelShapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", List.of(49152L, 576L));
        for (int layer = 0; layer < 30; layer++) {
            shapes.put("model.layers." + layer + ".self_attn.q_proj.weight", List.of(576L, 576L));
            shapes.put("model.layers." + layer + ".self_attn.k_proj.weight", List.of(192L, 576L));
            shapes.put("model.layers." + layer + ".self_attn.v_proj.weight", List.of(192L, 576L));
        }
        return shapes;
    }

    @Test
    void theExampleAdapterReads() {
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter pirate = PeftAdapter.read(PIRATE, defaultModelShapes(), Dtype.FLOAT32);
            assertThat(pirate.baseModel()).isEqualTo("HuggingFaceTB/SmolLM2-135M-Instruct");
            assertThat(pirate.description()).isEqualTo("LoRA, rank 8, q_proj v_proj, 60 modules");
            assertThat(pirate.linear()).hasSize(60);
            assertThat(pirate.linear().values()).allMatch(factors -> factors.scale() == 2);
            assertThat(factors(pirate, "model.layers.29.self_attn.v_proj").b().size(0))
                    .isEqualTo(192);
            assertThat(pirate.embedding()).isEmpty();
            assertThat(pirate.replaced()).isEmpty();
            assertThat(pirate.biases()).isEmpty();
            assertThat(pirate.hasNoEffect()).isFalse();
        }
    }

    @Test
    void factorsAreTheStoredNumbers() throws IOException {
        AdapterFolder made = plain();
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter adapter = read(made);
            assertThat(Torch.toFloats(factors(adapter, Q0).a()))
                    .isEqualTo(made.numbers(PREFIX + Q0 + ".lora_A.weight"));
            assertThat(Torch.toFloats(factors(adapter, Q0).b()))
                    .isEqualTo(made.numbers(PREFIX + Q0 + ".lora_B.weight"));
            assertThat(factors(adapter, Q0).scale()).isEqualTo(3);
        }
    }

    @Test
    void rankStabilisedScaleIsAlphaOverTheRootOfTheRank() throws IOException {
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter adapter = read(plain().config("use_rslora", "true"));
            assertThat(factors(adapter, Q0).scale()).isCloseTo(6 / Math.sqrt(2), within(1e-12));
        }
    }

    @Test
    void patternsGiveEachModuleItsRankAndScale() throws IOException {
        AdapterFolder made = plain().config("rank_pattern", "{\"layers.1.self_attn.q_proj\":4}")
                .config("alpha_pattern", "{\"^model.layers.0.self_attn.v_proj\":1,\"v_proj\":10}")
                .factors("model.layers.1.self_attn.q_proj", 4);
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter adapter = read(made);
            assertThat(factors(adapter, Q0).scale()).isEqualTo(3);
            assertThat(factors(adapter, "model.layers.1.self_attn.q_proj").scale())
                    .isEqualTo(1.5);
            assertThat(factors(adapter, "model.layers.0.self_attn.v_proj").scale())
                    .isEqualTo(0.5);
            assertThat(factors(adapter, "model.layers.1.self_attn.v_proj").scale())
                    .isEqualTo(5);
            assertThat(adapter.description()).isEqualTo("LoRA, ranks 2 to 4, q_proj v_proj, 4 modules");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target_modules | \"model\\\\.layers\\\\.\\\\d\\\\.self_attn\\\\.[qv]_proj\"",
                "target_modules | \"(?P<all>.*)\\\\.[qv]_proj\"",
                "target_modules | [\"model.layers.0.self_attn.q_proj\",\"1.self_attn.q_proj\",\"v_proj\"]",
                "target_modules | null",
            })
    void targetsMayBeEndingsOrARegularExpressionOrUnsaid(String field, String value) throws IOException {
        try (TensorScope _ = new TensorScope()) {
            assertThat(read(plain().config(field, value)).linear()).hasSize(4);
        }
    }

    @Test
    void allLinearIsEveryLinearLayerButTheHead() throws IOException {
        AdapterFolder made = plain().config("target_modules", "\"all-linear\"");
        for (int layer = 0; layer < 2; layer++) {
            made.factors("model.layers." + layer + ".self_attn.k_proj", 2);
            made.factors("model.layers." + layer + ".mlp.down_proj", 2);
        }
        try (TensorScope _ = new TensorScope()) {
            assertThat(read(made).linear()).hasSize(8);
        }
    }

    @Test
    void excludedModulesAndOtherBlocksNeedNoTensors() throws IOException {
        AdapterFolder excluded = AdapterFolder.empty(folder)
                .config("target_modules", "[\"q_proj\",\"v_proj\"]")
                .factors(Q0, 2);
        try (TensorScope _ = new TensorScope()) {
            excluded.config("exclude_modules", "[\"v_proj\",\"model.layers.1.self_attn.q_proj\"]");
            assertThat(read(excluded).linear()).containsOnlyKeys(Q0);
            excluded.config("exclude_modules", "\".*v_proj|.*layers\\\\.1.*\"");
            assertThat(read(excluded).linear()).containsOnlyKeys(Q0);
            excluded.config("exclude_modules", "[\"v_proj\"]").config("layers_to_transform", "[0]");
            assertThat(read(excluded).linear()).containsOnlyKeys(Q0);
            excluded.config("layers_to_transform", "0").config("layers_pattern", "[\"layers\"]");
            assertThat(read(excluded).linear()).containsOnlyKeys(Q0);
        }
    }

    @Test
    void embeddingsSavedModulesAndFactorBiasesLand() throws IOException {
        AdapterFolder made = plain().config("target_modules", "[\"q_proj\",\"v_proj\",\"embed_tokens\"]")
                .config("modules_to_save", "[\"lm_head\",\"model.norm\"]")
                .config("lora_bias", "true")
                .factorBiases()
                .tensor(PREFIX + "model.embed_tokens.lora_embedding_A", 2, AdapterFolder.VOCABULARY)
                .tensor(PREFIX + "model.embed_tokens.lora_embedding_B", AdapterFolder.HIDDEN, 2)
                .tensor(PREFIX + "model.embed_tokens.base_layer.weight", AdapterFolder.VOCABULARY, AdapterFolder.HIDDEN)
                .tensor(PREFIX + "lm_head.weight", AdapterFolder.VOCABULARY, AdapterFolder.HIDDEN)
                .tensor(PREFIX + "model.norm.modules_to_save.weight", AdapterFolder.HIDDEN);
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter adapter = read(made);
            assertThat(adapter.biases()).hasSize(4);
            assertThat(adapter.embedding()).isPresent();
            assertThat(adapter.embedding().orElseThrow().scale()).isEqualTo(3);
            assertThat(adapter.replaced())
                    .containsOnlyKeys("model.embed_tokens.weight", "lm_head.weight", "model.norm.weight");
            float[] bias = made.numbers(PREFIX + Q0 + ".lora_B.bias");
            assertThat(Torch.toFloats(Objects.requireNonNull(adapter.biases().get(Q0)))[5])
                    .isEqualTo(3 * bias[5]);
            assertThat(adapter.description())
                    .isEqualTo("LoRA, rank 2, embed_tokens q_proj v_proj, 5 modules, 3 replaced");
        }
    }

    @Test
    void biasesOfTheModelAreReplacedWhereItHasThem() throws IOException {
        AdapterFolder made = plain().config("bias", "\"lora_only\"").tensor(PREFIX + Q0 + ".base_layer.bias", 8);
        Map<String, List<Long>> shapes = AdapterFolder.modelShapes();
        shapes.put(Q0 + ".bias", List.of(8L));
        try (TensorScope _ = new TensorScope()) {
            assertThat(PeftAdapter.read(made.write(), shapes, Dtype.FLOAT32).replaced())
                    .containsOnlyKeys(Q0 + ".bias");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lora_(.)\\.weight, lora_$1.default.weight",
        "model\\.layers, model.language_model.layers",
        "base_model.model.model, base_model.model.language_model.model",
        "base_model.model.model., base_model.model.",
        "base_model.model., ''",
        "model.layers, model._orig_mod.layers",
    })
    void knownSpellingsOfTheSameNamesLandInTheSamePlaces(String regex, String replacement) throws IOException {
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter expected = read(plain());
            PeftAdapter adapter = read(plain().rename(regex, replacement));
            assertThat(adapter.linear()).containsOnlyKeys(expected.linear().keySet());
            assertThat(Torch.toFloats(factors(adapter, Q0).a()))
                    .isEqualTo(Torch.toFloats(factors(expected, Q0).a()));
        }
    }

    @Test
    void anAdapterWithANameOfItsOwnIsFoundInItsSubfolder() throws IOException {
        AdapterFolder.plain(folder.resolve("persona")).write();
        try (TensorScope _ = new TensorScope()) {
            assertThat(PeftAdapter.read(folder, AdapterFolder.modelShapes(), Dtype.FLOAT32)
                            .linear())
                    .hasSize(4);
        }
    }

    @Test
    void bfloat16FactorsAreTheRoundedOnes() throws IOException {
        Path written = plain().write();
        try (TensorScope _ = new TensorScope()) {
            PeftAdapter single = PeftAdapter.read(written, AdapterFolder.modelShapes(), Dtype.FLOAT32);
            PeftAdapter half = PeftAdapter.read(written, AdapterFolder.modelShapes(), Dtype.BFLOAT16);
            assertThat(Torch.toFloats(factors(half, Q0).a()))
                    .isEqualTo(Torch.toFloats(factors(single, Q0).a().to(Dtype.BFLOAT16.scalarType())));
        }
    }

    @Test
    void anUntrainedAdapterHasNoEffect() throws IOException {
        AdapterFolder made = plain();
        for (int layer = 0; layer < 2; layer++) {
            made.fill(PREFIX + "model.layers." + layer + ".self_attn.q_proj.lora_B.weight", 0);
            made.fill(PREFIX + "model.layers." + layer + ".self_attn.v_proj.lora_A.weight", 0);
        }
        try (TensorScope _ = new TensorScope()) {
            assertThat(read(made).hasNoEffect()).isTrue();
            made.numbers(PREFIX + Q0 + ".lora_B.weight")[15] = 1e-30f;
            assertThat(read(made).hasNoEffect()).isFalse();
        }
    }

    @Test
    void factorsWhoseProductVanishesHaveNoEffect() throws IOException {
        AdapterFolder made = AdapterFolder.empty(folder)
                .config("target_modules", "[\"lm_head\"]")
                .factors("lm_head", 2);
        float[] a = made.numbers(PREFIX + "lm_head.lora_A.weight");
        float[] b = made.numbers(PREFIX + "lm_head.lora_B.weight");
        java.util.Arrays.fill(a, 0, AdapterFolder.HIDDEN, 0);
        for (int row = 0; row < AdapterFolder.VOCABULARY; row++) {
            b[2 * row + 1] = 0;
        }
        try (TensorScope _ = new TensorScope()) {
            assertThat(read(made).hasNoEffect()).isTrue();
            b[2 * AdapterFolder.VOCABULARY - 1] = 1;
            assertThat(read(made).hasNoEffect()).isFalse();
        }
    }

    @Test
    void alphaZeroHasNoEffectButAReplacementHas() throws IOException {
        AdapterFolder made = plain().config("lora_alpha", "0");
        try (TensorScope _ = new TensorScope()) {
            assertThat(read(made).hasNoEffect()).isTrue();
            made.tensor(PREFIX + "model.norm.weight", AdapterFolder.HIDDEN);
            assertThat(read(made).hasNoEffect()).isFalse();
        }
    }
}
