package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.Fields;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Families beside Llama, which `TinyModelsTest` covers, against transformers (`bench/golden/families.py`).
final class FamilyTest {
    private static final Path CONFIG = Path.of("config.json");

    @ParameterizedTest
    @ValueSource(strings = {"qwen2"})
    void logitsAreThoseOfTheReference(String family) {
        List<ModelGolden.Context> contexts = ModelGolden.contexts("families/" + family + "/expected.json");
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open(family, ModelGolden.path("families/" + family), Dtype.FLOAT32)) {
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(chat.model(), Overlay.NONE, contexts),
                            ModelGolden.tensor("families/" + family + "/expected.safetensors", "logits")))
                    .isLessThan(1e-4);
        }
    }

    @Test
    void noTwoFamiliesHaveTheSameName() {
        assertThat(Family.ALL).extracting(Family::architecture).doesNotHaveDuplicates();
        assertThat(Family.ALL).extracting(Family::gguf).doesNotHaveDuplicates();
    }

    @Test
    void everyTensorOfABlockHasAnotherNameInGguf() {
        for (Family family : Family.ALL) {
            assertThat(family.ggufNames().values()).doesNotHaveDuplicates();
            assertThat(family.ggufName("model.layers.12.self_attn.q_proj.bias")).isEqualTo("blk.12.attn_q.bias");
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
        "model.layers.0.post_attention_layernorm.weight, blk.0.ffn_norm.weight",
    })
    void ggufFilesCallWeightsByOtherNames(String ours, String theirs) {
        assertThat(Family.ALL).allMatch(family -> family.ggufName(ours).equals(theirs));
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
                .hasMessage("model: expected architecture LlamaForCausalLM or Qwen2ForCausalLM, found MambaForCausalLM"
                        + " (config.json). This version runs no other family.");
        assertThatThrownBy(() -> Family.of(config("{}"))).hasMessageContaining("found none (config.json)");
        assertThatThrownBy(() -> Family.ofGguf(Map.of(), CONFIG)).hasMessageContaining("found null (config.json)");
    }

    @ParameterizedTest
    @CsvSource({"true, 0, true", "true, 1, true", "true, 2, false", "false, 0, false"})
    void aWindowInSomeLayersIsRefusedByName(boolean on, int from, boolean refused) {
        Fields config = config("{\"architectures\": [\"Qwen2ForCausalLM\"], \"num_hidden_layers\": 2,"
                + " \"use_sliding_window\": " + on + ", \"max_window_layers\": " + from + "}");
        if (refused) {
            assertThatThrownBy(() -> Family.of(config))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("use_sliding_window");
        } else {
            assertThat(Family.of(config)).isEqualTo(Family.QWEN2);
        }
    }

    private static Fields config(String json) {
        return new Fields("config.json", CONFIG, "", JsonMapper.shared().readTree(json));
    }
}
