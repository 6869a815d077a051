package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.KlFit;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a list of prompts says of itself, and where it stops.
class DecompositionTest {
    private static final List<HardPrompt> PROMPTS = Stream.of("Be sad.", "Say no.", "Whisper.", "Count.")
            .map(text -> new HardPrompt(text, new int[] {1}))
            .toList();

    private static final Decomposition.Step STEP = new Decomposition.Step(
            PROMPTS.subList(0, 3),
            new double[] {0.2, -0.7, 0.5},
            0.1,
            new SplitStates.TurnSums(new double[0], new double[0]));

    @ParameterizedTest
    @CsvSource({
        // Falls to the end: only the last is near the lowest.
        "0.8 0.6 0.4 0.2, 1, 0.01, 4",
        // Levels off: within a hundredth of what was closed (.8) of the lowest.
        "0.5 0.3 0.207 0.2, 1, 0.01, 3",
        "0.5 0.3 0.209 0.2, 1, 0.01, 4",
        // A hundredth exactly is near enough.
        "1.25 1 0.5, 2.5, 0.25, 2",
        // Rises again: what comes behind the lowest does not count.
        "0.5 0.3 0.4 0.6, 1, 0.01, 2",
        // The first is best, and stays so whatever the tolerance.
        "0.3 0.4 0.5, 1, 0.01, 1",
        "0.3 0.4 0.5, 1, 0, 1",
        "0.5 0.4 0.3, 1, 0, 3",
        // A tolerance of all takes the first that is no worse than the base.
        "1.2 0.9 0.3, 1, 1, 2",
        // Nothing is closed: no tolerance is left to give, and the least bad stands.
        "1.3 1.2 1.1, 1, 0.01, 3",
        "1.2 1.1 1.3, 1, 0.5, 2",
        // Of two that are the same, the shorter.
        "0.4 0.2 0.2, 1, 0, 2",
        "0.7, 1, 0.01, 1",
        // A base of another height moves the tolerance.
        "0.5 0.25 0.2, 6, 0.01, 2",
    })
    void theListStopsWhereTheSearchSplitStopsImproving(String curve, double base, double tolerance, int expected) {
        double[] search =
                Arrays.stream(curve.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertThat(Decomposition.stop(search, base, tolerance)).isEqualTo(expected);
    }

    @Test
    void aCurveThatIsNoNumberIsOurBug() {
        assertThatThrownBy(() -> Decomposition.stop(new double[] {0.5, Double.NaN}, 1, 0.01))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("stop: expected finite divergences.");
    }

    @Test
    void aStepKnowsItsLastPromptItsHeaviestAndHowMuchItWeighs() {
        assertThat(STEP.added().text()).isEqualTo("Whisper.");
        assertThat(STEP.heaviestFirst()).containsExactly("Say no.", "Whisper.", "Be sad.");
        assertThat(STEP.absoluteWeights()).isCloseTo(1.4, within(1e-12));
    }

    @Test
    void aStepIsTheMixtureOfItsPromptsInTheirOrder() {
        Mixture mixture = STEP.mixture("list");
        assertThat(mixture.name()).isEqualTo("list");
        assertThat(mixture.atoms()).extracting(Mixture.Weighted::prompt).isEqualTo(PROMPTS.subList(0, 3));
        assertThat(mixture.atoms()).extracting(Mixture.Weighted::weight).containsExactly(0.2, -0.7, 0.5);
    }

    @Test
    void stepsAreCountedFromOne() {
        List<Decomposition.Step> steps =
                Stream.of(0.3, 0.2, 0.1).map(DecompositionTest::step).toList();
        Decomposition decomposition = new Decomposition(steps, 2, 1);
        assertThat(decomposition.at(1).search()).isEqualTo(0.3);
        assertThat(decomposition.at(3).search()).isEqualTo(0.1);
        assertThat(decomposition.best()).isSameAs(decomposition.at(2));
    }

    @Test
    void promptsOfAFitComeInTheOrderInWhichTheyWereChosen() {
        KlFit fit = new KlFit(new int[] {3, 0, 2}, new double[3], 0);
        assertThat(Decomposition.chosen(fit, PROMPTS))
                .extracting(HardPrompt::text)
                .containsExactly("Count.", "Be sad.", "Whisper.");
    }

    private static Decomposition.Step step(double search) {
        return new Decomposition.Step(PROMPTS, new double[4], search, STEP.test());
    }
}
