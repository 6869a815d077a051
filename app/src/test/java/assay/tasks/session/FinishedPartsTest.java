package assay.tasks.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Progress;
import assay.base.run.Stage;
import assay.base.run.ToldJob;
import assay.base.sparse.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class FinishedPartsTest {
    /// @param closed with figures that were not measured
    record Row(String name, List<Double> figures, Interval closed) {}

    private static final Row MADE = new Row(
            "cook",
            List.of(0.1, 1 / 3.0, Double.NaN, Double.MIN_VALUE, Double.POSITIVE_INFINITY),
            new Interval(Double.NaN, 0.1 + 0.2, -0.0));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aFinishedPartComesBackToTheLastBitAndIsNotMadeAgain() {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        assertThat(rows.has("deep/in/row", Row.class)).isFalse();
        assertThat(rows.get("deep/in/row", Row.class, () -> MADE)).isEqualTo(MADE);
        assertThat(rows.has("deep/in/row", Row.class)).isTrue();
        assertThat(rows.get("deep/in/row", Row.class, () -> {
                    throw new AssertionError("made again");
                }))
                .isEqualTo(MADE);
    }

    @Test
    void aPartThatFailsLeavesNothingBehind() {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        assertThatThrownBy(() -> rows.get("row", Row.class, () -> {
                    throw new InputException("no");
                }))
                .hasMessage("no");
        assertThat(rows.has("row", Row.class)).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedPartIsToldOfSetAsideAndMadeAgain() throws IOException {
        for (String damaged : List.of(
                "",
                "{\"name\": ",
                "[]",
                "{}",
                "null",
                "{\"other\": 1}",
                "{\"name\": \"cook\", \"figures\": [1], \"closed\": {\"value\": 1}}")) {
            ToldJob told = new ToldJob();
            FinishedParts rows = new FinishedParts(folder.resolve("of" + damaged.hashCode()), told.job());
            Path file = Files.createDirectories(rows.folder()).resolve("row.json");
            Files.writeString(file, damaged);
            assertThat(rows.has("row", Row.class)).as(damaged).isFalse();
            assertThat(rows.get("row", Row.class, () -> MADE)).as(damaged).isEqualTo(MADE);
            assertThat(rows.has("row", Row.class)).as(damaged).isTrue();
            assertThat(told.damages())
                    .containsExactly("run folder: expected a finished part, found it damaged (" + file
                            + "). It is made again. The damaged file is kept as row.json.damaged.");
            assertThat(rows.folder().resolve("row.json.damaged")).hasContent(damaged);
        }
    }

    @Test
    void noByteOfAPartCanChangeUnnoticed() throws IOException {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        rows.get("row", Row.class, () -> MADE);
        Path file = folder.resolve("row.json");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) (1 << bit);
                Files.write(file, changed);
                assertThat(rows.has("row", Row.class))
                        .as("byte %s, bit %s", i, bit)
                        .isFalse();
                Files.deleteIfExists(folder.resolve("row.json.damaged"));
            }
            Files.write(file, Arrays.copyOf(bytes, i));
            assertThat(rows.has("row", Row.class)).as("cut at %s", i).isFalse();
            Files.deleteIfExists(folder.resolve("row.json.damaged"));
        }
    }

    @Test
    void neitherIsAPartWhoseChecksumIsDamagedWithIt() throws IOException {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        rows.get("row", Row.class, () -> MADE);
        Path file = folder.resolve("row.json");
        String sound = Files.readString(file).replace("cook", "look");
        for (String seal : List.of("\"crc32c\":\"", "\"crc32\":\"", "\"c\":\"1", "\"crc32c\":\"1fc26f25 ")) {
            Files.writeString(file, sound.replace("\"crc32c\":\"", seal));
            assertThat(rows.has("row", Row.class)).as(seal).isFalse();
            Files.deleteIfExists(folder.resolve("row.json.damaged"));
        }
    }

    @Test
    void aPartOfAnOlderVersionWithoutAChecksumIsGoneOnWith() throws IOException {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        Files.write(folder.resolve("row.json"), JsonMapper.shared().writeValueAsBytes(MADE));
        assertThat(rows.get("row", Row.class, () -> {
                    throw new AssertionError("made again");
                }))
                .isEqualTo(MADE);
    }

    @Test
    void aForgottenPartIsMadeAgain() {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        rows.get("row", Row.class, () -> MADE);
        rows.forget("row");
        rows.forget("row");
        assertThat(rows.has("row", Row.class)).isFalse();
    }

    @Test
    void partsComeInOrderAndARefusedOneDoesNotKeepTheOthers() {
        FinishedParts rows = new FinishedParts(folder, Job.silent());
        rows.get("3", Row.class, () -> MADE);
        List<FinishedParts.Part<Row>> parts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int index = i;
            parts.add(new FinishedParts.Part<>("" + i, () -> {
                if (index == 2 || index == 4) {
                    throw new InputException("no " + index);
                }
                return new Row("row " + index, List.of(), Interval.NONE);
            }));
        }
        List<String> refused = new ArrayList<>();
        List<Row> made;
        try (Stage stage = Progress.silent().stage("rows", parts.size())) {
            made = rows.all(parts, Row.class, stage, (index, why) -> refused.add(index + ": " + why.getMessage()));
        }
        assertThat(made).extracting(Row::name).containsExactly("row 0", "row 1", "cook", "row 5");
        assertThat(refused).containsExactly("2: no 2", "4: no 4");
        assertThat(rows.has("5", Row.class)).isTrue();
        assertThat(rows.has("2", Row.class)).isFalse();
    }
}
