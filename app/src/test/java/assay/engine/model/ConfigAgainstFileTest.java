package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.family.ConfigJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A folder's configuration and its file must describe the same model, and every number of it must be
/// one: what would run with other numbers than in transformers is refused when it is opened.
final class ConfigAgainstFileTest {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    Path folder;

    private void requireRefusal(Path model, String... parts) {
        assertThatThrownBy(() -> Cases.open(model).close())
                .isInstanceOf(InputException.class)
                .satisfies(refused -> assertThat(refused.getMessage()).contains(parts));
    }

    /// A base whose configuration says something else.
    private Path saying(String base, String fields) throws IOException {
        Path copy = Cases.copy(base, folder.resolve("model"));
        Cases.edit(copy.resolve("config.json"), fields);
        return copy;
    }

    /// A base whose file holds something else.
    private Path holding(String base, Consumer<Map<String, Tensor>> change) throws IOException {
        Path copy = Cases.copy(base, folder.resolve("model"));
        Path weights = copy.resolve("model.safetensors");
        Cases.rewrite(weights, weights, change);
        return copy;
    }

    private static Tensor of(Map<String, Tensor> tensors, String name) {
        return java.util.Objects.requireNonNull(tensors.get(name));
    }

    /// What training programs leave around names is no part of them, wherever it stands.
    @ParameterizedTest
    @ValueSource(strings = {"_fsdp_wrapped_module.", "module.", "_orig_mod.", "_checkpoint_wrapped_module."})
    void wrappersAreNoPartOfANameOfTheBase(String wrapper) throws IOException {
        for (String before : new String[] {"model\\.", "layers", "self_attn", "q_proj", "weight$"}) {
            Path wrapped = holding("04-sentencepiece-llama2/model", tensors -> {
                Map<String, Tensor> plain = new LinkedHashMap<>(tensors);
                tensors.clear();
                plain.forEach((name, tensor) ->
                        tensors.put(name.replaceFirst("(?<=^|\\.)(" + before + ")", wrapper + "$1"), tensor));
            });
            try (ChatModel chat = Cases.open(wrapped)) {
                assertThat(Cases.difference("04-sentencepiece-llama2", chat.model(), null, Overlay.NONE))
                        .as(before)
                        .isLessThan(2e-4);
            }
        }
    }

    @Test
    void aTensorWithAndWithoutAWrapperIsRefused() throws IOException {
        requireRefusal(
                holding("base", tensors -> tensors.put("module." + EMBEDDING, of(tensors, EMBEDDING))),
                "expected one tensor for each name",
                "module." + EMBEDDING);
    }

    @Test
    void biasesThatTheConfigurationDeniesAreRefused() {
        requireRefusal(
                Cases.path("12-bias-flag-off/model"),
                "expected no model.layers.0.self_attn.q_proj.bias, as attention_bias is false, found one");
    }

    @Test
    void deniedBiasesOfNothingButZerosAreNone() throws IOException {
        String name = "model.layers.1.self_attn.k_proj.bias";
        Path zero = holding("base", tensors -> tensors.put(name, Torch.floats(new float[16], 16)));
        try (ChatModel chat = Cases.open(zero)) {
            assertThat(chat.model().tensorShapes()).doesNotContainKey(name);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "attention_bias, self_attn.q_proj",
        "mlp_bias, mlp.gate_proj",
    })
    void biasesThatTheConfigurationPromisesMustBeThere(String flag, String module) throws IOException {
        requireRefusal(
                saying("base", "\"" + flag + "\": true"),
                "expected model.layers.0." + module + ".bias, as " + flag + " is true, found none");
    }

    @Test
    void aFamilysOwnBiasesMustBeThereAndNoOthers() throws IOException {
        requireRefusal(
                saying("base", "\"architectures\": [\"Qwen2ForCausalLM\"]"),
                "expected model.layers.0.self_attn.q_proj.bias");
    }

    @Test
    void anUntiedModelWithoutAHeadIsRefused() throws IOException {
        String message = "expected lm_head.weight, as tie_word_embeddings is false, found none";
        requireRefusal(saying("base", "\"tie_word_embeddings\": false"), message);
        requireRefusal(saying("base", "\"tie_word_embeddings\": null"), message);
    }

    @Test
    void aTiedModelWithAnotherHeadIsRefusedAndWithTheSameHeadRuns() throws IOException {
        requireRefusal(
                saying("untied", "\"tie_word_embeddings\": true"),
                "expected lm_head.weight to be the embedding, as tie_word_embeddings is true, found another");
        Path same = holding("base", tensors -> tensors.put("lm_head.weight", of(tensors, EMBEDDING)));
        try (ChatModel chat = Cases.open(same)) {
            assertThat(chat.model().unembedding().matrix())
                    .isSameAs(chat.model().weight(EMBEDDING));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 2", "2000000000, 2"})
    void asManyLayersAsTheFileHoldsAndNotOneMore(int said, int found) throws IOException {
        requireRefusal(
                saying("base", "\"num_hidden_layers\": " + said), "expected " + said + " layers", "found " + found);
    }

    @Test
    void aLayerThatIsMissingInTheMiddleIsNoLayer() throws IOException {
        Path gap = holding(
                "base",
                tensors ->
                        tensors.put("model.layers.999999998.input_layernorm.weight", Torch.floats(new float[32], 32)));
        Cases.edit(gap.resolve("config.json"), "\"num_hidden_layers\": 999999999");
        requireRefusal(gap, "expected 999999999 layers, as the configuration says, found 3");
    }

    @Test
    void absurdCountsAreRefusedBeforeAnyWork() {
        requireRefusal(Cases.path("rel-layers-2e9"), "expected 2000000000 layers, as the configuration says, found 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"vocab_size\": 2000000000",
                "\"hidden_size\": 2000000000, \"head_dim\": 8",
                "\"intermediate_size\": 2000000000",
                "\"num_attention_heads\": 2000000000, \"head_dim\": 8",
                "\"num_key_value_heads\": 1",
                "\"head_dim\": 2000000000",
            })
    void sizesAreThoseOfTheFile(String fields) throws IOException {
        requireRefusal(saying("base", fields), "model: expected shape [");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rms_norm_eps\": \"1e-5\" | rms_norm_eps to be a positive number, found \"1e-5\"",
                "\"rms_norm_eps\": -1 | rms_norm_eps to be a positive number, found -1",
                "\"head_dim\": \"8\" | head_dim to be a positive whole number, found \"8\"",
                "\"num_key_value_heads\": [2] | num_key_value_heads to be a positive whole number, found [2]",
                "\"num_key_value_heads\": 2.0 | num_key_value_heads to be a positive whole number, found 2.0",
                "\"max_position_embeddings\": \"512\" | max_position_embeddings to be a positive whole number",
                "\"rope_theta\": \"10000\" | rope_theta to be a positive number, found \"10000\"",
                "\"rope_theta\": 0 | rope_theta to be a positive number, found 0",
                "\"rope_scaling\": \"linear\" | rope_scaling to be an object, found \"linear\"",
                "\"hidden_act\": 7 | hidden_act to be a text, found 7",
                "\"tie_word_embeddings\": \"true\" | tie_word_embeddings to be true or false, found \"true\"",
                "\"attention_bias\": \"false\" | attention_bias to be true or false, found \"false\"",
                "\"partial_rotary_factor\": 0.5 | partial_rotary_factor to be 1, found 0.5",
                "\"quantization_config\": {\"quant_method\": \"awq\"} | expected plain weights, found quantised ones",
            })
    void fieldsOfAnotherTypeAreRefusedByName(String fields, String message) throws IOException {
        requireRefusal(saying("base", fields), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"linear\"} | rope_scaling.factor to be a positive number, found none",
                "{\"rope_type\": \"linear\", \"factor\": null} | rope_scaling.factor to be a positive number, found none",
                "{\"rope_type\": \"linear\", \"factor\": \"2\"} | rope_scaling.factor to be a positive number, found \"2\"",
                "{\"rope_type\": \"linear\", \"factor\": 0} | rope_scaling.factor to be a positive number, found 0",
                "{\"rope_type\": \"linear\", \"factor\": 1e40} | rope_scaling.factor to be a number, found",
                "{\"factor\": 2} | rope_scaling.rope_type to be given beside a factor, found none",
                "{\"rope_type\": 7, \"factor\": 2} | rope_scaling.rope_type to be a text, found 7",
                "{\"rope_type\": \"llama3\", \"factor\": 8} | rope_scaling.low_freq_factor to be a positive number",
                "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 64} | high_freq_factor to be above low_freq_factor",
                "{\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4} | original_max_position_embeddings to be a positive number, found none",
                "{\"rope_type\": \"yarn\"} | factor to be a positive number, found none",
                "{\"rope_type\": \"dynamic\"} | rope type default, linear, llama3, yarn or longrope, found dynamic",
            })
    void aScalingOfPositionsNeedsAllItsNumbers(String scaling, String message) throws IOException {
        requireRefusal(saying("base", "\"rope_scaling\": " + scaling), message);
        requireRefusal(
                saying("base", "\"rope_scaling\": null, \"rope_parameters\": " + scaling),
                message.replace("rope_scaling", "rope_parameters"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"11-rope-scaling-without-factor", "rel-rope-no-factor"})
    void aLinearScalingWithoutAFactorIsRefused(String name) {
        assertThatThrownBy(
                        () -> ConfigJson.read(Cases.path(name + "/config.json")).config())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("rope_scaling.factor to be a positive number, found none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.layers.0.self_attn.q_norm.weight",
                "model.layers.1.self_attn.q_proj.lora_A.default.weight",
                "model.layers.1.input_layernorm.bias",
                "lm_head.bias"
            })
    void weightsThatWouldBeLeftOverAreRefused(String name) throws IOException {
        requireRefusal(holding("base", tensors -> tensors.put(name, Torch.floats(new float[8], 8))), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v_head.summary.weight", "model.layers.0.self_attn.rotary_emb.inv_freq"})
    void whatIsNoPartOfTheModelIsLeftAlone(String name) throws IOException {
        Path model = holding("base", tensors -> tensors.put(name, Torch.floats(new float[8], 8)));
        try (ChatModel chat = Cases.open(model)) {
            assertThat(chat.model().tensorShapes()).doesNotContainKey(name);
        }
    }

    @Test
    void emptyWeightsAreRefusedForWhatTheyAre() throws IOException {
        String name = "model.layers.1.mlp.up_proj.weight";
        requireRefusal(
                holding("base", tensors -> tensors.put(name, Torch.floats(new float[0], 0))),
                "model: expected numbers in every tensor, found 1 empty, " + name,
                "ZeRO-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {EMBEDDING, "model.layers.0.mlp.down_proj.weight", "model.norm.weight"})
    void aWeightThatIsNotFiniteIsRefusedWhileItIsRead(String name) throws IOException {
        for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            requireRefusal(
                    holding(
                            "base",
                            tensors ->
                                    of(tensors, name).view(-1).narrow(0, 5, 1).fill_(new Scalar(wrong))),
                    "expected finite numbers in " + name + ", found NaN or infinity");
        }
    }

    @Test
    void numbersThatOverflowAreStoppedWhereTheyAriseInsteadOfTravelling() throws IOException {
        String name = "model.layers.0.mlp.down_proj.weight";
        Path model = holding("base", tensors -> of(tensors, name).fill_(new Scalar(3e38)));
        TokenBatch batch = TokenBatch.of(1, 2, 3);
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(model)) {
            assertThatThrownBy(() -> chat.model().hidden(batch, null, Overlay.NONE, Positions.last(batch)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected finite numbers in its last layer");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10-special-tokens-only-in-config", "26-pad-token-beyond-rows"})
    void tokensAreThoseOfTransformers(String name) {
        List<List<String>> prompts = Cases.prompts(name);
        try (ChatModel chat = Cases.open(Cases.path(name + "/model"))) {
            for (int i = 0; i < prompts.size(); i++) {
                int[] context = chat.slot()
                        .context(
                                chat.tokenizer().encode(prompts.get(i).get(0)),
                                chat.tokenizer().encode(prompts.get(i).get(1)),
                                new int[0]);
                assertThat(context)
                        .isEqualTo(Cases.integers(
                                Cases.expected(name).path("context_ids").path(i)));
            }
        }
    }

    @Test
    void aTokenWithoutARowIsRefusedOnlyWhenItIsMet() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = Cases.open(Cases.path("26-pad-token-beyond-rows/model"))) {
            assertThat(chat.tokenizer().vocabularySize()).isEqualTo(512);
            int[] met = chat.tokenizer().encode("Hi [PAD]");
            assertThat(met).contains(512);
            assertThatThrownBy(() -> chat.model().embed(TokenBatch.of(met), Overlay.NONE))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected tokens below the model's 512 rows, found 512");
        }
    }

    @Test
    void anAddedTokenNeedsNoRowThoughItIsNotSpecial() throws IOException {
        Path model = Cases.copy("26-pad-token-beyond-rows/model", folder.resolve("model"));
        Cases.edit(
                model.resolve("tokenizer_config.json"),
                "\"added_tokens_decoder\": {\"512\": {\"content\": \"[PAD]\"}, \"513\": {\"content\": \"<tool>\"}}");
        try (ChatModel chat = Cases.open(model)) {
            assertThat(chat.tokenizer().vocabularySize()).isEqualTo(512);
            assertThat(chat.tokenizer().encode("<tool>")).containsExactly(513);
        }
    }

    @Test
    void anOrdinaryTokenWithoutARowIsOfAnotherModel() throws IOException {
        Path model = Cases.copy("base", folder.resolve("model"));
        String text = Files.readString(model.resolve("tokenizer.json"));
        Files.writeString(model.resolve("tokenizer.json"), text.replaceFirst(": 511\\b", ": 700"));
        requireRefusal(model, "expected token ids below the model's 512 rows, found 700");
    }

    @ParameterizedTest
    @CsvSource({
        "13-gguf-rope-factor-without-type",
        "14-gguf-llama31-rope-freqs",
        "15-gguf-q3k",
        "16-gguf-iq4nl",
    })
    void logitsOfGgufFilesAreThoseOfTheReference(String name) {
        try (ChatModel chat = Cases.open(Cases.path(name + "/model.bin"))) {
            assertThat(Cases.difference(name, chat.model(), null, Overlay.NONE)).isLessThan(2e-4);
        }
    }
}
