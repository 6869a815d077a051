package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.format.MappedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// SentencePiece vocabularies in every form they come in, against sentencepiece and transformers
/// (`bench/golden/pieces.py`).
class SentencePiecesTest {
    private static final String KEYS = "tokenizer.ggml.";

    @TempDir
    private Path folder;

    private static Map<String, Object> metadata() {
        try (MappedWeights<Object> file = MappedWeights.gguf(Golden.path("pieces.gguf.bin"))) {
            return new HashMap<>(file.metadata());
        }
    }

    private static void requireGolden(Tokenizer tokenizer, JsonNode texts) {
        List<Golden.Row> rows = Golden.rows(texts);
        assertThat(rows).hasSizeGreaterThan(80);
        for (Golden.Row row : rows) {
            assertThat(tokenizer.encode(row.text())).as(row.text()).isEqualTo(row.ids());
            assertThat(tokenizer.decode(row.ids())).as(row.text()).isEqualTo(row.decoded());
        }
    }

    @Test
    void aGgufIsReadAsSentencePieceReadsIt() {
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata())) {
            requireGolden(tokenizer, Golden.read("pieces-gguf.json"));
            assertThat(tokenizer.named()).containsEntry("bos_token", "<s>").containsEntry("unk_token", "<unk>");
        }
    }

    @Test
    void aGgufCanAskForNoSpaceInFront() {
        Map<String, Object> metadata = metadata();
        metadata.put(KEYS + "add_space_prefix", false);
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            for (JsonNode row : Golden.read("pieces-gguf.json").path("texts_without_space")) {
                assertThat(tokenizer.encode(row.path("text").asString()))
                        .as(row.path("text").asString())
                        .isEqualTo(integers(row.path("ids")));
            }
        }
    }

    /// What llama.cpp takes where the file does not say.
    @Test
    void aGgufWithoutNamedTokensHasLlamasAndBeginsWithTheFirst() {
        Map<String, Object> metadata = metadata();
        List.of("bos_token_id", "eos_token_id", "unknown_token_id").forEach(key -> metadata.remove(KEYS + key));
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            requireGolden(tokenizer, Golden.read("pieces-gguf.json"));
            Slot slot = Slot.system(template("zephyr"), tokenizer);
            assertThat(slot.before()).startsWith(1).containsOnlyOnce(1);
            assertThat(slot.stopTokens()).containsExactly(2);
        }
    }

    @Test
    void aGgufWithoutScoresIsRefused() {
        for (Object scores : List.of(List.of(), List.of(1f), "none")) {
            Map<String, Object> metadata = metadata();
            metadata.put(KEYS + "scores", scores);
            assertThatThrownBy(() -> Tokenizer.fromGguf(metadata))
                    .isInstanceOf(InputException.class)
                    .hasMessageMatching(
                            "tokenizer: expected .+ in tokenizer\\.ggml\\.scores, found .+ \\(GGUF metadata\\)\\. .+");
        }
    }

    @Test
    void aGgufWithAnEndlessTokenIsRefused() {
        Map<String, Object> metadata = metadata();
        List<Object> tokens = new ArrayList<>((List<?>) metadata.get(KEYS + "tokens"));
        tokens.set(300, "a".repeat(1_000_000));
        metadata.put(KEYS + "tokens", tokens);
        assertThatThrownBy(() -> Tokenizer.fromGguf(metadata))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 512 letters each in tokenizer.ggml.tokens, found 1000000");
    }

    /// As older versions of the library wrote it.
    @ParameterizedTest
    @ValueSource(strings = {"bpe-always", "unigram-always"})
    void theOldSpellingOfMetaspaceIsAlways(String name) throws IOException {
        String json = Files.readString(Golden.path("pieces-" + name + ".tokenizer.json"));
        String old = json.replace("\"prepend_scheme\":\"always\"", "\"add_prefix_space\":true");
        assertThat(old).isNotEqualTo(json);
        try (Tokenizer tokenizer = Tokenizer.fromJson(Files.writeString(folder.resolve("tokenizer.json"), old))) {
            requireGolden(tokenizer, Golden.read("pieces-" + name + ".json"));
        }
    }

    private Tokenizer tokenizer(String name) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");
        Path path = folder.resolve("tokenizer.json");
        Files.write(path, Files.readAllBytes(Golden.path("pieces-" + name + ".tokenizer.json")));
        return Tokenizer.fromJson(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bpe-legacy",
                "bpe-first",
                "bpe-always",
                "bpe-never",
                "bpe-marks",
                "unigram-legacy",
                "unigram-first",
                "unigram-always",
                "unigram-never"
            })
    void everyFormGivesTheIdsOfTransformers(String name) throws IOException {
        try (Tokenizer tokenizer = tokenizer(name)) {
            requireGolden(tokenizer, Golden.read("pieces-" + name + ".json"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpe-legacy", "bpe-never", "unigram-first"})
    void textThatStandsBehindOtherTextKeepsItsSpaces(String name) throws IOException {
        try (Tokenizer tokenizer = tokenizer(name)) {
            int[] whole = tokenizer.encode("the dog reads 12 tokens, naïve");
            for (int cut = 1; cut < whole.length; cut++) {
                String text = tokenizer.decode(Arrays.copyOf(whole, cut))
                        + tokenizer.continued(Arrays.copyOfRange(whole, cut, whole.length));
                assertThat(text).isEqualTo("the dog reads 12 tokens, naïve");
            }
        }
    }

    private static ChatTemplate template(String name) {
        return ChatTemplate.parse(
                Golden.read("pieces-chats.json").path("templates").path(name).asString());
    }

    private static int[] integers(JsonNode ids) {
        return ids.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    static List<List<String>> conversations() {
        return Golden.read("pieces-chats.json")
                .path("rows")
                .valueStream()
                .map(row -> List.of(
                        row.path("tokenizer").asString(), row.path("template").asString()))
                .distinct()
                .toList();
    }

    /// Also where the template writes a space in front of a text, and where the prompt is empty.
    @ParameterizedTest
    @MethodSource("conversations")
    void conversationsAreReadAsTransformersReadsThem(List<String> names) throws IOException {
        try (Tokenizer tokenizer = tokenizer(names.getFirst())) {
            Slot slot = Slot.system(template(names.getLast()), tokenizer);
            Golden.read("pieces-chats.json")
                    .path("rows")
                    .valueStream()
                    .filter(row -> row.path("tokenizer").asString().equals(names.getFirst())
                            && row.path("template").asString().equals(names.getLast()))
                    .forEach(row -> requireConversation(slot, row));
        }
    }

    private static void requireConversation(Slot slot, JsonNode row) {
        String system = row.path("system").asString();
        int[] prompt = system.isEmpty() ? new int[0] : slot.prompt(system);
        int[] user = slot.user(row.path("user").asString());
        assertThat(slot.context(prompt, user, new int[0]))
                .as(row.path("text").asString())
                .isEqualTo(integers(row.path("asked")));
        int[] answered =
                slot.context(prompt, user, slot.answer(row.path("answer").asString()));
        assertThat(integers(row.path("answered")))
                .as(row.path("text").asString())
                .startsWith(answered);
    }
}
