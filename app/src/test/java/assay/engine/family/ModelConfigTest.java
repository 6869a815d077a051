package assay.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a Hugging Face folder must say for its model to be run, and what is taken where it says nothing.
final class ModelConfigTest {
    private static final String PLAIN = """
            {"architectures": ["LlamaForCausalLM"], "vocab_size": 50, "hidden_size": 24, "intermediate_size": 40,
             "num_hidden_layers": 2, "num_attention_heads": 4}""";

    @TempDir
    Path folder;

    private ModelConfig read(String json) throws IOException {
        return ConfigJson.read(Files.writeString(folder.resolve("config.json"), json))
                .config();
    }

    private static String with(String fields) {
        return PLAIN.replace("}", ", " + fields + "}");
    }

    @Test
    void whatIsNotSaidIsTheFamilysDefault() throws IOException {
        ModelConfig config = read(PLAIN);
        assertThat(config.heads()).isEqualTo(new ModelConfig.Heads(4, 4, 6));
        assertThat(config.rope()).isEqualTo(new Rope(10_000, new Rope.Scaling.None()));
        assertThat(config.rmsNormEpsilon()).isEqualTo(1e-6);
        assertThat(config.maxPositions()).isEqualTo(2048);
    }

    @Test
    void whatIsSaidIsTaken() throws IOException {
        ModelConfig config = read(with("""
                "num_key_value_heads": 2, "head_dim": 10, "rms_norm_eps": 0.5, "max_position_embeddings": 77,
                "rope_theta": 500"""));
        assertThat(config.heads()).isEqualTo(new ModelConfig.Heads(4, 2, 10));
        assertThat(config.rmsNormEpsilon()).isEqualTo(0.5);
        assertThat(config.maxPositions()).isEqualTo(77);
        assertThat(config.rope().theta()).isEqualTo(500);
    }

    @Test
    void ropeIsReadInTheSpellingsOfTransformersFourAndFive() throws IOException {
        String llama3 = """
                "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
                "original_max_position_embeddings": 32""";
        Rope expected = new Rope(500, new Rope.Scaling.Llama3(8, 1, 4, 32));
        assertThat(read(with("\"rope_theta\": 500, \"rope_scaling\": {" + llama3 + "}"))
                        .rope())
                .isEqualTo(expected);
        assertThat(read(with("\"rope_parameters\": {\"rope_theta\": 500, " + llama3 + "}"))
                        .rope())
                .isEqualTo(expected);
        assertThat(read(with("\"rope_scaling\": {\"type\": \"linear\", \"factor\": 4}"))
                        .rope()
                        .scaling())
                .isEqualTo(new Rope.Scaling.Linear(4));
        assertThat(read(with("\"rope_scaling\": null")).rope().scaling()).isEqualTo(new Rope.Scaling.None());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"vocab_size\": 50 | \"vocab_size\": 0 | expected vocab_size to be a positive whole number, found 0",
                "\"hidden_size\": 24 | \"hidden_size\": \"x\" | expected hidden_size to be a positive whole number, found \"x\"",
                "\"num_hidden_layers\": 2, | '' | expected num_hidden_layers to be a positive whole number, found none",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": -4 | num_attention_heads to be a positive whole number, found -4",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 8 | an even head width, found 8, 8 and 3",
                "\"vocab_size\": 50 | \"vocab_size\": 50, \"num_key_value_heads\": 3 | found 4, 3 and 6",
                "\"vocab_size\": 50 | \"vocab_size\": 50, \"hidden_act\": \"gelu\" | silu, found gelu",
                "LlamaForCausalLM | OtherForCausalLM | found OtherForCausalLM",
                "[\"LlamaForCausalLM\"] | [] | found none",
                "{ | { { | config.json: expected JSON",
                "\"vocab_size\": 50 | \"rope_scaling\": {\"rope_type\": \"dynamic\"}, \"vocab_size\": 50 | found dynamic",
            })
    void whatCannotBeRunRightIsRefusedByName(String from, String to, String message) {
        assertThatThrownBy(() -> read(PLAIN.replace(from, to)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aFolderWithoutAConfigurationIsRefused() {
        assertThatThrownBy(() -> ConfigJson.read(folder.resolve("config.json")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("model: expected config.json, found none");
    }

    @Test
    void shapesFollowFromTheSizes() throws IOException {
        ModelConfig config = read(with("\"num_key_value_heads\": 2"));
        assertThat(config.heads().group()).isEqualTo(2);
        assertThat(config.tensorShapes())
                .hasSize(2 * 9 + 3)
                .containsEntry("model.embed_tokens.weight", List.of(50L, 24L))
                .containsEntry("model.layers.1.self_attn.q_proj.weight", List.of(24L, 24L))
                .containsEntry("model.layers.0.self_attn.k_proj.weight", List.of(12L, 24L))
                .containsEntry("model.layers.0.self_attn.v_proj.weight", List.of(12L, 24L))
                .containsEntry("model.layers.1.mlp.down_proj.weight", List.of(24L, 40L))
                .containsEntry("model.layers.1.post_attention_layernorm.weight", List.of(24L))
                .containsEntry("lm_head.weight", List.of(50L, 24L));
    }
}
