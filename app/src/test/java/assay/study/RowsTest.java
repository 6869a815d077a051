package assay.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.sparse.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowsTest {
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
        Rows rows = new Rows(folder);
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
        Rows rows = new Rows(folder);
        assertThatThrownBy(() -> rows.get("row", Row.class, () -> {
                    throw new InputException("no");
                }))
                .hasMessage("no");
        assertThat(rows.has("row")).isFalse();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aDamagedPartIsRefusedWithItsPath() throws IOException {
        Rows rows = new Rows(folder);
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
}
