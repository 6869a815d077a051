package assay.engine.peft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.peft.PeftPrompt.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Soft prompts in PEFT folders: what is written reads back, and what does not fit is refused.
final class PeftPromptTest {
    private static final float[] NUMBERS = {1, -2, 3.5f, 4, 0.25f, -6e-8f};

    @TempDir
    Path folder;

    /// A folder as PEFT writes it: 3 soft tokens of width 8.
    private AdapterFolder plain() {
        return AdapterFolder.empty(folder)
                .without("r")
                .without("lora_alpha")
                .without("lora_dropout")
                .config("peft_type", "\"PROMPT_TUNING\"")
                .config("task_type", "\"CAUSAL_LM\"")
                .config("num_virtual_tokens", "3")
                .config("token_dim", "8")
                .config("num_transformer_submodules", "1")
                .config("num_attention_heads", "4")
                .config("num_layers", "2")
                .config("prompt_tuning_init", "\"TEXT\"")
                .config("prompt_tuning_init_text", "\"Answer like a pirate.\"")
                .config("tokenizer_name_or_path", "\"tiny/llama\"")
                .config("tokenizer_kwargs", "null")
                .tensor("prompt_embeddings", 3, 8);
    }

    private static void requireRefusal(Path folder, String... parts) {
        try (TensorScope _ = new TensorScope()) {
            InputException refused = catchThrowableOfType(InputException.class, () -> PeftPrompt.read(folder, 8));
            assertThat(refused).as("refusal").isNotNull();
            assertThat(refused).message().contains(parts).doesNotContain("\n").hasSizeLessThan(900);
        }
    }

    private void slot(String json) throws IOException {
        Files.writeString(folder.resolve("assay_slot.json"), json);
    }

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"SYSTEM", "PREFIX"})
    void whatIsWrittenReadsBack(Place place) {
        Path made = folder.resolve("new/prompt");
        try (TensorScope _ = new TensorScope()) {
            PeftWriter.prompt(made, Torch.floats(NUMBERS, 2, 3), place, "some/base", Map.of("seed", "7"));
            PeftPrompt read = PeftPrompt.read(made, 3);
            assertThat(read.baseModel()).isEqualTo("some/base");
            assertThat(read.place()).isEqualTo(place);
            assertThat(read.metadata()).containsEntry("seed", "7").containsEntry("format", "pt");
            assertThat(read.embeddings().size(0)).isEqualTo(2);
            assertThat(Torch.toFloats(read.embeddings())).containsExactly(NUMBERS);
        }
    }

    @Test
    void nothingTemporaryIsLeftBehind() throws IOException {
        try (TensorScope _ = new TensorScope()) {
            PeftWriter.prompt(folder, Torch.floats(NUMBERS, 2, 3), Place.SYSTEM, "some/base", Map.of());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors", "assay_slot.json");
        }
    }

    @Test
    void aDiskThatDoesNotTakeItLeavesNoConfiguration() throws IOException {
        Files.createDirectory(folder.resolve("adapter_model.safetensors"));
        Files.createFile(folder.resolve("adapter_model.safetensors/inside"));
        try (TensorScope _ = new TensorScope()) {
            var prompt = Torch.floats(NUMBERS, 2, 3);
            assertThatThrownBy(() -> PeftWriter.prompt(folder, prompt, Place.PREFIX, "some/base", Map.of()))
                    .isInstanceOf(assay.ResourceException.class)
                    .hasMessageStartingWith("disk: expected to write tensors, found ");
        }
        assertThat(folder.resolve("adapter_config.json")).doesNotExist();
    }

    @Test
    void aPromptWithoutSidecarSitsInFrontOfAllInput() throws IOException {
        AdapterFolder peft = plain();
        peft.write();
        try (TensorScope _ = new TensorScope()) {
            PeftPrompt read = PeftPrompt.read(folder, 8);
            assertThat(read.place()).isEqualTo(Place.PREFIX);
            assertThat(read.baseModel()).isEqualTo("tiny/llama");
            assertThat(Torch.toFloats(read.embeddings())).containsExactly(peft.numbers("prompt_embeddings"));
        }
    }

    @Test
    void aPromptInASubfolderIsFoundWithItsSidecar() throws IOException {
        plain().write();
        slot("{\"schema_version\":1,\"slot\":\"system\"}");
        Path above = folder.resolveSibling(folder.getFileName() + "-above");
        Files.createDirectories(above);
        Files.move(folder, above.resolve("pirate"));
        try (TensorScope _ = new TensorScope()) {
            assertThat(PeftPrompt.read(above, 8).place()).isEqualTo(Place.SYSTEM);
        }
        Files.move(above.resolve("pirate"), folder);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"LORA\" | peft_type PROMPT_TUNING, found LORA | give it with --adapter",
                "peft_type | \"PREFIX_TUNING\" | found PREFIX_TUNING | keys and values for every layer",
                "peft_type | \"IA3\" | found IA3 | prompt tuning only",
                "peft_type | 7 | found 7 | prompt tuning only",
                "num_transformer_submodules | 2 | num_transformer_submodules 1, found 2 | decoder-only",
                "num_transformer_submodules | \"one\" | found \"one\" | decoder-only",
                "task_type | \"SEQ_2_SEQ_LM\" | task_type CAUSAL_LM, found SEQ_2_SEQ_LM | decoder-only",
                "num_virtual_tokens | 0 | num_virtual_tokens to be a whole number from 1 to 4096, found 0 | PEFT",
                "num_virtual_tokens | -3 | found -3 | PEFT",
                "num_virtual_tokens | 4097 | found 4097 | PEFT",
                "num_virtual_tokens | 1e30 | found 1.0E30 | PEFT",
                "num_virtual_tokens | null | found null | PEFT",
                "num_virtual_tokens | \"3\" | found \"3\" | PEFT",
                "token_dim | 0 | token_dim to be a whole number | PEFT",
                "token_dim | 9 | token_dim 8, the model's width, found 9 | made for tiny/llama; give that model",
                "modules_to_save | [\"lm_head\"] | modules_to_save to be off | does not support",
                "a_field_of_next_year | 0.5 | a_field_of_next_year to be off, found 0.5 | does not support",
                "num_virtual_tokens | 4 | shape [4, 8] (num_virtual_tokens, token_dim), found [3, 8] | belong together",
            })
    void configurationsThatDoNotFitAreRefused(String field, String value, String message, String next)
            throws IOException {
        requireRefusal(plain().config(field, value).write(), "soft prompt: expected ", message, next, "(" + folder);
    }

    @Test
    void fieldsThatSayNothingAreTolerated() throws IOException {
        plain().config("modules_to_save", "null")
                .without("num_transformer_submodules")
                .write();
        try (TensorScope _ = new TensorScope()) {
            assertThat(PeftPrompt.read(folder, 8).embeddings().size(0)).isEqualTo(3);
        }
    }

    @Test
    void tensorsThatDoNotFitAreRefused() throws IOException {
        requireRefusal(
                plain().drop("prompt_embeddings").write(), "expected a tensor prompt_embeddings, found none", "saved");
        requireRefusal(plain().rename("prompt_", "word_").write(), "tensor prompt_embeddings, found word_embeddings");
        requireRefusal(
                plain().tensor("lm_head.weight", 20, 8).write(),
                "expected prompt_embeddings alone, found ",
                "lm_head.weight");
        requireRefusal(
                plain().tensor("prompt_embeddings", 24).write(), "shape [3, 8]", "found [24]", "belong together");
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void numbersThatAreNoneAreRefused(float number) throws IOException {
        AdapterFolder broken = plain();
        broken.numbers("prompt_embeddings")[5] = number;
        requireRefusal(broken.write(), "finite numbers in prompt_embeddings, found NaN or infinity", "diverged");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"schema_version\":2,\"slot\":\"system\"} | schema_version 1, found 2",
                "{\"slot\":\"system\"} | schema_version 1, found none",
                "{\"schema_version\":1} | slot to be system or prefix, found none",
                "{\"schema_version\":1,\"slot\":\"user\"} | slot to be system or prefix, found \"user\"",
                "{\"schema_version\":1,\"slot\":[\"system\"]} | slot to be system or prefix, found [\"system\"]",
                "[1] | JSON: expected an object",
            })
    void sidecarsThatSayNothingKnownAreRefused(String json, String message) throws IOException {
        plain().write();
        slot(json);
        requireRefusal(folder, message, "assay_slot.json");
    }

    @Test
    void foldersWithoutAPromptAreRefused() throws IOException {
        requireRefusal(folder.resolve("nowhere"), "soft prompt: expected a PEFT folder, found nothing");
        requireRefusal(folder, "soft prompt: expected one adapter_config.json, found none");
        plain().write();
        Files.move(folder.resolve("adapter_model.safetensors"), folder.resolve("adapter_model.bin"));
        requireRefusal(folder, "expected a file of torch.save", "weights_only=True");
    }

    @Test
    void aFileCutShortIsRefused() throws IOException {
        plain().write();
        Path weights = folder.resolve("adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(whole, whole.length - 4));
        requireRefusal(folder, "safetensors: expected ", "prompt_embeddings");
    }

    @Test
    void whatCannotBeReadBackIsNotWritten() {
        try (TensorScope _ = new TensorScope()) {
            for (var prompt : List.of(
                    Torch.floats(new float[0], 0, 3),
                    Torch.floats(NUMBERS, 6),
                    Torch.floats(new float[] {1, Float.NaN}, 1, 2),
                    torch.zeros(4097, 2))) {
                assertThatThrownBy(() -> PeftWriter.prompt(folder, prompt, Place.PREFIX, "some/base", Map.of()))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aSoftPromptGivenAsAnAdapterIsPointedToSoft() throws IOException {
        plain().write();
        assertThatThrownBy(() -> PeftAdapter.read(folder, AdapterFolder.modelShapes(), Dtype.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found PROMPT_TUNING")
                .hasMessageContaining("give it with --soft");
    }
}
