package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.discover.atlas.AtlasFile;
import assay.engine.peft.PeftPrompt;
import assay.measure.probe.Probe;
import assay.train.Checkpoint;
import assay.train.SoftStudent;
import assay.train.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a run left behind and something else changed, although its checksum is right or it has none.
class DamagedStatesTest {
    private static final SoftStudent STUDENT = new SoftStudent(2, 4, PeftPrompt.Place.SYSTEM);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"null", "{", "[null]", "[{\"kind\": null}]", "[{\"kind\": \"prompt\"}]"})
    void startsThatAreNoneRefuseTheirCheckpoint(String notes) {
        assertThatThrownBy(() -> Starts.resumed(checkpoint(8, Map.of("starts", notes)), STUDENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the starts that were tried")
                .hasMessageEndingWith("What it kept begins anew.");
    }

    @Test
    void numbersOfAnotherStudentRefuseTheirCheckpoint() {
        assertThat(Starts.resumed(checkpoint(8, Map.of()), STUDENT).tried()).isEmpty();
        assertThatThrownBy(() -> Starts.resumed(checkpoint(7, Map.of()), STUDENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected numbers of 2 soft tokens, system");
    }

    @Test
    void userTurnsWithTokensTheModelDoesNotHaveCountAsNone() throws IOException {
        Path file = folder.resolve("x.turns");
        for (int token : new int[] {-1, 0, 99, 100}) {
            Probe probe =
                    new Probe("foreign", List.of(new Probe.Turn("Hi?", Probe.Split.FIT, "", new int[] {5, token})));
            Files.write(file, AtlasFile.bytes(probe));
            assertThat(TurnShelf.read(file, 100).isPresent()).isEqualTo(token == 0 || token == 99);
        }
    }

    private static Checkpoint checkpoint(int numbers, Map<String, String> notes) {
        return new Checkpoint(Map.of(), notes, TrainingState.begin(new float[1][numbers]));
    }
}
