package assay.measure.judge;

import static assay.measure.judge.TinyTarget.OTHERS;
import static assay.measure.judge.TinyTarget.PLANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.decompose.Decomposition;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Planted runs of a tiny random model: one prompt, and a little of another one as the noise of a run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoiseTest {
    private static final double LITTLE = 0.3;

    @SuppressWarnings("NullAway.Init")
    private TinyTarget tiny;

    @BeforeAll
    void open() {
        tiny = TinyTarget.open();
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void aTargetsTwinClosesAllOfItAndNothingIsNoise() {
        tiny.judged(run(0), (decomposer, judge) -> {
            Decomposition.Step list = decomposer.decompose(truth(), 1).at(1);
            Noise noise = Noise.of(judge, List.of(run(0)), list);
            assertThat(noise.foreign().ceiling().lower().value()).isCloseTo(1, within(1e-4));
            assertThat(noise.own().orElseThrow().ceiling().upper().value()).isCloseTo(1, within(1e-4));
            assertThat(noise.foreign().share().value())
                    .isCloseTo(noise.foreign().closed().value(), within(1e-3));
        });
    }

    @Test
    void whatSiblingsLackIsWhatTheirOwnDivergenceSays() {
        tiny.judged(run(0), (decomposer, judge) -> {
            Decomposition.Step list = decomposer.decompose(truth(), 1).at(1);
            Noise noise = Noise.of(judge, List.of(run(1), run(2), run(3)), list);
            double mean = List.of(run(1), run(2), run(3)).stream()
                    .mapToDouble(sibling -> judge.closed(decomposer.left(
                                    sibling.atoms().stream()
                                            .map(Mixture.Weighted::prompt)
                                            .toList(),
                                    sibling.atoms().stream()
                                            .mapToDouble(Mixture.Weighted::weight)
                                            .toArray()))
                            .value())
                    .average()
                    .orElseThrow();
            NoiseCeiling ceiling = noise.foreign().ceiling();
            assertThat(ceiling.lower().value()).isCloseTo(mean, within(1e-4));
            assertThat(ceiling.upper().value()).isCloseTo((1 + mean) / 2, within(1e-4));
            assertThat(ceiling.ceiling().value())
                    .isBetween(ceiling.lower().value(), ceiling.upper().value());
            assertThat(noise.foreign().closed())
                    .isEqualTo(judge.closed(list.test().foreign()));
        });
    }

    @Test
    void theWorseSideIsTheOneWithTheSmallerShare() {
        tiny.judged(run(0), (decomposer, judge) -> {
            Decomposition.Step list =
                    decomposer.decompose(tiny.prompts(OTHERS).subList(0, 2), 2).at(2);
            Noise noise = Noise.of(judge, List.of(run(1), run(2)), list);
            double own = noise.own().orElseThrow().share().value();
            assertThat(noise.worse().share().value())
                    .isEqualTo(Math.min(own, noise.foreign().share().value()));
        });
    }

    private List<HardPrompt> truth() {
        return tiny.prompts(PLANTED).subList(0, 1);
    }

    private Mixture run(int noise) {
        return new Mixture(
                "run " + noise,
                List.of(
                        new Mixture.Weighted(truth().getFirst(), 1),
                        new Mixture.Weighted(tiny.prompts(OTHERS).get(noise), LITTLE)));
    }
}
