package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFingerprintTest {
    private static final Map<String, String> RUN = Map.of("model", "m", "seed", "3");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void resultsAreNotContinuedWithAnythingElse() {
        Path file = folder.resolve("begun.json");
        RunFingerprint.require(file, RUN, "Take a new folder.", Job.silent());
        RunFingerprint.require(file, RUN, "Take a new folder.", Job.silent());
        assertThatThrownBy(() -> RunFingerprint.require(
                        file, Map.of("model", "m", "seed", "4"), "Take a new folder.", Job.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("seed 3 then, 4 now");
    }

    @Test
    void resultsOfWhichNobodyKnowsWhatTheyBelongToAreSetAside() throws IOException {
        Path file = folder.resolve("begun.json");
        RunFingerprint.require(file, RUN, "", Job.silent());
        byte[] sound = Files.readAllBytes(file);
        for (int i = 0; i < 2; i++) {
            Files.writeString(Files.createDirectories(folder.resolve("targets")).resolve("cook.json"), "{}");
            Files.writeString(folder.resolve(".running"), "");
            byte[] changed = sound.clone();
            changed[10] ^= 1;
            Files.write(file, changed);
            ToldJob told = new ToldJob();
            RunFingerprint.require(file, RUN, "", told.job());
            Path aside = folder.resolve("begun.json.damaged");
            assertThat(told.damages())
                    .containsExactly("--out: expected to read what it was begun with, found it damaged (" + file
                            + "). Everything begins anew. What was finished is kept in " + aside + ".");
            assertThat(folder.resolve("targets")).doesNotExist();
            assertThat(aside.resolve(i == 0 ? "targets" : "targets-2").resolve("cook.json"))
                    .isRegularFile();
            assertThat(folder.resolve(".running")).exists();
            assertThat(file).hasBinaryContent(sound);
        }
    }
}
