package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a tokenizer's files say before the tokenizers library opens them.
class TokenizerFileTest {
    private static final String SMALL =
            "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":1},\"merges\":[]},\"added_tokens\":"
                    + "[{\"id\":2,\"content\":\"<s>\",\"special\":true},{\"id\":3,\"content\":\"<tool>\",\"special\":false}]}";

    @TempDir
    private Path folder;

    private TokenizerFile read(String tokenizer) throws IOException {
        return TokenizerFile.read(Files.writeString(folder.resolve("tokenizer.json"), tokenizer));
    }

    private void beside(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name), json);
    }

    @Test
    void tokensAreKnownByTextAndById() throws IOException {
        TokenizerFile file = read(SMALL);
        assertThat(file.ids()).isEqualTo(Map.of("a", 0, "b", 1, "<s>", 2, "<tool>", 3));
        assertThat(file.tokens()).isEqualTo(Map.of(0, "a", 1, "b", 2, "<s>", 3, "<tool>"));
        assertThat(file.special()).containsExactly(2);
        assertThat(file.json()).isEqualTo(SMALL);
        assertThat(file.where()).endsWith("tokenizer.json");
    }

    @Test
    void aListedVocabularyIsNumberedInOrder() throws IOException {
        TokenizerFile file = read("{\"model\":{\"type\":\"Unigram\",\"vocab\":[[\"x\",-1.0],[\"y\",-2.0]]}}");
        assertThat(file.ids()).isEqualTo(Map.of("x", 0, "y", 1));
        assertThat(file.tokens()).isEqualTo(Map.of(0, "x", 1, "y"));
    }

    @Test
    void anAddedTokenMayRenameOneOfTheVocabulary() throws IOException {
        TokenizerFile file = read(
                "{\"model\":{\"vocab\":{\"a\":0}},\"added_tokens\":[{\"id\":0,\"content\":\"<a>\",\"special\":true}]}");
        assertThat(file.tokens()).isEqualTo(Map.of(0, "<a>"));
        assertThat(file.special()).containsExactly(0);
    }

    @Test
    void aloneItNamesNothing() throws IOException {
        TokenizerFile file = read(SMALL);
        assertThat(file.named()).isEmpty();
        assertThat(file.endings()).isEmpty();
        assertThat(file.addsBeginning()).isFalse();
    }

    @Test
    void namesComeAsTextsOrAsObjects() throws IOException {
        beside(
                "tokenizer_config.json",
                "{\"bos_token\":\"<s>\",\"eos_token\":{\"content\":\"</s>\"},\"pad_token\":null,\"mask_token\":\"<m>\",\"add_bos_token\":true}");
        TokenizerFile file = read(SMALL);
        assertThat(file.named()).isEqualTo(Map.of("bos_token", "<s>", "eos_token", "</s>"));
        assertThat(file.addsBeginning()).as("as transformers writes chats").isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {"1~[1]", "[0,1]~[0, 1]", "[0,99]~[0]", "null~[]", "\"a\"~[]", "99~[]"})
    void endingsAreOneOrSeveralIdsThatExist(String listed, String endings) throws IOException {
        beside("generation_config.json", "{\"eos_token_id\":" + listed + "}");
        assertThat(read(SMALL).endings().stream().sorted().toList()).hasToString(endings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{}~a vocabulary~none",
                "{\"model\":{\"vocab\":3}}~a vocabulary~none",
                "{\"model\":{\"vocab\":{\"a\":-1}}}~a whole number as id of token \"a\"~-1",
                "{\"model\":{\"vocab\":{\"a\":1.5}}}~a whole number as id of token \"a\"~1.5",
                "{\"model\":{\"vocab\":{}},\"added_tokens\":[{\"content\":\"b\"}]}~a whole number as id of token \"b\"~none"
            })
    void brokenVocabulariesAreRefusedByName(String json, String expected, String found) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("tokenizer: expected " + expected + ", found " + found + " (");
    }

    @Test
    void aBrokenFileBesideItIsNamed() throws IOException {
        beside("generation_config.json", "{\"eos_token_id\":");
        assertThatThrownBy(() -> read(SMALL))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("tokenizer: expected JSON, found ")
                .hasMessageContaining("generation_config.json");
    }

    @Test
    void aFolderInItsPlaceIsNoTokenizer() throws IOException {
        Path path = Files.createDirectory(folder.resolve("tokenizer.json"));
        assertThatThrownBy(() -> TokenizerFile.read(path))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "tokenizer: expected tokenizer.json, found none (" + path + "). Give a folder that has one.");
    }
}
