package assay.tasks.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.engine.model.LanguageModel;
import org.junit.jupiter.api.Test;

/// What is foreseen of an explanation.
final class ForecastTest {
    private static final Forecast.Work USUAL = Forecast.Work.USUAL;
    private static final Forecast.Turns TURNS = Forecast.Turns.USUAL;

    private static Forecast of(Forecast.Work work, double perTurn) {
        return Forecast.of(work, TURNS, 4_000_000_000L, new Forecast.Speed(perTurn));
    }

    private static Forecast.Work searching(int runs, double seconds) {
        return new Forecast.Work(20, 48, 33, runs, seconds, false);
    }

    @Test
    void twiceAsSlowAMachineTakesTwiceAsLong() {
        assertThat(of(USUAL, 0.02).lowSeconds()).isCloseTo(2 * of(USUAL, 0.01).lowSeconds(), within(1e-6));
        assertThat(of(USUAL, 0.01).highSeconds()).isGreaterThan(of(USUAL, 0.01).lowSeconds());
    }

    @Test
    void aSearchTakesAsLongAsItsPromptsOrItsTime() {
        double none = of(searching(0, 0), 0.01).lowSeconds();
        assertThat(of(USUAL, 0.01).lowSeconds()).isGreaterThan(none);
        assertThat(of(searching(1_000_000, 60), 0.01).lowSeconds()).isCloseTo(none + 0.8 * 60, within(1e-6));
    }

    @Test
    void memoryIsTheWeightsAndWhatGrowsWithPromptsAndWidth() {
        try (LanguageModel small = LanguageModel.drawn(128, 2, 512, 1);
                LanguageModel large = LanguageModel.drawn(256, 2, 512, 1)) {
            assertThat(Forecast.bytes(small)).isGreaterThan(small.bytes());
            long more = Forecast.bytes(large) - large.bytes() - (Forecast.bytes(small) - small.bytes());
            long places = (Forecast.bytes(small) - small.bytes() - 3_000_000_000L - 128 * 4 * 512 * 4) / 128 / 4;
            assertThat(more).isEqualTo(places * 128 * 4);
            Forecast.Work half = new Forecast.Work(10, 24, 16, 0, 0, false);
            assertThat(Forecast.bytes(small, half, TURNS)).isLessThan(Forecast.bytes(small));
        }
    }

    @Test
    void aModelsBytesAreThoseOfItsNumbers() {
        try (LanguageModel model = LanguageModel.drawn(128, 2, 512, 1)) {
            long numbers = model.tensorShapes().entrySet().stream()
                    .filter(weight -> !weight.getKey().equals("lm_head.weight"))
                    .mapToLong(weight -> weight.getValue().stream().reduce(1L, (a, b) -> a * b))
                    .sum();
            assertThat(model.isTied()).isTrue();
            assertThat(model.bytes()).isEqualTo(numbers * Float.BYTES);
        }
    }

    @Test
    void itIsToldInALine() {
        assertThat(new Forecast(61, 182, 4_700_000_000L, "as counted.").words())
                .isEqualTo("Foreseen: 1 min 01 s to 3 min 02 s, 4.7 GB of memory at most. A rough figure: as counted.");
    }
}
