package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.engine.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Adapters in llama.cpp's form against the PEFT folders they were made of (`bench/golden/gguf_adapters.py`).
class GgufAdaptersTest {
    private static final List<ModelGolden.Context> CONTEXTS = ModelGolden.contexts("tiny/expected.json");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "llama, tied, tiny/adapters/plain",
        "llama-all, sharded-fp16, tiny/adapters/all-linear",
        "llama-embedding, untied-bf16, tiny/adapters/embedding",
        "llama-head, untied-bf16, tiny/adapters/head",
        "qwen2, families/qwen2, families/qwen2/adapter",
        "gptneox, families/gptneox, families/gptneox/adapter",
    })
    void anAdapterInAGgufFileIsThePeftFolderItWasMadeOf(String name, String model, String peft) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(model)) {
            LoraAdapter gguf = LoraAdapter.open(file(name), chat);
            LoraAdapter theirs = LoraAdapter.open(ModelGolden.path(peft), chat);
            Tensor ours = ModelGolden.logits(chat.model(), gguf.overlay(), CONTEXTS);
            assertThat(ModelGolden.difference(ours, ModelGolden.logits(chat.model(), theirs.overlay(), CONTEXTS)))
                    .isLessThan(1e-5);
            assertThat(ModelGolden.difference(ours, ModelGolden.logits(chat.model(), Overlay.NONE, CONTEXTS)))
                    .isGreaterThan(1e-2);
            assertThat(gguf.overlay().sha256()).isEqualTo(theirs.overlay().sha256());
            assertThat(gguf.description()).startsWith("LoRA, rank ").endsWith(", from GGUF");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "untied-bf16 | adapters-gguf/qwen2.gguf | expected one for Llama, the model's family, found one for Qwen2",
                "sharded-fp16 | families/mistral/gguf.bin | expected general.type adapter, found model",
                "tied | adapters-gguf/llama-all.gguf | expected factors of this model's weights, found others: blk.2.",
                "families/mistral | adapters-gguf/llama.gguf | expected two factors of one rank that fit the model",
            })
    void whatDoesNotFitIsRefusedByName(String model, String file, String message) throws IOException {
        Path copy = Files.copy(ModelGolden.path(file), folder.resolve("copy.gguf"));
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(model)) {
            assertThatThrownBy(() -> LoraAdapter.open(copy, chat))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("adapter: ")
                    .hasMessageContaining(message);
        }
    }

    private static Path file(String name) {
        return ModelGolden.path("adapters-gguf/" + name + ".gguf");
    }
}
