package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where the chat template of a folder is found.
final class TemplateFileTest {
    @TempDir
    Path folder;

    @Test
    void aChatTemplateIsFoundInItsFileOrInTheTokenizersSettings() throws IOException {
        assertThatThrownBy(() -> TemplateFile.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a chat template, found none");
        Path settings = folder.resolve("tokenizer_config.json");
        Files.writeString(
                settings,
                "{\"chat_template\": [{\"name\": \"tools\", \"template\": \"t\"}, "
                        + "{\"name\": \"default\", \"template\": \"d\"}]}");
        assertThat(TemplateFile.read(folder).text()).isEqualTo("d");
        Files.writeString(settings, "{\"chat_template\": \"plain\"}");
        assertThat(TemplateFile.read(folder).text()).isEqualTo("plain");
        Files.writeString(folder.resolve("chat_template.jinja"), "file");
        assertThat(TemplateFile.read(folder).text()).isEqualTo("file");
        Files.delete(folder.resolve("chat_template.jinja"));
        Files.writeString(settings, "{\"chat");
        assertThatThrownBy(() -> TemplateFile.read(folder)).hasMessageStartingWith("chat template: expected readable");
    }
}
