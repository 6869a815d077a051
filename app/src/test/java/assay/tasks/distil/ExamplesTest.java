package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.measure.probe.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading examples: what is right is taken, what is not is named by its line.
class ExamplesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void brokenLinesAreNamedWithTheirReasons() throws IOException {
        List<String> lines = new ArrayList<>(good(12));
        lines.set(2, "{\"user\": \"Half a");
        lines.set(4, "{\"user\": \"Only a question?\"}");
        lines.set(6, "{\"user\": \"\", \"answer\": \"Only an answer.\"}");
        lines.set(8, "{\"user\": \"QUESTION 0\", \"answer\": \"Again.\"}");
        lines.set(10, "[1, 2]");
        assertThatThrownBy(() -> Examples.read(file(lines)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 3: no JSON")
                .hasMessageContaining("line 5: no \"answer\" text")
                .hasMessageContaining("line 7: no \"user\" text")
                .hasMessageContaining("line 9: the user turn of line 1 again")
                .hasMessageContaining("line 11: no \"user\" text")
                .hasMessageContaining("nothing was trained");
    }

    @Test
    void linesOfOtherToolsSayTheSame() throws IOException {
        List<String> lines = new ArrayList<>(good(10));
        lines.set(0, "\uFEFF" + lines.get(0) + "\r");
        lines.add(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi?\"}, {\"role\": \"assistant\", \"content\": \"Ho.\"}]}");
        lines.add(
                "{\"conversations\": [{\"from\": \"human\", \"value\": \"He?\"}, {\"from\": \"gpt\", \"value\": \"Ha.\"}]}");
        lines.add("{\"instruction\": \"Add.\", \"input\": \"1 2\", \"output\": \"3\"}");
        Examples examples = Examples.read(file(lines));
        assertThat(examples.answers())
                .hasSize(13)
                .containsEntry("Hi?", "Ho.")
                .containsEntry("He?", "Ha.")
                .containsEntry("Add.\n\n1 2", "3");
    }

    @Test
    void conversationsThatAreNotTrainedOnAreNamed() throws IOException {
        String user = "{\"role\": \"user\", \"content\": \"Hi?\"}";
        String answer = "{\"role\": \"assistant\", \"content\": \"Ho.\"}";
        String system = "{\"role\": \"system\", \"content\": \"Be kind.\"}";
        List<String> lines = new ArrayList<>(good(10));
        lines.add("{\"messages\": [" + String.join(", ", user, answer, user, answer) + "]}");
        lines.add("{\"messages\": [" + String.join(", ", system, user, answer) + "]}");
        lines.add("{\"messages\": [" + user + "]}");
        assertThatThrownBy(() -> Examples.read(file(lines)))
                .hasMessageContaining("line 11: more than one user turn")
                .hasMessageContaining("line 12: a \"system\" text")
                .hasMessageContaining("line 13: no \"answer\" text");
    }

    @Test
    void emptyDataIsRefused() {
        assertThatThrownBy(() -> Examples.read(file(List.of())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 10 different user turns, found none");
    }

    @Test
    void oneUserTurnIsNotEnough() {
        assertThatThrownBy(() -> Examples.read(file(good(1))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 10 different user turns, found 1");
    }

    @Test
    void aMissingFileIsRefused() {
        assertThatThrownBy(() -> Examples.read(folder.resolve("none.jsonl")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a JSONL file, found nothing");
    }

    @Test
    void splitsHoldSomeTurnsOut() throws IOException {
        Examples examples = Examples.read(file(good(100)));
        List<Probe.Split> splits = examples.splits(4);
        assertThat(Collections.frequency(splits, Probe.Split.SEARCH)).isEqualTo(10);
        assertThat(Collections.frequency(splits, Probe.Split.TEST)).isEqualTo(20);
        assertThat(splits).hasSize(100).isEqualTo(examples.splits(4)).isNotEqualTo(examples.splits(5));
    }

    private static List<String> good(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("{\"user\": \"Question " + i + "?\", \"answer\": \"Answer " + i + ".\"}");
        }
        return lines;
    }

    private Path file(List<String> lines) throws IOException {
        return Files.write(folder.resolve("examples.jsonl"), lines);
    }
}
