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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

    /// JSON to us, and to the library a reason to end the process.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"ByteLevel\", \"use_regex\": -1e999}",
                "{\"type\": \"ByteLevel\", \"x\": 1E400000000}",
                "{\"type\": \"Fuse\", \"x\": \"\\ud800\"}",
                "{\"type\": \"Fuse\", \"x\": DEEP}",
                "{\"type\": \"Fuse\", \"x\": DIGITS}",
                "{\"type\": \"Strip\", \"content\": \"a\", \"start\": 0, \"stop\": 9223372036854775808}"
            })
    void whatOnlyTheLibraryCannotReadIsRefusedAndOursLives(String decoder) throws IOException {
        Path path = withDecoder(
                decoder.replace("DEEP", "[".repeat(140) + "]".repeat(140)).replace("DIGITS", "9".repeat(400)));
        assertThatThrownBy(() -> Tokenizer.fromJson(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a decoder that the tokenizers library can run");
    }

    @ParameterizedTest
    @CsvSource({"A,true", "B,false"})
    void aTemplateForOneTextThatAsksForASecondIsRefusedAndOursLives(String sequence, boolean isRead)
            throws IOException {
        ObjectNode document = (ObjectNode) JsonMapper.shared()
                .readTree(Files.readString(CASES.resolve("rel-strip-panic").resolve("tokenizer.json"))
                        .replace(DECODER, "{\"type\": \"Fuse\"}"));
        document.set("post_processor", JsonMapper.shared().readTree("""
                {"type": "TemplateProcessing", "special_tokens": {}, "single": [{"Sequence": {"id": "ID", "type_id": 0}}],
                 "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]}
                """.replace("ID", sequence)));
        Path path = Files.writeString(folder.resolve("tokenizer.json"), document.toString());
        if (isRead) {
            try (Tokenizer tokenizer = Tokenizer.fromJson(path)) {
                assertThat(tokenizer.encode("a")).isNotEmpty();
            }
        } else {
            assertThatThrownBy(() -> Tokenizer.fromJson(path))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a post_processor that the tokenizers library can run");
        }
    }

    @ParameterizedTest
    @CsvSource({"'▁',true", "'',false"})
    void anEmptyPrefixInFrontOfStrippedAccentsIsRefusedAndOursLives(String prefix, boolean isRead) throws IOException {
        ObjectNode document = (ObjectNode) JsonMapper.shared()
                .readTree(Files.readString(CASES.resolve("rel-strip-panic").resolve("tokenizer.json"))
                        .replace(DECODER, "{\"type\": \"Fuse\"}"));
        document.set("normalizer", JsonMapper.shared().readTree("""
                {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "PREFIX"}, {"type": "StripAccents"}]}
                """.replace("PREFIX", prefix)));
        Path path = Files.writeString(folder.resolve("tokenizer.json"), document.toString());
        if (isRead) {
            Tokenizer.fromJson(path).close();
        } else {
            assertThatThrownBy(() -> Tokenizer.fromJson(path))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a normalizer that the tokenizers library can run");
        }
    }

    private Path withDecoder(String decoder) throws IOException {
        String whole = Files.readString(CASES.resolve("rel-strip-panic").resolve("tokenizer.json"));
        assertThat(whole).contains(DECODER);
        return Files.writeString(folder.resolve("tokenizer.json"), whole.replace(DECODER, decoder));
    }
}
