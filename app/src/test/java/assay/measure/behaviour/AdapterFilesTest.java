package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.format.MappedWeights;
import assay.engine.model.Cases;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TinyModel;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters as trainers leave them: what PEFT loads is read to the same numbers, and what cannot be
/// read is not called an adapter of another model when it is one of this.
final class AdapterFilesTest {
    private static final String PLAIN = "19-named-adapter/named/pirate";
    private static final String EMBEDDING = "base_model.model.model.embed_tokens.weight";
    private static final String HEAD = "base_model.model.lm_head.weight";

    @TempDir
    Path folder;

    private static double difference(String name, String base, Path adapter) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(Cases.path(base))) {
            LoraAdapter opened = LoraAdapter.open(adapter, chat);
            assertThat(opened.changesUnembedding()).isFalse();
            return Cases.difference(name, chat.model(), null, opened.overlay());
        }
    }

    private static void requireRefusal(String base, Path adapter, String... parts) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(Cases.path(base))) {
            assertThatThrownBy(() -> LoraAdapter.open(adapter, chat))
                    .isInstanceOf(InputException.class)
                    .satisfies(refused ->
                            assertThat(refused.getMessage()).contains(parts).doesNotContain("It was made for"));
        }
    }

    /// A copy of an adapter with other tensors.
    private Path holding(String name, Consumer<Map<String, Tensor>> change) throws IOException {
        Path copy = Cases.copy(name, folder.resolve("adapter"));
        Cases.rewrite(copy.resolve("adapter_model.safetensors"), copy.resolve("adapter_model.safetensors"), change);
        return copy;
    }

    private static void rename(Map<String, Tensor> tensors, String regex, String replacement) {
        Map<String, Tensor> before = new LinkedHashMap<>(tensors);
        tensors.clear();
        before.forEach((name, tensor) -> tensors.put(name.replaceAll(regex, replacement), tensor));
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    @ParameterizedTest
    @CsvSource({
        "06-unchanged-head-beside-lora, untied, adapter",
        "07-saved-three-times, base, adapter",
        "08-fan-in-fan-out, base, adapter",
        "09-resized-vocabulary, base, adapter",
        "19-named-adapter, base, named",
        "21-wrapper-names, base, adapter",
    })
    void logitsAreThoseOfPeft(String name, String base, String adapter) {
        assertThat(difference(name, base, Cases.path(name + "/" + adapter))).isLessThan(2e-4);
    }

    @Test
    void pTuningIsReadAsTheSoftPromptItSaves() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(Cases.path("base"))) {
            PeftPrompt prompt =
                    PeftPrompt.read(Cases.path("05-p-tuning/soft"), chat.model().hidden());
            assertThat(prompt.place()).isEqualTo(PeftPrompt.Place.PREFIX);
            KeyValueCache past =
                    chat.model().prefillOfEmbeddings(prompt.embeddings().unsqueeze(0), Overlay.NONE);
            assertThat(Cases.difference("05-p-tuning", chat.model(), past, Overlay.NONE))
                    .isLessThan(2e-4);
        }
    }

    @Test
    void copiesOfTheBaseChangeNothingEvenWhenRounded() throws IOException {
        Path rounded = holding("06-unchanged-head-beside-lora/adapter", tensors -> {
            tensors.replaceAll(
                    (name, tensor) -> name.contains("lora") ? tensor : tensor.to(Dtype.BFLOAT16.scalarType()));
        });
        assertThat(difference("06-unchanged-head-beside-lora", "untied", rounded))
                .isLessThan(2e-4);
    }

    @Test
    void onlyCopiesOfTheBaseAreNoChange() throws IOException {
        Path copies = holding(
                "06-unchanged-head-beside-lora/adapter",
                tensors -> tensors.replaceAll((name, tensor) ->
                        name.contains("lora_B") ? tensor.mul(new org.bytedeco.pytorch.Scalar(0)) : tensor));
        requireRefusal("untied", copies, "expected one that changes the model");
    }

    @Test
    void aChangedEmbeddingChangesTheHeadOfATiedModelUnlessItWasTrainedAsACopy() throws IOException {
        Path plain = holding(
                PLAIN,
                tensors -> tensors.put(
                        EMBEDDING,
                        Torch.floats(new float[512 * 32], 512, 32).add(new org.bytedeco.pytorch.Scalar(0.5))));
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(Cases.path("base"))) {
            assertThat(LoraAdapter.open(plain, chat).changesUnembedding()).isTrue();
            Cases.edit(plain.resolve("adapter_config.json"), "\"modules_to_save\": [\"embed_tokens\"]");
            assertThat(LoraAdapter.open(plain, chat).changesUnembedding()).isFalse();
        }
    }

    @Test
    void oneMatrixCannotBecomeTwo() throws IOException {
        Path two = holding(PLAIN, tensors -> {
            tensors.put(EMBEDDING, Torch.floats(new float[512 * 32], 512, 32));
            tensors.put(HEAD, of(tensors, EMBEDDING).add(new org.bytedeco.pytorch.Scalar(1)));
        });
        requireRefusal("base", two, "expected one matrix", "found two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_fsdp_wrapped_module.",
                "_checkpoint_wrapped_module.",
                "_orig_mod.",
                "module.",
                "_fsdp_wrapped_module._checkpoint_wrapped_module._orig_mod.",
            })
    void wrappersAreNoPartOfANameWhereverTheyStand(String wrapper) throws IOException {
        for (String before : new String[] {"base_model", "model\\.layers", "self_attn", "q_proj", "lora_", "weight$"}) {
            Path wrapped = holding(PLAIN, tensors -> rename(tensors, "(?<=^|\\.)(" + before + ")", wrapper + "$1"));
            assertThat(difference("19-named-adapter", "base", wrapped))
                    .as(before)
                    .isLessThan(2e-4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "(lora_.)\\.weight, $1.pirate.weight",
        "(lora_.)\\.weight, $1.default.weight",
        "base_model\\.model\\., base_model.model.base_model.model.",
        "base_model\\.model\\., _forward_module.base_model.model.",
        "base_model\\.model\\.model, base_model.model.model.model",
        "base_model\\.model\\.model, base_model.model.model.language_model",
    })
    void otherSpellingsOfTheSameNames(String regex, String replacement) throws IOException {
        Path renamed = holding(PLAIN, tensors -> rename(tensors, regex, replacement));
        assertThat(difference("19-named-adapter", "base", renamed)).isLessThan(2e-4);
    }

    @Test
    void checkpointFoldersAreFoundWhereThereIsOneAndListedWhereThereAreMore() throws IOException {
        Cases.copy(PLAIN, folder.resolve("checkpoint-100/pirate"));
        assertThat(difference("19-named-adapter", "base", folder)).isLessThan(2e-4);
        Cases.copy(PLAIN, folder.resolve("checkpoint-200"));
        requireRefusal("base", folder, "found [checkpoint-100/pirate/, checkpoint-200/]", "Give one of these folders.");
        Cases.copy(PLAIN, folder);
        assertThat(difference("19-named-adapter", "base", folder)).isLessThan(2e-4);
    }

    /// The plain adapter as MLX-LM would have saved it.
    private Path mlx(String parameters) throws IOException {
        Path home = Files.createDirectories(folder.resolve("mlx"));
        Files.writeString(
                home.resolve("adapter_config.json"),
                "{\"fine_tune_type\": \"lora\", \"model\": \"m/base\", \"lora_parameters\": {" + parameters + "}}");
        Path plain = Cases.path(PLAIN + "/adapter_model.safetensors");
        Cases.rewrite(plain, home.resolve("adapters.safetensors"), tensors -> {
            tensors.replaceAll((_, tensor) -> tensor.t().contiguous());
            rename(tensors, "base_model\\.model\\.", "");
            rename(tensors, "lora_A\\.weight", "lora_a");
            rename(tensors, "lora_B\\.weight", "lora_b");
        });
        return home;
    }

    @Test
    void anMlxAdapterIsItsScaleTimesItsFactorsTransposed() throws IOException {
        assertThat(difference("19-named-adapter", "base", mlx("\"rank\": 4, \"scale\": 2.0, \"dropout\": 0.0")))
                .isLessThan(2e-4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rank\": 4 | lora_parameters.scale to be a number, found none",
                "\"scale\": 2.0 | lora_parameters.rank to be a positive whole number, found none",
                "\"rank\": 4, \"scale\": \"2\" | lora_parameters.scale to be a number, found \"2\"",
                "\"rank\": 4, \"alpha\": 16, \"scale\": 2.0 | lora_parameters.alpha to be left out",
                "\"rank\": 8, \"scale\": 2.0 | expected 8, found 4",
            })
    void anMlxAdapterThatCouldMeanTwoThingsIsRefused(String parameters, String message) throws IOException {
        requireRefusal("base", mlx(parameters), message);
    }

    @Test
    void otherFineTunesByMlxAreRefusedByName() throws IOException {
        Path dora = mlx("\"rank\": 4, \"scale\": 2.0");
        Cases.edit(dora.resolve("adapter_config.json"), "\"fine_tune_type\": \"dora\"");
        requireRefusal("base", dora, "expected fine_tune_type to be lora, found \"dora\"");
    }

    @Test
    void emptyTensorsAreCalledWhatTheyAre() {
        requireRefusal(
                "base",
                Cases.path("22-empty-tensors/adapter"),
                "expected numbers in every tensor, found 8 empty, base_model.model.model.layers.0.self_attn.q_proj",
                "DeepSpeed ZeRO-3");
    }

    /// Rows for tokens that nobody trained say nothing; how many there were is told.
    @ParameterizedTest
    @ValueSource(longs = {500, 511, 513, 514})
    void copiesOfTheBaseWithOtherRowsAreLeftOut(long rows) throws IOException {
        Path resized = holding("09-resized-vocabulary/adapter", tensors -> {
            tensors.replaceAll((name, tensor) -> name.contains("lora") ? tensor : tensor.narrow(0, 0, rows));
        });
        assertThat(difference("09-resized-vocabulary", "base", resized)).isLessThan(2e-4);
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(Cases.path("base"))) {
            assertThat(LoraAdapter.open(resized, chat).description()).endsWith(", trained with " + rows + " tokens");
        }
    }

    /// The step that the refusal names: the base resized and given the adapter's rows.
    @Test
    void aBaseWithTheAdaptersRowsGivesPeftsLogitsOnAllTokens() throws IOException {
        Path adapter = Cases.path("09-resized-vocabulary/adapter");
        Path base = Cases.copy("base", folder.resolve("resized"));
        Cases.edit(base.resolve("config.json"), "\"vocab_size\": 514");
        Map<String, Tensor> rows = new LinkedHashMap<>();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            try (MappedWeights<String> file = MappedWeights.safetensors(adapter.resolve("adapter_model.safetensors"))) {
                rows.put("model.embed_tokens.weight", file.read(EMBEDDING, Dtype.FLOAT32));
            }
            Path weights = base.resolve("model.safetensors");
            Cases.rewrite(weights, weights, tensors -> tensors.putAll(rows));
            try (ChatModel chat = Cases.open(base)) {
                LoraAdapter opened = LoraAdapter.open(adapter, chat);
                assertThat(opened.description()).doesNotContain("trained with");
                assertThat(Cases.difference("09-resized-vocabulary/resized", chat.model(), null, opened.overlay()))
                        .isLessThan(2e-4);
            }
        }
    }

    /// Rows that were trained after a resize are those of the base that was resized, conditioned on the base's tokens.
    @ParameterizedTest
    @ValueSource(ints = {500, 514})
    void trainedRowsOfAResizedVocabularyAreReadAsFarAsTheModelHasTokens(int rows) throws IOException {
        UnaryOperator<Tensor> trained = tensor -> tensor.narrow(0, 0, rows).mul(new Scalar(1.2));
        Path changed = holding("09-resized-vocabulary/adapter", tensors -> {
            tensors.replaceAll((name, tensor) -> name.contains("lora") ? tensor : trained.apply(tensor));
        });
        Path plain = Cases.copy("09-resized-vocabulary/adapter", folder.resolve("plain"));
        Path weights = plain.resolve("adapter_model.safetensors");
        Cases.rewrite(weights, weights, tensors -> tensors.keySet().removeIf(name -> !name.contains("lora")));
        Path base = Cases.copy("base", folder.resolve("changed-base"));
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Path matrices = base.resolve("model.safetensors");
            Cases.rewrite(
                    matrices,
                    matrices,
                    tensors -> tensors.computeIfPresent("model.embed_tokens.weight", (_, table) -> {
                        long shared = Math.min(rows, table.size(0));
                        Tensor moved = table.clone();
                        moved.narrow(0, 0, shared).mul_(new Scalar(1.2));
                        return moved;
                    }));
            try (ChatModel chat = Cases.open(Cases.path("base"));
                    ChatModel other = Cases.open(base)) {
                LoraAdapter opened = LoraAdapter.open(changed, chat);
                assertThat(opened.description()).endsWith(", trained with " + rows + " tokens");
                TokenBatch ids = TokenBatch.of(5, 77, 130, 301, 12, 499, 64);
                Tensor ours = chat.model()
                        .logits(chat.model().hidden(ids, null, opened.overlay(), Positions.all(ids)), opened.overlay());
                LoraAdapter factors = LoraAdapter.open(plain, other);
                Tensor theirs = other.model()
                        .logits(
                                other.model().hidden(ids, null, factors.overlay(), Positions.all(ids)),
                                factors.overlay());
                assertThat(ours.sub(theirs).abs().max().item_double()).isLessThan(1e-4);
            }
        }
    }

    /// Of rows of tokens those count that the model has.
    @Test
    void rowsOfTokensThatTheModelHasNotAreLeftOut() throws IOException {
        List<ModelGolden.Context> contexts = ModelGolden.contexts("tiny/expected.json");
        Path beyond = Cases.copy("../golden/adapters/tokens", folder.resolve("beyond"));
        Cases.edit(beyond.resolve("adapter_config.json"), "\"trainable_token_indices\": [3, 77, 5000]");
        Path fewer = Cases.copy("../golden/adapters/tokens", folder.resolve("fewer"));
        Cases.edit(fewer.resolve("adapter_config.json"), "\"trainable_token_indices\": [3, 77]");
        Path weights = fewer.resolve("adapter_model.safetensors");
        Cases.rewrite(
                weights,
                weights,
                tensors -> tensors.replaceAll((name, tensor) -> name.contains("trainable_tokens_delta")
                        ? tensor.narrow(0, 0, 2).contiguous()
                        : tensor));
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open("untied-bf16")) {
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(
                                    chat.model(), LoraAdapter.open(beyond, chat).overlay(), contexts),
                            ModelGolden.logits(
                                    chat.model(), LoraAdapter.open(fewer, chat).overlay(), contexts)))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void rowsOfAnotherModelsVocabularyAreCalledWhatTheyAre() throws IOException {
        Path other = holding("09-resized-vocabulary/adapter", tensors -> {
            tensors.replaceAll((name, tensor) ->
                    name.contains("lora") ? tensor : tensor.flip(new long[] {0}).contiguous());
        });
        requireRefusal(
                "base",
                other,
                "expected a vocabulary of 512 rows, as the model has, found 514 in " + EMBEDDING,
                "resize_token_embeddings(514)");
    }

    @Test
    void aResizedVocabularyUnderFactorsIsCalledWhatItIs() throws IOException {
        Path resized = holding(PLAIN, tensors -> {
            tensors.put("base_model.model.lm_head.lora_A.weight", Torch.floats(new float[4 * 32], 4, 32));
            tensors.put("base_model.model.lm_head.lora_B.weight", Torch.floats(new float[500 * 4], 500, 4));
        });
        Cases.edit(resized.resolve("adapter_config.json"), "\"target_modules\": [\"q_proj\", \"v_proj\", \"lm_head\"]");
        requireRefusal("base", resized, "expected a vocabulary of 512 rows, as the model has, found 500");
    }

    @Test
    void tensorsNobodyKnowsAreNotBlamedOnTheBase() throws IOException {
        Path strange = holding(
                PLAIN,
                tensors -> tensors.put(
                        "base_model.model.model.layers.0.self_attn.q_proj.lora_C.weight",
                        Torch.floats(new float[32], 32)));
        requireRefusal("base", strange, "1 without", "This version does not know them");
    }

    @Test
    void anAlphaNoNumberCanHoldIsRefused() {
        requireRefusal("base", Cases.path("rel-lora-alpha"), "expected lora_alpha to be a number, found 9999");
    }

    @Test
    void aScaleThatOverflowsIsStoppedWhereItArises() throws IOException {
        Path huge = Cases.copy(PLAIN, folder.resolve("huge"));
        Cases.edit(huge.resolve("adapter_config.json"), "\"lora_alpha\": 3e38");
        assertThatThrownBy(() -> difference("19-named-adapter", "base", huge))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("The adapter's weights or its scale are too large.");
    }
}
