package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong(1_000);

    @Test
    void timeLeftFollowsFromTheSpeedSoFar() {
        Stage stage = progress(true, 80).stage("reading prompts", 400);
        passSeconds(10);
        stage.advance(100);
        assertThat(lastDrawn()).isEqualTo("reading prompts 100/400 25% 30 s left");
        passSeconds(10);
        stage.advance(100);
        assertThat(lastDrawn()).isEqualTo("reading prompts 200/400 50% 20 s left");
        stage.close();
        assertThat(lastDrawn()).isEqualTo("reading prompts 200/400 50% in 20 s");
    }

    @Test
    void resumedPartDoesNotCountAsSpeed() {
        Stage stage = progress(true, 80).stage("fetching", 1000);
        stage.skip(800);
        passSeconds(10);
        stage.advance(100);
        assertThat(lastDrawn()).isEqualTo("fetching 900/1000 90% 10 s left");
    }

    @Test
    void nothingIsPromisedBeforeThereIsASpeed() {
        Stage stage = progress(true, 80).stage("fetching", 1000);
        stage.skip(500);
        passSeconds(60);
        stage.advance(0);
        assertThat(lastDrawn()).isEqualTo("fetching 500/1000 50%");
    }

    @Test
    void unknownTotalShowsTheCountAlone() {
        Stage stage = progress(true, 80).stage("sampling", 0);
        passSeconds(3);
        stage.advance(7);
        assertThat(lastDrawn()).isEqualTo("sampling 7");
    }

    @Test
    void whoListensHearsStagesWordsAndWhatTheyWereMadeOf() {
        record Found(int count) {}
        StringBuilder heard = new StringBuilder();
        Progress progress = Progress.heardBy(new Progress.Listener() {
            @Override
            public void stage(String name, long done, long total, boolean ended) {
                heard.append(name + done + "/" + total + (ended ? "." : "") + " ");
            }

            @Override
            public void note(String text, Optional<Record> fact) {
                heard.append(text + fact.map(Record::toString).orElse("") + " ");
            }
        });
        try (Stage stage = progress.stage("a", 2)) {
            stage.advance(2);
        }
        progress.note("b");
        progress.note("c", Optional.of(new Found(3)));
        progress.fact(new Found(4));
        assertThat(heard).hasToString("a0/2 a2/2. b cFound[count=3] Found[count=4] ");
    }

    @Test
    void everyLineFitsItsWidth() {
        for (int width = 10; width <= 90; width += 5) {
            Stage stage = progress(true, width).stage("a stage with quite a long name", 123_456_789);
            passSeconds(4000);
            stage.advance(54_321_000);
            stage.close();
            assertThat(drawn()).allSatisfy(line -> assertThat(line).isNotBlank());
            int most = width - 1;
            assertThat(drawn()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(most));
            written.reset();
        }
    }

    @Test
    void logGetsPlainLinesAFewSecondsApart() {
        Stage stage = progress(false, 80).stage("probing", 100);
        for (int step = 0; step < 100; step++) {
            passSeconds(1);
            stage.advance(1);
        }
        stage.close();
        assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain("\r", "\u001b");
        assertThat(text().lines()).hasSize(22).last().isEqualTo("probing 100/100 100% in 1 min 40 s");
    }

    @Test
    void noteDoesNotRunIntoAnOpenLine() {
        Progress progress = progress(true, 80);
        progress.stage("probing", 100);
        progress.note("by the way");
        assertThat(text()).isEqualTo("\rprobing 0/100 0%\u001b[K\nby the way\n");
    }

    @Test
    void silentProgressCountsWithoutAWord() {
        try (Stage stage = Progress.silent().stage("quiet", 2)) {
            stage.advance(2);
            assertThat(stage.line(System.nanoTime(), 80, false)).startsWith("quiet 2/2 100%");
        }
    }

    @Test
    void durationsAreWords() {
        assertThat(List.of(0.4, 59.4, 59.6, 125.0, 3599.7, 12_000.0))
                .extracting(Stage::duration)
                .containsExactly("0 s", "59 s", "1 min 00 s", "2 min 05 s", "1 h 00 min", "3 h 20 min");
    }

    @Test
    void dumbTerminalsAndNoColorGetPlainLines() {
        assertThat(Progress.canRedraw(Map.of("TERM", "xterm"))).isTrue();
        assertThat(Progress.canRedraw(Map.of("TERM", "dumb"))).isFalse();
        assertThat(Progress.canRedraw(Map.of())).isFalse();
        assertThat(Progress.canRedraw(Map.of("TERM", "xterm", "NO_COLOR", "1"))).isFalse();
        assertThat(Progress.columns("120")).isEqualTo(120);
        assertThat(Progress.columns("wide")).isEqualTo(80);
        assertThat(Progress.columns("0")).isEqualTo(10);
    }

    private Progress progress(boolean redraw, int width) {
        return new Progress(new PrintStream(written, true, StandardCharsets.UTF_8), redraw, width, nanos::get);
    }

    private void passSeconds(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private List<String> drawn() {
        return text().lines()
                .flatMap(line -> List.of(line.split("\r", -1)).stream())
                .filter(line -> !line.isEmpty())
                .map(line -> line.replace("\u001b[K", ""))
                .toList();
    }

    private String lastDrawn() {
        return drawn().getLast();
    }
}
