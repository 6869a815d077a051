package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What GGUF metadata must say for a model to be run at all.
final class ConfigGgufTest {
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
        ModelConfig config = ConfigGguf.read(Path.of("model.gguf"), metadata(), 100, new float[0]);
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
        "llama.block_count, 0, a positive llama.block_count, found 0",
    })
    void variantsThatWouldRunWronglyAreRefused(String key, int value, String message) {
        Map<String, Object> metadata = metadata();
        metadata.put(key, value);
        if (key.endsWith("key_length")) {
            metadata.put("llama.rope.dimension_count", value);
        }
        assertThatThrownBy(() -> ConfigGguf.read(Path.of("model.gguf"), metadata, 100, new float[0]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anotherArchitectureIsRefusedByName() {
        Map<String, Object> metadata = metadata();
        metadata.put("general.architecture", "gemma");
        assertThatThrownBy(() -> ConfigGguf.read(Path.of("model.gguf"), metadata, 100, new float[0]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected architecture llama or qwen2, found gemma (model.gguf)");
    }
}
