package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.RealModel;
import assay.engine.format.MappedWeights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GgufTokenizerTest {
    private static final String KEYS = "tokenizer.ggml.";

    @Test
    void readsAndWritesEveryTextOfTheDefaultModelAsTransformersDoes() {
        JsonNode golden = Golden.read("gguf.json");
        try (MappedWeights<Object> file = MappedWeights.gguf(RealModel.path());
                Tokenizer tokenizer = Tokenizer.fromGguf(file.metadata())) {
            List<Golden.Row> rows = Golden.rows(golden);
            assertThat(rows).hasSizeGreaterThan(60);
            for (Golden.Row row : rows) {
                assertThat(tokenizer.encode(row.text())).as(row.text()).isEqualTo(row.ids());
                assertThat(tokenizer.decode(row.ids())).as(row.text()).isEqualTo(row.decoded());
            }
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(golden.path("size").asInt())
                    .isEqualTo(49_152);
            tokenizer.within(49_152);
            assertThatThrownBy(() -> tokenizer.within(49_151)).isInstanceOf(InputException.class);
        }
    }

    /// The default model's metadata shrunk to a tiny tokenizer's, so that each layout can be tried.
    private static Map<String, Object> metadata(String pre, String tiny) {
        JsonNode document = Golden.read("tiny-" + tiny + ".tokenizer.json");
        int size = document.path("model").path("vocab").size();
        String[] tokens = new String[size];
        document.path("model")
                .path("vocab")
                .properties()
                .forEach(entry -> tokens[entry.getValue().asInt()] = entry.getKey());
        List<String> merges = StreamSupport.stream(
                        document.path("model").path("merges").spliterator(), false)
                .map(merge -> merge.isArray()
                        ? merge.path(0).asString() + " " + merge.path(1).asString()
                        : merge.asString())
                .toList();
        Integer[] types = new Integer[size];
        Arrays.fill(types, 1);
        document.path("added_tokens").forEach(added -> {
            if (added.path("id").asInt() < size) {
                types[added.path("id").asInt()] = 3;
            }
        });
        Map<String, Object> metadata = new HashMap<>();
        metadata.put(KEYS + "model", "gpt2");
        metadata.put(KEYS + "pre", pre);
        metadata.put(KEYS + "tokens", List.of(tokens));
        metadata.put(KEYS + "merges", merges);
        metadata.put(KEYS + "token_type", List.of(types));
        metadata.put(KEYS + "bos_token_id", 1);
        metadata.put(KEYS + "eos_token_id", 2);
        return metadata;
    }

    @Test
    void theBeginningTokenComesExactlyOnceWhereTheFileAsksForIt() {
        String chatml =
                Golden.read("templates.json").path("templates").path("chatml").asString();
        Map<String, Object> adds = metadata("smollm", "digits");
        adds.put(KEYS + "bos_token_id", 0);
        try (Tokenizer asked = Tokenizer.fromGguf(new HashMap<>(adds))) {
            assertThat(Slot.system(ChatTemplate.parse(chatml), asked).prefix(new int[0]))
                    .startsWith(1);
        }
        adds.put(KEYS + "add_bos_token", true);
        try (Tokenizer asked = Tokenizer.fromGguf(adds)) {
            for (String template : List.of(chatml, "{{ bos_token }}" + chatml)) {
                assertThat(Slot.system(ChatTemplate.parse(template), asked).prefix(new int[0]))
                        .startsWith(0, 1)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"smollm,digits", "llama-bpe,llama3", "qwen2,qwen2"})
    void everyPreTokenizerGivesTheIdsOfItsTokenizerJson(String pre, String tiny) {
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata(pre, tiny))) {
            for (Golden.Row row : Golden.rows(Golden.read("tiny-" + tiny + ".json"))) {
                assertThat(tokenizer.encode(row.text())).as(row.text()).isEqualTo(row.ids());
                assertThat(tokenizer.decode(row.ids())).as(row.text()).isEqualTo(row.decoded());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "gpt-2"})
    void theDefaultPreTokenizerIsThatOfGpt2(String pre) {
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata(pre, "gpt2"))) {
            for (Golden.Row row : Golden.rows(Golden.read("tiny-gpt2.json"))) {
                if (!row.text().contains("<tool>")) {
                    assertThat(tokenizer.encode(row.text())).as(row.text()).isEqualTo(row.ids());
                }
            }
        }
    }

    private static void refused(String key, Object value, String message) {
        Map<String, Object> metadata = metadata("smollm", "digits");
        metadata.put(KEYS + key, value);
        assertThatThrownBy(() -> Tokenizer.fromGguf(metadata))
                .isInstanceOf(InputException.class)
                .hasMessage("tokenizer: expected " + message
                        + " (GGUF metadata). Use a Hugging Face folder of this model instead.");
    }

    @Test
    void refusesWhatItDoesNotKnowByName() {
        refused("model", "t5", "gpt2 (byte-level BPE) or llama (SentencePiece) in tokenizer.ggml.model, found t5");
        refused(
                "pre",
                "tekken",
                "one of default, gpt-2, smollm, starcoder, llama-bpe, qwen2 in tokenizer.ggml.pre, found tekken");
        refused("tokens", 3, "a list of texts in tokenizer.ggml.tokens, found 3");
        refused("tokens", List.of(), "a list of texts in tokenizer.ggml.tokens, found a list of 0");
        refused("merges", List.of(1), "a list of texts in tokenizer.ggml.merges, found 1");
        refused("merges", List.of("h zzz"), "two tokens that make a third in tokenizer.ggml.merges, found \"h zzz\"");
        refused("merges", List.of(""), "two tokens that make a third in tokenizer.ggml.merges, found \"\"");
        refused("eos_token_id", 100_000, "a token id below 600 in tokenizer.ggml.eos_token_id, found 100000");
        refused("eos_token_id", -1, "a token id below 600 in tokenizer.ggml.eos_token_id, found -1");
        refused("token_type", List.of(1, 2), "one for each of the 600 tokens in tokenizer.ggml.token_type, found 2");
    }

    @Test
    void refusesATokenListedTwice() {
        Map<String, Object> metadata = metadata("smollm", "digits");
        metadata.put(KEYS + "tokens", List.of("a", "b", "a"));
        metadata.remove(KEYS + "token_type");
        assertThatThrownBy(() -> Tokenizer.fromGguf(metadata))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("each token once in tokenizer.ggml.tokens, found \"a\" at 0 and 2");
    }
}
