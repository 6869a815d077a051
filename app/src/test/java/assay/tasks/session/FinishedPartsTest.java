package assay.tasks.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.run.Progress;
import assay.base.run.Stage;
import assay.base.sparse.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        FinishedParts rows = new FinishedParts(folder);
        assertThat(rows.has("deep/in/row")).isFalse();
        assertThat(rows.get("deep/in/row", Row.class, () -> MADE)).isEqualTo(MADE);
        assertThat(rows.has("deep/in/row")).isTrue();
        assertThat(rows.get("deep/in/row", Row.class, () -> {
                    throw new AssertionError("made again");
                }))
                .isEqualTo(MADE);
    }

    @Test
    void aPartThatFailsLeavesNothingBehind() {
        FinishedParts rows = new FinishedParts(folder);
        assertThatThrownBy(() -> rows.get("row", Row.class, () -> {
                    throw new InputException("no");
                }))
                .hasMessage("no");
        assertThat(rows.has("row")).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedPartIsRefusedWithItsPath() throws IOException {
        FinishedParts rows = new FinishedParts(folder);
        for (String damaged : List.of(
                "",
                "{\"name\": ",
                "[]",
                "{}",
                "{\"other\": 1}",
                "{\"name\": \"cook\", \"figures\": [1], \"closed\": {\"value\": 1}}")) {
            Path file = Files.writeString(folder.resolve("row.json"), damaged);
            assertThatThrownBy(() -> rows.get("row", Row.class, () -> MADE))
                    .as(damaged)
                    .isInstanceOf(InputException.class)
                    .hasMessage("run folder: expected a finished part, found it damaged (" + file
                            + "). Remove that file to have it run again.");
        }
    }

    @Test
    void partsComeInOrderAndARefusedOneDoesNotKeepTheOthers() {
        FinishedParts rows = new FinishedParts(folder);
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
        assertThat(rows.has("5")).isTrue();
        assertThat(rows.has("2")).isFalse();
    }
}
