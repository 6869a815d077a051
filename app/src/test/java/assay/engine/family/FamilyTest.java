package assay.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.Fields;
import assay.engine.model.Cases;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TinyModel;
import assay.engine.model.TokenBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Families beside Llama, which `TinyModelsTest` covers, against transformers (`bench/golden/families.py`).
public final class FamilyTest {
    @TempDir
    Path folder;

    private static final Path CONFIG = Path.of("config.json");

    /// GGUF files know no blocks without experts in a model that has some.
    private static final List<String> NOT_IN_GGUF = List.of("qwen3moe");

    /// Names of the tiny models.
    public static List<String> families() {
        return List.of(
                "qwen2",
                "qwen3",
                "gemma2",
                "gemma3",
                "mistral",
                "smollm3",
                "granite",
                "olmo2",
                "olmo3",
                "phi3",
                "phi4-mini",
                "qwen3moe",
                "qwen3moe-plain",
                "gpt2",
                "gptneox",
                "gptneox-sequential");
    }

    @ParameterizedTest
    @MethodSource("families")
    void logitsAreThoseOfTheReferenceFromAFolderAndFromGguf(String family) {
        requireReference(family, ModelGolden.path("families/" + family));
        if (NOT_IN_GGUF.contains(family)) {
            return;
        }
        String file = family.equals("qwen2") ? "gguf-00002-of-00003.gguf" : "gguf.bin";
        requireReference(family, ModelGolden.path("families/" + family + "/" + file));
    }

    @Test
    void aMissingOrRenamedPartIsRefusedByItsName() throws IOException {
        Path first = copy("families/qwen2").resolve("gguf-00001-of-00003.gguf");
        Path last = folder.resolve("gguf-00003-of-00003.gguf");
        Files.delete(last);
        assertThatThrownBy(() -> ChatModel.open("tiny", first, Dtype.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected all 3 parts of the model, found this one missing")
                .hasMessageContaining(last.toString());
        Files.copy(folder.resolve("gguf-00002-of-00003.gguf"), last);
        assertThatThrownBy(() -> ChatModel.open("tiny", first, Dtype.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected part 3 of 3, found split.no 1 and split.count 3");
    }

    private static void requireReference(String family, Path path) {
        List<ModelGolden.Context> contexts = ModelGolden.contexts("families/" + family + "/expected.json");
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open(family, path, Dtype.FLOAT32)) {
            Tensor found = ModelGolden.logits(chat.model(), Overlay.NONE, contexts);
            Tensor expected = ModelGolden.tensor("families/" + family + "/expected.safetensors", "logits");
            assertThat(ModelGolden.difference(found, expected))
                    .as(path.toString())
                    .isLessThan(1e-4);
            assertThat(divergence(expected, found)).as(path.toString()).isLessThan(1e-6);
        }
    }

    /// The largest KL(expected‖found) of a row of logits, nats.
    private static double divergence(Tensor expected, Tensor found) {
        Tensor right = torch.log_softmax(expected, -1);
        return right.exp()
                .mul(right.sub(torch.log_softmax(found, -1)))
                .sum(-1)
                .max()
                .item_double();
    }

    @Test
    void noTwoFamiliesHaveTheSameName() {
        assertThat(Family.ALL).flatExtracting(Family::architectures).doesNotHaveDuplicates();
        assertThat(Family.ALL).extracting(Family::gguf).doesNotHaveDuplicates();
    }

    @Test
    void everyTensorOfABlockHasAnotherNameInGguf() {
        for (Family family : Family.ALL) {
            assertThat(family.ggufNames().values()).doesNotHaveDuplicates();
            String output = family.ggufNames().entrySet().stream()
                    .filter(name -> name.getValue().equals("attn_output"))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
            assertThat(family.ggufName("model.layers.12." + output + ".bias")).isEqualTo("blk.12.attn_output.bias");
            assertThat(family.ggufName("model.embed_tokens.weight")).isEqualTo("token_embd.weight");
            assertThat(family.ggufName("something.else")).isEqualTo("something.else");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.norm.weight, output_norm.weight",
        "lm_head.weight, output.weight",
        "model.layers.3.mlp.up_proj.weight, blk.3.ffn_up.weight",
        "model.layers.12.self_attn.o_proj.bias, blk.12.attn_output.bias",
        "model.layers.0.input_layernorm.weight, blk.0.attn_norm.weight",
    })
    void ggufFilesCallWeightsByOtherNames(String ours, String theirs) {
        assertThat(Family.ALL)
                .filteredOn(family -> !ours.startsWith("model.layers.")
                        || family.ggufNames().containsKey(ours.replaceAll("model\\.layers\\.\\d+\\.|\\.\\w+$", "")))
                .hasSizeGreaterThan(Family.ALL.size() - 4)
                .allMatch(family -> family.ggufName(ours).equals(theirs));
    }

    @Test
    void aNormBehindAttentionHasAnotherNameThanOneInFrontOfTheFeedForwardLayer() {
        String norm = "model.layers.0.post_attention_layernorm.weight";
        assertThat(Family.LLAMA.ggufName(norm)).isEqualTo("blk.0.ffn_norm.weight");
        assertThat(Family.GEMMA3.ggufName(norm)).isEqualTo("blk.0.post_attention_norm.weight");
    }

    @Test
    void onlyLlamaFilesHaveTheirQueriesReordered() {
        assertThat(Family.ofGguf(Map.of("general.architecture", "llama"), CONFIG)
                        .ggufPermuted())
                .isTrue();
        assertThat(Family.ofGguf(Map.of("general.architecture", "qwen2"), CONFIG)
                        .ggufPermuted())
                .isFalse();
    }

    @Test
    void anUnknownFamilyIsRefusedWithThoseThatAreKnown() {
        assertThatThrownBy(() -> Family.of(config("{\"architectures\": [\"MambaForCausalLM\"]}")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("model: expected architecture LlamaForCausalLM, Qwen2ForCausalLM, ")
                .hasMessageEndingWith(", found MambaForCausalLM (config.json). This version runs no other family.");
        assertThatThrownBy(() -> Family.of(config("{}"))).hasMessageContaining("found none (config.json)");
        assertThatThrownBy(() -> Family.ofGguf(Map.of(), CONFIG)).hasMessageContaining("found null (config.json)");
    }

    @ParameterizedTest
    @CsvSource({"Qwen3NextForCausalLM, The nearest it runs is Qwen3ForCausalLM."})
    void aFamilyLikeOneThatRunsIsToldOfIt(String name, String message) {
        assertThatThrownBy(() -> Family.of(config("{\"architectures\": [\"" + name + "\"]}")))
                .hasMessageContaining(", found " + name)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"true, 0, 16", "true, 1, 16", "true, 2, 128", "false, 0, 128"})
    void aWindowInSomeLayersLimitsTheContext(boolean on, int from, int longest) throws IOException {
        Path config = copy("families/qwen2").resolve("config.json");
        Cases.edit(
                config,
                "\"use_sliding_window\": " + on + ", \"max_window_layers\": " + from + ", \"sliding_window\": 16");
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open("tiny", folder, Dtype.FLOAT32)) {
            assertThat(chat.model().maxPositions()).isEqualTo(longest);
            TokenBatch tooLong = TokenBatch.of(TinyModel.tokens(13, longest + 1));
            assertThatThrownBy(() -> chat.model().hidden(tooLong, null, Overlay.NONE, Positions.last(tooLong)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(longest < 128 ? "sliding_window" : "at most 128 tokens, found 129");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemma2 | \"final_logit_softcapping\": -30.0 | final_logit_softcapping to be 0 to 200",
                "gemma2 | \"attn_logit_softcapping\": 5000.0 | attn_logit_softcapping to be 0 to 200",
                "gemma3 | \"use_bidirectional_attention\": true | use_bidirectional_attention",
                "gemma3 | \"layer_types\": [\"full_attention\"] | layer_types",
                "gemma3 | \"hidden_activation\": \"gelu\" | gelu_pytorch_tanh, found gelu",
                "mistral | \"llama_4_scaling_beta\": 0.1 | llama_4_scaling_beta",
                "qwen3 | \"rope_parameters\": {\"rope_type\": \"dynamic\", \"factor\": 4.0} | found dynamic",
                "qwen3 | \"rope_parameters\": {\"rope_theta\": 100, \"partial_rotary_factor\": 0.5} | partial_rotary_factor",
                "olmo3 | \"rope_parameters\": {\"rope_type\": \"yarn\", \"factor\": 4.0, \"mscale\": 2.0} | mscale",
                "gpt2 | \"scale_attn_by_inverse_layer_idx\": true | scale_attn_by_inverse_layer_idx",
                "gpt2 | \"activation_function\": \"relu\" | found relu",
                "qwen3moe | \"num_experts\": 2000000000 | expected 2000000000 experts, as the configuration says, found",
                "qwen3moe | \"num_experts_per_tok\": 6 | num_experts_per_tok to be at most num_experts",
                "phi4-mini | \"rope_parameters\": {\"rope_type\": \"longrope\", \"short_factor\": [1]} | short_factor",
            })
    void settingsThatWouldRunWronglyAreRefusedByName(String family, String fields, String message) throws IOException {
        Path config = copy("families/" + family).resolve("config.json");
        Cases.edit(config, fields);
        assertThatThrownBy(() -> ChatModel.open("tiny", folder, Dtype.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    /// A cap that is null is none; one that is missing is the family's.
    @ParameterizedTest
    @CsvSource({"gemma2, 3, true", "gemma2, null, false", "gemma3, 3, true", "gemma3, null, false"})
    void aCapIsAsItsFieldSays(String family, String cap, boolean isCapped) throws IOException {
        Path config = copy("families/" + family).resolve("config.json");
        Cases.edit(config, "\"final_logit_softcapping\": " + cap);
        try (ChatModel chat = ChatModel.open("tiny", folder, Dtype.FLOAT32)) {
            assertThat(chat.model().unembedding().isCapped()).isEqualTo(isCapped);
        }
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(config);
        root.remove("final_logit_softcapping");
        Files.writeString(config, root.toString());
        try (ChatModel chat = ChatModel.open("tiny", folder, Dtype.FLOAT32)) {
            assertThat(chat.model().unembedding().isCapped()).isEqualTo(family.equals("gemma2"));
        }
    }

    /// As transformers 4 spells it, with vision around it, and without what is as the family has it.
    @Test
    void anOlderSpellingInsideAModelWithVisionIsTheSameModel() throws IOException {
        Path from = ModelGolden.path("families/gemma3");
        Path config = copy("families/gemma3").resolve("config.json");
        ObjectNode text = (ObjectNode) JsonMapper.shared().readTree(config);
        text.remove(
                List.of("architectures", "rope_parameters", "layer_types", "tie_word_embeddings", "hidden_activation"));
        text.put("rope_theta", 5000.0).put("rope_local_base_freq", 100.0).put("sliding_window_pattern", 3);
        text.putObject("rope_scaling").put("rope_type", "linear").put("factor", 8.0);
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.putArray("architectures").add("Gemma3ForConditionalGeneration");
        root.set("text_config", text);
        Files.writeString(config, root.toString());
        Cases.rewrite(from.resolve("model.safetensors"), folder.resolve("model.safetensors"), tensors -> {
            Map<String, Tensor> plain = new LinkedHashMap<>(tensors);
            tensors.clear();
            plain.forEach((name, tensor) -> tensors.put("language_model." + name, tensor));
            tensors.put("vision_tower.embeddings.weight", torch.ones(3, 3));
            tensors.put("model.multi_modal_projector.weight", torch.ones(3, 3));
        });
        requireReference("gemma3", folder);
    }

    private Path copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(ModelGolden.path(name)).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    private static Fields config(String json) {
        return new Fields("config.json", CONFIG, "", JsonMapper.shared().readTree(json));
    }
}
