package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokenizerTest {
    private static Tokenizer tiny(String name) {
        return Tokenizer.fromJson(Golden.path("tiny-" + name + ".tokenizer.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"digits", "gpt2", "llama3", "qwen2", "metaspace"})
    void readsAndWritesEveryTextAsTransformersDoes(String name) {
        JsonNode golden = Golden.read("tiny-" + name + ".json");
        List<Golden.Row> rows = Golden.rows(golden);
        assertThat(rows).hasSizeGreaterThan(60);
        try (Tokenizer tokenizer = tiny(name)) {
            for (Golden.Row row : rows) {
                assertThat(tokenizer.encode(row.text())).as(row.text()).isEqualTo(row.ids());
                assertThat(tokenizer.decode(row.ids())).as(row.text()).isEqualTo(row.decoded());
            }
            assertThat(tokenizer.vocabularySize()).isEqualTo(golden.path("size").asInt());
        }
    }

    @Test
    void byteLevelTokensReturnAnyTextUnchanged() {
        try (Tokenizer tokenizer = tiny("digits")) {
            String text = IntStream.concat(IntStream.range(1, 3_000), IntStream.range(0x1F600, 0x1F650))
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void knowsTokensByNameAndByNumber() {
        try (Tokenizer tokenizer = tiny("digits")) {
            assertThat(tokenizer.tokenId("<|im_end|>")).hasValue(2);
            assertThat(tokenizer.tokenId("<|nothing|>")).isEmpty();
            assertThat(tokenizer.token(1)).contains("<|im_start|>");
            assertThat(tokenizer.token(100_000)).isEmpty();
            assertThat(tokenizer.specialTokens()).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(tokenizer.encode("<|im_end|>")).containsExactly(2);
        }
    }

    @Test
    void vocabularyMayBeSmallerThanTheModelsRowsButNotLarger() {
        try (Tokenizer tokenizer = tiny("digits")) {
            int size = tokenizer.vocabularySize();
            tokenizer.within(size);
            tokenizer.within(size + 64);
            assertThatThrownBy(() -> tokenizer.within(size - 1))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("tokenizer: expected token ids below the model's " + (size - 1)
                            + " rows, found " + (size - 1));
        }
    }

    @Test
    void idsWithoutATokenHaveNoText() {
        try (Tokenizer tokenizer = tiny("digits")) {
            assertThat(tokenizer.decode(new int[] {70_000})).isEmpty();
            assertThat(tokenizer.decode(new int[0])).isEmpty();
            assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"half \ud83d", "\ude00 half", "\ud83d\ud83d\ude00"})
    void refusesHalfACharacter(String text) {
        try (Tokenizer tokenizer = tiny("digits")) {
            assertThatThrownBy(() -> tokenizer.encode(text))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("half of a surrogate pair");
        }
    }

    @Test
    void whatTheLibraryCannotReadIsRefusedWithItsReason(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("tokenizer.json"), """
                {"model": {"type": "BPE", "unk_token": "<none>", "vocab": {"a": 0}, "merges": []}}
                """);
        try (Tokenizer tokenizer = Tokenizer.fromJson(path)) {
            assertThat(tokenizer.encode("a")).containsExactly(0);
            assertThatThrownBy(() -> tokenizer.encode("b"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected one that can read and write any text, found \"Unk token `<none>`")
                    .hasMessageContaining(path.toString());
        }
    }

    @Test
    void refusesTextOfImplausibleLength() {
        try (Tokenizer tokenizer = tiny("digits")) {
            assertThatThrownBy(() -> tokenizer.encode("x".repeat(1_000_001)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("found 1000001");
        }
    }

    @Test
    void isClosedTwiceWithoutHarmAndUsedAfterwardsNotAtAll() {
        Tokenizer tokenizer = tiny("digits");
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tokenizer.decode(new int[] {1})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void severalThreadsMayEncodeAtOnce() throws InterruptedException {
        List<Golden.Row> rows = Golden.rows(Golden.read("tiny-llama3.json"));
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        try (Tokenizer tokenizer = tiny("llama3")) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (Golden.Row row : rows) {
                        if (!java.util.Arrays.equals(tokenizer.encode(row.text()), row.ids())) {
                            wrong.add(row.text());
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "null",
                "[]",
                "42",
                "{}",
                "{\"model\":{}}",
                "{\"model\":{\"vocab\":{\"a\":-1}}}",
                "{\"model\":{\"vocab\":{\"a\":\"x\"}}}",
                "{\"model\":{\"vocab\":{\"a\":99999999999}}}",
                "{\"model\":{\"vocab\":{\"a\":0}}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}",
                "{\"model\":{\"type\":\"Other\",\"vocab\":{\"a\":0},\"merges\":[]}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"added_tokens\":[{\"content\":\"b\"}]}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"Unknown\"}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]},\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"},\"behavior\":\"Isolated\",\"invert\":false}}"
            })
    void refusesAFileThatIsNoTokenizer(String json, @TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> Tokenizer.fromJson(path))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("(?s)tokenizer: expected .+, found .+ \\(.+\\)\\. .+");
    }

    @Test
    void refusesATokenizerWithoutTokens(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(
                folder.resolve("tokenizer.json"), "{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}");
        try (Tokenizer tokenizer = Tokenizer.fromJson(path)) {
            assertThatThrownBy(() -> tokenizer.within(10))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected tokens, found none");
        }
    }

    @Test
    void refusesMissingOversizedAndUnreadableFiles(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("tokenizer.json");
        assertThatThrownBy(() -> Tokenizer.fromJson(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected tokenizer.json, found none");
        Files.write(path, new byte[] {'{', (byte) 0xC3, (byte) 0x28, '}'});
        assertThatThrownBy(() -> Tokenizer.fromJson(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("UTF-8");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(300L << 20);
        }
        assertThatThrownBy(() -> Tokenizer.fromJson(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found 314572800");
    }
}
