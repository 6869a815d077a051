package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A shell reads back what was written for it.
class ShellWordTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a/b.json", "", "two words", "it's", "$HOME", "a\\b", "Größe", "*", "owner/repo@main", "'\"'"})
    void aShellReadsTheTextBack(String text) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(text)).start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples/verdict/study.json", "smollm2-135m", "Größe", "owner/repo@main"})
    void plainWordsStayAsTheyAre(String text) {
        assertThat(ShellWord.of(text)).isEqualTo(text);
    }
}
