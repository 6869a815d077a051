package assay.lab.studyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.tasks.distil.Bake;
import assay.tasks.distil.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Study files: the committed ones can be read, and every prediction is there; broken ones are refused.
class ZooFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void committedStudiesPredictEveryTargetAndFindTheirData() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "examples", "zoo"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                for (ZooFile.Entry entry : ZooFile.read(file).targets()) {
                    assertThat(entry.why()).as(entry.name()).isNotBlank();
                    if (entry.source() instanceof Bake.Source.Data data) {
                        assertThat(Examples.read(data.file()).answers())
                                .as(entry.name())
                                .hasSizeGreaterThan(50);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{\"targets\": []}",
                "{\"targets\": [{\"name\": \"Big Name\"}]}",
                "{\"targets\": [{\"name\": \"a\", \"class\": \"odd\"}]}",
                "{\"targets\": [{\"name\": \"a\", \"class\": \"skill\", \"predicted\": \"maybe\"}]}",
                "{\"targets\": [{\"name\": \"a\", \"class\": \"skill\", \"predicted\": \"fails\"}]}",
                "{\"targets\": [{\"name\": \"a\", \"class\": \"skill\", \"predicted\": \"fails\", \"prompt\": \"x\", \"data\": \"y\"}]}",
                "{\"targets\": [{\"name\": \"a\", \"class\": \"skill\", \"predicted\": \"fails\", \"why\": \"x\", \"data\": \"none.jsonl\"}]}",
                "{\"targets\": [{\"name\": \"a\", \"class\": \"skill\", \"predicted\": \"fails\", \"why\": \"x\", \"prompt\": \"x\", \"rank\": \"eight\"}]}"
            })
    void brokenStudiesAreRefused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("zoo.json"), text);
        assertThatThrownBy(() -> ZooFile.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("study: expected ");
    }
}
