package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTrialTest {
    private static final Path CASES = Path.of("src", "test", "resources", "cases");
    private static final String DECODER =
            "{\"type\": \"Sequence\", \"decoders\": [{\"type\": \"ByteLevel\", \"add_prefix_space\": true,"
                    + " \"trim_offsets\": true, \"use_regex\": true}, {\"type\": \"Fuse\"}, {\"type\": \"Strip\", \"content\": \" \","
                    + " \"start\": 0, \"stop\": 1}]}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @CsvSource({"rel-strip-panic,decoder", "rel-tok-crash1,pre_tokenizer"})
    void aFileThatEndsTheLibrarysProcessIsRefusedAndOursLives(String name, String part) {
        assertThatThrownBy(() -> Tokenizer.fromJson(CASES.resolve(name).resolve("tokenizer.json")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a " + part + " that the tokenizers library can run")
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"type\": \"CTC\", \"pad_token\": \"<pad>\", \"word_delimiter_token\": \"|\", \"cleanup\": true}'",
        "'{\"type\": \"BPEDecoder\", \"suffix\": \"</w>\"}'"
    })
    void unusualPartsThatWorkAreRead(String decoder) throws IOException {
        try (Tokenizer tokenizer = Tokenizer.fromJson(withDecoder(decoder))) {
            assertThat(tokenizer.encode("a")).isNotEmpty();
        }
    }

    private Path withDecoder(String decoder) throws IOException {
        String whole = Files.readString(CASES.resolve("rel-strip-panic").resolve("tokenizer.json"));
        assertThat(whole).contains(DECODER);
        return Files.writeString(folder.resolve("tokenizer.json"), whole.replace(DECODER, decoder));
    }
}
