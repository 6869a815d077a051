package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Llama 2's tokenizer reads a text's first word in another way than one inside a text; in a conversation every text
/// stands behind a line end.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentencePieceTest {
    private static final String CASE = "04-sentencepiece-llama2";

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeAll
    void open() {
        chat = Cases.open(Cases.path(CASE + "/model"));
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void conversationsAreReadAsTransformersReadsThem() {
        requireContexts(chat);
    }

    @Test
    void aGgufOfTheSameModelGivesTheSameIdsAndLogits() {
        try (ChatModel gguf = Cases.open(Cases.path(CASE + "/model.bin"))) {
            requireContexts(gguf);
            assertThat(Cases.difference(CASE, gguf.model(), null, Overlay.NONE)).isLessThan(2e-4);
            for (String text : List.of("Hi", "12 é", "(yes) \"no\"", "模型 🏴", "a\tb", "ſ")) {
                assertThat(gguf.tokenizer().encode(text))
                        .containsExactly(chat.tokenizer().encode(text));
            }
        }
    }

    private static void requireContexts(ChatModel chat) {
        List<List<String>> prompts = Cases.prompts(CASE);
        List<JsonNode> expected =
                Cases.expected(CASE).path("context_ids").valueStream().toList();
        for (int i = 0; i < prompts.size(); i++) {
            int[] prompt = chat.slot().prompt(prompts.get(i).getFirst());
            int[] user = chat.slot().user(prompts.get(i).getLast());
            assertThat(chat.slot().context(prompt, user, new int[0])).containsExactly(Cases.integers(expected.get(i)));
        }
    }

    @Test
    void aTextThatJoinsWithTheLineEndInFrontIsRefused() {
        assertThatThrownBy(() -> chat.tokenizer().encode("\nline"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("joined with what stands in front of it");
    }

    @Test
    void logitsAreThoseOfTransformers() {
        assertThat(Cases.difference(CASE, chat.model(), null, Overlay.NONE)).isLessThan(2e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hi", "12 é", " two spaces", "(yes) \"no\"", "模型 🏴", "a\tb", "- item", "ſ"})
    void aTextReadWhereItStandsIsTheSameText(String text) {
        int[] ids = chat.tokenizer().encode(text);
        int[] line = chat.tokenizer().encode("x\n" + text);
        assertThat(Arrays.copyOfRange(line, line.length - ids.length, line.length))
                .containsExactly(ids);
        assertThat(chat.tokenizer().decode(line)).isEqualTo("x\n" + text);
    }
}
