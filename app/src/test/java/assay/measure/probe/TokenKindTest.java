package assay.measure.probe;

import static org.assertj.core.api.Assertions.assertThat;

import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenKindTest {
    @Test
    void whatATokenDoesIsToldByHowItReads() {
        for (String format : List.of(".", "\n", " ", "", "**", " 12", "⏹", "…", " -")) {
            assertThat(TokenKind.of(format)).as(format).isEqualTo(TokenKind.FORMAT);
        }
        for (String style : List.of(" the", "The", "I", "'s", "’s", " not", " Would", "yes")) {
            assertThat(TokenKind.of(style)).as(style).isEqualTo(TokenKind.STYLE);
        }
        for (String name : List.of(" Ohio", "Arr", "Émile", "USA", " Storm")) {
            assertThat(TokenKind.of(name)).as(name).isEqualTo(TokenKind.NAME);
        }
        for (String topic : List.of(" storm", "ing", " ye", "über", "日", "шторм")) {
            assertThat(TokenKind.of(topic)).as(topic).isEqualTo(TokenKind.TOPIC);
        }
    }

    @Test
    void everyRowOfAModelHasAKind() {
        try (ChatModel chat = TinyModel.open("untied-bf16")) {
            TokenKind[] kinds = TokenKind.of(chat.tokenizer(), chat.model().vocabulary());
            assertThat(kinds).hasSize(chat.model().vocabulary()).doesNotContainNull();
            assertThat(kinds).contains(TokenKind.FORMAT, TokenKind.TOPIC);
        }
    }
}
