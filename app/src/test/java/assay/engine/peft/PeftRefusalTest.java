package assay.engine.peft;

import static assay.engine.peft.AdapterFolder.PREFIX;
import static assay.engine.peft.AdapterFolder.Q0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a PEFT folder may not contain, and what the user is told.
final class PeftRefusalTest {
    @TempDir
    Path folder;

    private AdapterFolder plain() {
        return AdapterFolder.plain(folder);
    }

    private static InputException refusal(Path folder, Map<String, List<Long>> shapes) {
        try (TensorScope _ = new TensorScope()) {
            InputException refused =
                    catchThrowableOfType(InputException.class, () -> PeftAdapter.read(folder, shapes, Dtype.FLOAT32));
            assertThat(refused).as("refusal").isNotNull();
            assertThat(refused).message().doesNotContain("\n").hasSizeLessThan(900);
            return refused;
        }
    }

    private static void requireRefusal(AdapterFolder adapter, String... parts) throws IOException {
        assertThat(refusal(adapter.write(), AdapterFolder.modelShapes()))
                .message()
                .contains(parts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_qalora | true",
                "use_bdlora | {\"block\":2}",
                "alora_invocation_tokens | [1,2]",
                "layer_replication | [[0,2]]",
                "kasa_config | {\"beta\":1}",
                "arrow_config | {\"top_k\":3}",
                "velora_config | {\"rank\":1}",
                "monteclora_config | {\"samples\":4}",
                "corda_config | {\"method\":\"kpm\"}",
                "lora_ga_config | {\"direction\":\"ArB2r\"}",
                "a_field_of_next_year | 0.5",
            })
    void fieldsThatChangeTheMeaningAreRefusedByName(String field, String value) throws IOException {
        requireRefusal(plain().config(field, value), "adapter: expected " + field + " to be off, found ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora | false",
                "a_field_of_next_year | null",
                "a_field_of_next_year | false",
                "a_field_of_next_year | {}",
                "a_field_of_next_year | []",
                "a_field_of_next_year | \"\"",
                "lora_dropout | 0.5",
                "fan_in_fan_out | true",
                "loftq_config | {\"bits\":4}",
                "peft_version | \"0.99\"",
                "init_lora_weights | \"gaussian\"",
                "init_lora_weights | false",
            })
    void fieldsWithoutEffectAreTolerated(String field, String value) throws IOException {
        Path written = plain().config(field, value).write();
        try (TensorScope _ = new TensorScope()) {
            assertThatCode(() -> PeftAdapter.read(written, AdapterFolder.modelShapes(), Dtype.FLOAT32))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pissa", "pissa_niter_16", "olora", "corda", "lora_ga", "loftq"})
    void startsThatChangeTheBaseAreRefused(String start) throws IOException {
        requireRefusal(plain().config("init_lora_weights", "\"" + start + "\""), "init_lora_weights", start);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"PROMPT_TUNING\" | expected peft_type LORA, found PROMPT_TUNING",
                "peft_type | 7 | expected peft_type LORA",
                "r | 0 | expected r to be a positive whole number, found 0",
                "r | -8 | expected r to be a positive whole number, found -8",
                "r | \"8\" | expected r to be a positive whole number, found \"8\"",
                "r | 1e99 | expected r to be a positive whole number",
                "lora_alpha | null | expected lora_alpha to be a number, found null",
                "lora_alpha | 1e999 | expected lora_alpha to be a number",
                "lora_alpha | 1e40 | expected lora_alpha to be a number",
                "lora_alpha | \"8\" | expected lora_alpha to be a number",
                "bias | \"some\" | expected bias to be none, all or lora_only, found some",
                "use_rslora | \"yes\" | expected use_rslora to be true or false, found \"yes\"",
                "rank_pattern | {\"q_proj\":0} | rank_pattern of q_proj to be a positive whole number, found 0",
                "rank_pattern | [2] | expected rank_pattern to be an object, found [2]",
                "alpha_pattern | 7 | expected alpha_pattern to be an object, found 7",
                "rank_pattern | {\"(\":2} | expected a regular expression in rank_pattern",
                "alpha_pattern | {\"q_proj\":\"x\"} | alpha_pattern of q_proj to be a number",
                "target_modules | \"(\" | expected a regular expression in target_modules",
                "target_modules | \"(.*.*.*.*.*.*.*.*)*y\" | matches a name in 1000000 steps",
                "target_modules | [7] | expected target_modules to hold names, found 7",
                "target_modules | 7 | expected target_modules to be a list or a text, found 7",
                "exclude_modules | {\"a\":1} | expected exclude_modules to hold names",
                "layers_to_transform | [-1] | expected layers_to_transform to be indices, found [-1]",
                "layers_to_transform | \"0\" | expected layers_to_transform to be indices",
            })
    void impossibleValuesAreRefusedByName(String field, String value, String message) throws IOException {
        requireRefusal(plain().config(field, value), message);
    }

    @Test
    void tensorsWithoutAPlaceAreListed() throws IOException {
        requireRefusal(
                plain().factors("model.layers.7.self_attn.q_proj", 2).tensor(PREFIX + Q0 + ".lora_C.weight", 8),
                "3 without: ",
                "base_model.model.model.layers.7.self_attn.q_proj.lora_B.weight",
                Q0 + ".lora_C.weight",
                "It was made for tiny/llama; give that model.");
    }

    @Test
    void embeddingFactorsOfALinearLayerHaveNoPlace() throws IOException {
        requireRefusal(plain().tensor(PREFIX + Q0 + ".lora_embedding_A", 2, 8), "1 without: ", "lora_embedding_A");
        requireRefusal(
                AdapterFolder.plain(folder.resolve("other")).factors("model.embed_tokens", 2), "2 without: ", "lora_A");
    }

    @Test
    void biasesOfAModelWithoutBiasesHaveNoPlace() throws IOException {
        requireRefusal(
                plain().config("bias", "\"all\"").tensor(PREFIX + Q0 + ".base_layer.bias", 8),
                "1 without: ",
                "base_layer.bias");
    }

    @Test
    void targetsWithoutTensorsAreListed() throws IOException {
        requireRefusal(
                plain().config("target_modules", "[\"q_proj\",\"v_proj\",\"k_proj\"]"),
                "expected tensors for every module that target_modules names, found 2 without: ",
                "model.layers.0.self_attn.k_proj, model.layers.1.self_attn.k_proj");
    }

    @Test
    void tensorsTheConfigurationDoesNotTargetAreListed() throws IOException {
        requireRefusal(
                plain().config("target_modules", "[\"q_proj\"]"),
                "expected tensors only for modules that target_modules names, found 2 others: ",
                "model.layers.0.self_attn.v_proj");
        requireRefusal(
                AdapterFolder.plain(folder.resolve("layer")).config("layers_to_transform", "1"), "2 others: ", Q0);
    }

    @Test
    void halfAPairIsRefused() throws IOException {
        requireRefusal(
                plain().drop(PREFIX + Q0 + ".lora_B.weight"), "both factors of every module, found one only of: " + Q0);
    }

    @Test
    void factorBiasesMustBeWhereTheConfigurationSays() throws IOException {
        requireRefusal(plain().factorBiases(), "a lora_B.bias for no module as lora_bias says, found otherwise: " + Q0);
        requireRefusal(
                AdapterFolder.plain(folder.resolve("other"))
                        .config("lora_bias", "true")
                        .factorBiases()
                        .drop(PREFIX + Q0 + ".lora_B.bias"),
                "a lora_B.bias for every module as lora_bias says, found otherwise: " + Q0);
    }

    @Test
    void namesThatWouldSpoilTheMessageAreTamed() throws IOException {
        requireRefusal(
                plain().tensor("evil\n\u001b[31mname", 1).tensor("x".repeat(10_000), 1),
                "evil\\n\\u001b[31mname",
                "x".repeat(160) + "…");
    }

    @Test
    void twoTensorsForOnePlaceAreRefused() throws IOException {
        requireRefusal(plain().tensor(PREFIX + Q0 + ".lora_A.default.weight", 2, 8), "one tensor for each place");
    }

    @Test
    void savedModulesWithoutTensorsAreRefused() throws IOException {
        requireRefusal(
                plain().config("modules_to_save", "[\"lm_head\"]"),
                "every module that modules_to_save names",
                "lm_head");
    }

    @Test
    void ranksThatDifferFromTheConfigurationAreRefused() throws IOException {
        requireRefusal(
                plain().config("r", "4"),
                "the ranks adapter_config.json gives, found 4 others: ",
                "expected 4, found 2");
    }

    @Test
    void anotherModelsShapesAreReportedTogetherWithTheLikelyBase() throws IOException {
        Map<String, List<Long>> larger = AdapterFolder.modelShapes();
        larger.replaceAll((_, shape) -> shape.stream().map(size -> 2 * size).toList());
        assertThat(refusal(plain().write(), larger))
                .message()
                .contains("expected shapes that fit the model, found 8 that do not: ")
                .contains(PREFIX + Q0 + ".lora_A.weight (expected [2, 16], found [2, 8])")
                .contains("and 3 more")
                .endsWith("It was made for tiny/llama; give that model.");
    }

    @Test
    void aFactorWithTooManyAxesIsRefused() throws IOException {
        requireRefusal(plain().tensor(PREFIX + Q0 + ".lora_A.weight", 2, 8, 1), "found [2, 8, 1]");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbersThatAreNotFiniteAreRefusedByTensor(float number) throws IOException {
        AdapterFolder made = plain();
        made.numbers(PREFIX + Q0 + ".lora_B.weight")[3] = number;
        requireRefusal(made, "finite numbers in " + PREFIX + Q0 + ".lora_B.weight, found NaN or infinity");
    }

    @Test
    void foldersWithoutAnAdapterAreRefused() throws IOException {
        Map<String, List<Long>> shapes = AdapterFolder.modelShapes();
        assertThat(refusal(folder, shapes)).message().contains("one adapter_config.json, found none");
        assertThat(refusal(folder.resolve("none"), shapes)).message().contains("a PEFT folder, found nothing");
        AdapterFolder.plain(folder.resolve("a")).write();
        AdapterFolder.plain(folder.resolve("b")).write();
        assertThat(refusal(folder, shapes)).message().contains("found [a/, b/]");
        Path file = folder.resolve("a/adapter_model.safetensors");
        assertThat(refusal(file, shapes)).message().contains("a PEFT folder, found a file");
        Files.delete(file);
        assertThat(refusal(folder.resolve("a"), shapes)).message().contains("adapter_model.safetensors, found none");
    }

    @Test
    void pickledAdaptersAreRefusedWithAdvice() throws IOException {
        Path written = plain().write();
        Files.move(written.resolve("adapter_model.safetensors"), written.resolve("adapter_model.bin"));
        assertThat(refusal(written, AdapterFolder.modelShapes()))
                .message()
                .contains("expected a file of torch.save")
                .contains("weights_only=True");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"r\":1,\"r\":2}", "{} {}", "null"})
    void configurationsThatAreNoJsonObjectAreRefused(String text) throws IOException {
        Path written = plain().write();
        Files.writeString(written.resolve("adapter_config.json"), text);
        assertThatThrownBy(() -> PeftAdapter.read(written, AdapterFolder.modelShapes(), Dtype.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("JSON: expected an object, found ");
    }

    @Test
    void anAdapterWithoutTensorsIsRefused() throws IOException {
        requireRefusal(AdapterFolder.empty(folder), "expected LoRA tensors, found none");
    }
}
