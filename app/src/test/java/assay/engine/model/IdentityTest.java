package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final Path TIED = Path.of("src", "test", "resources", "golden", "tiny", "models", "tied");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        try (Stream<Path> files = Files.list(TIED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void aCopyIsTheSameModel() {
        assertThat(Identity.of(folder)).isEqualTo(Identity.of(TIED));
        assertThat(Identity.of(folder).differences(Identity.of(TIED))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "config.json;           \"rope_theta\": 10000.0;     \"rope_theta\": 100.0;     config",
                "tokenizer_config.json; <|im_start|>;                <|im_begin|>;            template",
                "tokenizer.json;        \"add_prefix_space\":false;  \"add_prefix_space\":true;  tokenizer",
            })
    void whateverDecidesNumbersIsPartOfIt(String file, String before, String after, String part) throws IOException {
        Identity was = Identity.of(folder);
        edit(file, before, after);
        Identity is = Identity.of(folder);
        assertThat(is.sha256()).isNotEqualTo(was.sha256());
        assertThat(is.differences(was)).containsExactly(part);
    }

    @Test
    void aTemplateRepairedIsTheOnlyPartThatDiffers() throws IOException {
        Identity was = Identity.of(folder);
        Files.writeString(
                folder.resolve("chat_template.jinja"), TemplateFile.read(folder).text() + " ");
        assertThat(Identity.of(folder).differences(was)).containsExactly("template");
    }

    @Test
    void layoutAndOriginOfAConfigDoNotCount() throws IOException {
        Identity was = Identity.of(folder);
        edit("config.json", "{", "{ \n\n \"_name_or_path\": \"elsewhere\",");
        assertThat(Identity.of(folder)).isEqualTo(was);
    }

    @Test
    void oneChangedByteOfAnyShardIsAnotherModel() throws IOException {
        byte[] weights = Files.readAllBytes(folder.resolve("model.safetensors"));
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}");
        Files.write(folder.resolve("model-1.safetensors"), weights);
        Files.write(folder.resolve("model-2.safetensors"), weights);
        Identity was = Identity.of(folder);
        weights[weights.length - 1] ^= 1;
        for (String shard : List.of("model-2.safetensors", "model-1.safetensors")) {
            Files.write(folder.resolve(shard), weights);
            assertThat(Identity.of(folder).differences(was)).containsExactly("weights");
        }
    }

    @Test
    void aFileIsItsOwnHash() throws IOException {
        Path gguf = Files.writeString(folder.resolve("model.gguf"), "any");
        assertThat(Identity.of(gguf).sha256()).isEqualTo(Sha256.of(gguf));
    }

    private void edit(String name, String before, String after) {
        try {
            String text = Files.readString(folder.resolve(name));
            assertThat(text).contains(before);
            Files.writeString(
                    folder.resolve(name), text.replaceFirst(Pattern.quote(before), Matcher.quoteReplacement(after)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
