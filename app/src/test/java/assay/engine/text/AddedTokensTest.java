package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokens declared in one of the files beside `tokenizer.json` only; the ids are those of transformers
/// 4.47.1. The vocabulary is that of the case "10-special-tokens-only-in-config", which ends at 511.
final class AddedTokensTest {
    private static final Path SMALL = Path.of("src/test/resources/cases/10-special-tokens-only-in-config/model");

    @TempDir
    private Path folder;

    private int[] ids(String text) throws IOException {
        Files.copy(SMALL.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        try (Tokenizer tokenizer = Tokenizer.fromJson(folder.resolve("tokenizer.json"))) {
            return tokenizer.encode(text);
        }
    }

    private void beside(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name), json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "\"512\":{\"content\":\"<x>\",\"special\":true},\"513\":{\"content\":\"<y>\"}~\"pad_token\":null",
                "\"512\":{\"content\":\"<x>\",\"special\":true}~\"pad_token\":\"<y>\"",
                "~\"eos_token\":\"<x>\",\"pad_token\":{\"content\":\"<y>\"}",
                "~\"additional_special_tokens\":[\"<x>\",{\"content\":\"<y>\"}]",
            })
    void declaredAndNamedTokensStayWhole(String declared, String named) throws IOException {
        String decoder = declared == null ? "" : "\"added_tokens_decoder\":{" + declared + "},";
        beside("tokenizer_config.json", "{" + decoder + named + "}");
        assertThat(ids("Hi <x> there<y>b")).containsExactly(40, 73, 221, 512, 273, 268, 513, 66);
    }

    @Test
    void tokensOfTheVocabularyThatAreNamedAreNoLongerMerged() throws IOException {
        beside("tokenizer_config.json", "{\"additional_special_tokens\":[\"Hi\",\"t\"]}");
        assertThat(ids("Hi t")).hasSize(3).startsWith(512, 221);
    }

    @Test
    void spacesBesideATokenAreTakenAsTheConfigurationSays() throws IOException {
        beside(
                "tokenizer_config.json",
                "{\"added_tokens_decoder\":{\"0\":{\"content\":\"<|endoftext|>\",\"lstrip\":true,\"special\":true}}}");
        assertThat(ids("b  <|endoftext|>")).containsExactly(66, 0);
    }

    @Test
    void oldFoldersDeclareThemInFilesOfTheirOwn() throws IOException {
        beside("tokenizer_config.json", "{}");
        beside("added_tokens.json", "{\"<y>\":513,\"<x>\":512}");
        beside("special_tokens_map.json", "{\"eos_token\":\"<x>\"}");
        assertThat(ids("Hi <x> there<y>b")).containsExactly(40, 73, 221, 512, 273, 268, 513, 66);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{\"600\":{\"content\":\"<x>\"}}~expected \"<x>\" at id 512, found 600",
                "{\"5\":{\"content\":\"<|endoftext|>\"}}~expected \"<|endoftext|>\" at id 0, found 5",
                "{\"x\":{\"content\":\"<x>\"}}~expected a whole number as id of an added token, found \"x\"",
            })
    void anIdThatATokenCannotHaveIsRefused(String declared, String message) throws IOException {
        beside("tokenizer_config.json", "{\"added_tokens_decoder\":" + declared + "}");
        assertThatThrownBy(() -> ids(""))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("tokenizer: " + message);
    }

    @Test
    void aTokenOfThousandsOfLettersIsRefusedBeforeTheLibraryTakesMinutesOverIt() throws IOException {
        String token = "[".repeat(20_000);
        beside("tokenizer_config.json", "{\"added_tokens_decoder\": {\"512\": {\"content\": \"" + token + "\"}}}");
        assertThatThrownBy(() -> ids("a"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected added tokens of at most 1000 characters, found 20000 in \"[[[");
    }
}
