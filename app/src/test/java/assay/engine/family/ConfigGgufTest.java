package assay.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What GGUF metadata must say for a model to be run at all.
final class ConfigGgufTest {
    private static final GgufSource.RopeTable NOTHING = new GgufSource.RopeTable(new float[0], false);

    private static Map<String, Object> metadata() {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("general.architecture", "llama");
        metadata.put("llama.embedding_length", 576);
        metadata.put("llama.feed_forward_length", 1536);
        metadata.put("llama.block_count", 30);
        metadata.put("llama.attention.head_count", 9);
        metadata.put("llama.attention.head_count_kv", 3);
        metadata.put("llama.rope.dimension_count", 64);
        return metadata;
    }

    @Test
    void sizesAreRead() {
        ModelConfig config = ConfigGguf.read(Path.of("model.gguf"), metadata(), 100, NOTHING);
        assertThat(config.heads()).isEqualTo(new ModelConfig.Heads(9, 3, 64));
        assertThat(config.layers()).isEqualTo(30);
        assertThat(config.vocabulary()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({
        "llama.expert_count, 8, to be 0",
        "llama.rope.dimension_count, 32, to be 64",
        "llama.attention.head_count_kv, 4, a multiple of key/value heads",
        "llama.attention.key_length, 63, an even head width",
        "llama.rope.scaling.attn_factor, 2, to be 1",
        "llama.rope.scaling.yarn_log_multiplier, 1, to be 0",
        "llama.rope.scaling.yarn_ext_factor, 2, to be 1",
        "llama.rope.scaling.yarn_attn_factor, 2, to be 1",
        "llama.attention.value_length, 32, to be 64",
        "llama.block_count, 0, a positive llama.block_count, found 0",
    })
    void variantsThatWouldRunWronglyAreRefused(String key, int value, String message) {
        Map<String, Object> metadata = metadata();
        metadata.put(key, value);
        if (key.contains("yarn")) {
            metadata.put("llama.rope.scaling.type", "yarn");
        }
        if (key.endsWith("key_length")) {
            metadata.put("llama.rope.dimension_count", value);
        }
        assertThatThrownBy(() -> ConfigGguf.read(Path.of("model.gguf"), metadata, 100, NOTHING))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private static Rope.Scaling scaling(Map<String, Object> said, float... divisors) {
        Map<String, Object> metadata = metadata();
        metadata.put("llama.attention.key_length", 4);
        metadata.put("llama.rope.dimension_count", 4);
        metadata.putAll(said);
        return ConfigGguf.read(Path.of("model.gguf"), metadata, 100, new GgufSource.RopeTable(divisors, false))
                .rope()
                .scaling();
    }

    @Test
    void aFactorWithoutATypeIsLinearUnderItsOldNameToo() {
        Rope.Scaling half = new Rope.Scaling.Linear(2);
        assertThat(scaling(Map.of("llama.rope.scaling.factor", 2f))).isEqualTo(half);
        assertThat(scaling(Map.of("llama.rope.scale_linear", 2f))).isEqualTo(half);
        assertThat(scaling(Map.of("llama.rope.scaling.factor", 2f, "llama.rope.scale_linear", 8f)))
                .isEqualTo(half);
        assertThat(scaling(Map.of("llama.rope.scaling.type", "linear"))).isEqualTo(new Rope.Scaling.None());
        assertThat(scaling(Map.of("llama.rope.scaling.factor", 0f))).isEqualTo(new Rope.Scaling.None());
        assertThat(scaling(Map.of("llama.rope.scaling.type", "none", "llama.rope.scaling.factor", 2f)))
                .isEqualTo(new Rope.Scaling.None());
    }

    @Test
    void aTableOfFrequenciesMultipliesAFactor() {
        assertThat(scaling(Map.of(), 1, 32)).isEqualTo(new Rope.Scaling.Divided(List.of(1.0, 32.0)));
        assertThat(scaling(Map.of("llama.rope.scaling.factor", 2f), 1, 32))
                .isEqualTo(new Rope.Scaling.Divided(List.of(2.0, 64.0)));
    }

    /// As transformers' YaRN of the same settings is (`ModelConfigTest`), times what the file says.
    @Test
    void yarnIsReadWithItsMagnitude() {
        Map<String, Object> said = new HashMap<>(Map.of(
                "llama.rope.scaling.type",
                "yarn",
                "llama.rope.scaling.factor",
                4f,
                "llama.rope.scaling.original_context_length",
                64,
                "llama.rope.freq_base",
                500f));
        Rope.Scaling.Yarn plain = (Rope.Scaling.Yarn) scaling(said);
        assertThat(plain.factor()).isEqualTo(4);
        assertThat(plain.magnitude()).isEqualTo(0.1 * Math.log(4) + 1);
        said.put("llama.rope.scaling.attn_factor", 0.5f);
        assertThat(((Rope.Scaling.Yarn) scaling(said)).magnitude()).isEqualTo(plain.magnitude() / 2);
        said.put("llama.rope.scaling.type", "none");
        said.remove("llama.rope.scaling.attn_factor");
        assertThat(scaling(said)).isEqualTo(new Rope.Scaling.None());
    }

    @Test
    void longropeIsItsShortFactorsUpToTheOriginalContext() {
        Map<String, Object> metadata = metadata();
        metadata.put("llama.context_length", 1000);
        metadata.put("llama.rope.scaling.original_context_length", 100);
        metadata.put("llama.rope.scaling.attn_factor", 1.5f);
        float[] divisors = new float[32];
        java.util.Arrays.fill(divisors, 2);
        ModelConfig config =
                ConfigGguf.read(Path.of("model.gguf"), metadata, 100, new GgufSource.RopeTable(divisors, true));
        assertThat(config.rope().scaling().magnitude()).isEqualTo(1.5);
        assertThat(config.runnable()).isEqualTo(100);
        assertThat(config.design().limit().name()).isEqualTo("llama.rope.scaling.original_context_length");
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 2", "1, -1, 2", "1, 1, 3", "-2, 1, 2"})
    void aTableThatFitsNoHeadIsRefused(float factor, float divisor, int count) {
        float[] divisors = new float[count];
        java.util.Arrays.fill(divisors, divisor);
        assertThatThrownBy(() -> scaling(Map.of("llama.rope.scaling.factor", factor), divisors))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("positive numbers in rope_freqs.weight");
    }

    @Test
    void valuesOfAnotherTypeAreRefusedByName() {
        for (String key : List.of(
                "llama.attention.head_count_kv",
                "llama.context_length",
                "llama.rope.freq_base",
                "llama.rope.scaling.factor",
                "llama.attention.layer_norm_rms_epsilon")) {
            for (Object wrong : List.of("8", List.of(8, 8), true, Float.NaN)) {
                assertThatThrownBy(() -> scaling(Map.of(key, wrong)))
                        .as(key + " " + wrong)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("expected a number as " + key + ", found " + wrong);
            }
        }
        assertThatThrownBy(() -> scaling(Map.of("llama.rope.scaling.type", 2)))
                .hasMessageContaining("expected rope scaling none, linear, yarn or longrope, found 2");
        assertThatThrownBy(() -> scaling(Map.of("llama.context_length", 1.5)))
                .hasMessageContaining("expected a positive whole llama.context_length, found 1.5");
    }

    @Test
    void anotherArchitectureIsRefusedByName() {
        Map<String, Object> metadata = metadata();
        metadata.put("general.architecture", "gemma");
        assertThatThrownBy(() -> ConfigGguf.read(Path.of("model.gguf"), metadata, 100, NOTHING))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found gemma (model.gguf)")
                .hasMessageContaining("expected architecture llama, qwen2, qwen3, ");
    }
}
