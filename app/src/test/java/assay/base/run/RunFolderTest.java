package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.ResourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 25, 2, 3, 4);

    @TempDir
    Path folder;

    @Test
    void runsOfTheSameSecondGetFoldersOfTheirOwn() {
        Path runs = folder.resolve("runs");
        assertThat(RunFolder.unique(runs, "explain", NOW).path()).isEqualTo(runs.resolve("20261125-020304-explain"));
        assertThat(RunFolder.unique(runs, "explain", NOW).path()).isEqualTo(runs.resolve("20261125-020304-explain-2"));
    }

    @Test
    void nameIsMadeSafeForAFolder() {
        assertThat(RunFolder.unique(folder, "a b/../c", NOW).path())
                .isEqualTo(folder.resolve("20261125-020304-a-b-..-c"));
    }

    @Test
    void givenFolderIsMadeOrTakenWhenEmpty() {
        Path out = folder.resolve("some/out");
        for (int i = 0; i < 2; i++) {
            try (RunFolder run = RunFolder.create(Optional.of(out), "x")) {
                assertThat(run.path()).isEqualTo(out);
            }
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void twoRunsCannotShareAFolder() throws IOException {
        Path out = folder.resolve("shared");
        try (RunFolder run = RunFolder.create(Optional.of(out), "x")) {
            run.write("state.bin", new byte[1]);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> RunFolder.resumable(Optional.of(out), "x", "state.bin"))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("--out: expected a folder no other run uses, found one in use");
            }
        }
        RunFolder.resumable(Optional.of(out), "x", "state.bin").close();
        try (var left = Files.list(out)) {
            assertThat(left).containsExactly(out.resolve("state.bin"));
        }
    }

    @Test
    void theMarkOfAKilledRunDoesNotCount() throws IOException {
        Files.writeString(folder.resolve(".running"), "");
        RunFolder.create(Optional.of(folder), "x").close();
    }

    @Test
    void whatAKilledWriteLeftDoesNotCount() throws IOException {
        Files.writeString(folder.resolve(".report.json.0f8fad5b-d9cb-469f-a165-70867728950e.tmp"), "half");
        RunFolder.create(Optional.of(folder), "x").close();
        Files.writeString(folder.resolve(".hidden.tmp"), "somebody's");
        assertThatThrownBy(() -> RunFolder.create(Optional.of(folder), "x")).hasMessageContaining(".hidden.tmp");
    }

    @Test
    void folderWithSomethingInItIsRefusedAndLeftAlone() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "mine");
        assertThatThrownBy(() -> RunFolder.create(Optional.of(folder), "x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a new or empty folder, found precious.txt in it (" + folder + ")");
        assertThat(precious).hasContent("mine");
    }

    @Test
    void fileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> RunFolder.create(Optional.of(file), "x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a folder, found a file");
        assertThatThrownBy(() -> RunFolder.create(Optional.of(file.resolve("below")), "x"))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("Name another place with --out.");
    }

    @Test
    void filesAppearWholeAndOnlyInside() throws IOException {
        RunFolder run = RunFolder.create(Optional.of(folder.resolve("out")), "x");
        run.write("data/result.json", "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(run.path().resolve("data/result.json")).hasContent("{}");
        assertThatThrownBy(() -> run.write("../outside", new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> run.write(folder.resolve("outside").toString(), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.resolve("outside")).doesNotExist();
    }

    @Test
    void theNewestUnfinishedFolderOfThatNameIsTakenUnlessItIsInUse() throws IOException {
        for (String name : List.of("20260101-000000-a", "20260102-000000-a", "20260103-000000-a-b")) {
            Files.createDirectories(folder.resolve(name));
            Files.writeString(folder.resolve(name).resolve("state"), name);
        }
        Path torn = folder.resolve("20260102-000000-a/.state." + UUID.randomUUID() + ".tmp");
        Files.createFile(torn);
        Files.createDirectory(folder.resolve("20260104-000000-a"));
        try (RunFolder newest =
                RunFolder.unfinished(folder, "a", "state", _ -> true).orElseThrow()) {
            assertThat(newest.path()).isEqualTo(folder.resolve("20260102-000000-a"));
            assertThat(torn).doesNotExist();
            try (RunFolder next =
                    RunFolder.unfinished(folder, "a", "state", _ -> true).orElseThrow()) {
                assertThat(next.path()).isEqualTo(folder.resolve("20260101-000000-a"));
            }
        }
        assertThat(RunFolder.unfinished(folder, "a", "state", _ -> false)).isEmpty();
        assertThat(RunFolder.unfinished(folder.resolve("none"), "a", "state", _ -> true))
                .isEmpty();
    }
}
