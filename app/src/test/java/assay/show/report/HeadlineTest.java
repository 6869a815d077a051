package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.judge.Claim;
import assay.measure.judge.ExpectedNull;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Curve;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Lacking;
import assay.measure.judge.Noise;
import assay.measure.judge.NoiseCeiling;
import assay.measure.judge.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadlineTest {
    @Test
    void theVerdictIsThatOfTheClaimAboutLists() {
        Headline yes = Headline.of(Specimen.pirate());
        assertThat(yes.outcome()).isEqualTo(Outcome.YES);
        assertThat(yes.verdict()).isEqualTo("10 weighted prompts stand in for pirate-lora.");
        Headline no = Headline.of(Specimen.rot13());
        assertThat(no.word()).isEqualTo("Not explained");
        assertThat(no.because()).startsWith("no prompt in the dictionary");
    }

    @Test
    void withoutThatClaimNothingIsDecided() {
        Headline bare = Headline.of(Specimen.bare());
        assertThat(bare.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(bare.verdict()).endsWith("stand in for “Output the name of a US state”.");
        assertThat(bare.because()).contains("S2");
    }

    @Test
    void onePromptIsOne() {
        assertThat(Headline.of(withExcess(new Interval(0.2, 0.1, 0.3))).verdict())
                .isEqualTo("one weighted prompt stands in for pirate-lora.");
    }

    @Test
    void chanceIsSaidWhenTheIntervalHoldsZeroAndOnlyThen() {
        assertThat(support(0.2, 0.1, 0.3)).endsWith("The difference, 20 points (10 to 30), is more than chance.");
        assertThat(support(0.01, -0.1, 0.1)).endsWith("The difference, 1 point (−10 to 10), could be chance.");
        assertThat(support(-0.2, -0.3, -0.1))
                .endsWith("The difference, −20 points (−30 to −10), is in favour of the random ones.");
        assertThat(support(0.2, Double.NaN, Double.NaN)).endsWith("They differ by 20 points.");
        assertThat(support(Double.NaN, Double.NaN, Double.NaN)).endsWith("closes 40%.");
    }

    @ParameterizedTest
    @CsvSource({"0.93, Explained", "0.80, Mostly explained", "0.60, Partly explained", "0.40, Not explained"})
    void besideASecondTrainingRunTheWordIsThatOfTheShareOfItsCeiling(double share, String word) {
        Headline headline = Headline.of(withNoise(new Interval(0.2, 0.1, 0.3), share));
        assertThat(headline.word()).isEqualTo(word);
        assertThat(headline.verdict())
                .isEqualTo("one prompt does 79% of pirate-lora; a second training run would do 80%.");
    }

    @ParameterizedTest
    @CsvSource({
        "no,        0.80, Mostly explained, one prompt does 82% of pirate-lora; what a second training run would do is not known (--sibling).",
        "undecided, 0.88, Mostly explained, one prompt does 90% of pirate-lora; what a second training run would do is not known (--sibling).",
        "no,        0.60, Partly explained, one prompt does 62% of pirate-lora; what a second training run would do is not known (--sibling).",
        "no,        0.40, Not explained,    the prompts found do not stand in for pirate-lora.",
        "undecided, 0.40, Undecided,        the prompts found may or may not stand in for pirate-lora.",
        "yes,       0.92, Explained,        one weighted prompt stands in for pirate-lora.",
    })
    void whereNoCeilingIsKnownTheWordIsThatOfWhatIsClosed(String holds, double low, String word, String verdict) {
        Outcome outcome = Outcome.valueOf(holds.toUpperCase(Locale.ROOT));
        Headline headline = Headline.of(closing(new Interval(low + 0.02, low, low + 0.04), outcome, 0.1));
        assertThat(headline.word()).isEqualTo(word);
        assertThat(headline.verdict()).isEqualTo(verdict);
        assertThat(headline.outcome()).isEqualTo(outcome);
        if (outcome == Outcome.NO) {
            assertThat(Headline.of(closing(new Interval(low + 0.02, low, low + 0.04), outcome, -0.1))
                            .word())
                    .isEqualTo("Not explained");
        }
    }

    @Test
    void whatIsNoBetterThanChanceIsNotGraded() {
        Headline headline = Headline.of(withNoise(new Interval(0.01, -0.1, 0.1), 0.95));
        assertThat(headline.word()).isEqualTo("Explained");
        assertThat(headline.outcome()).isEqualTo(Outcome.YES);
    }

    @Test
    void aSideIsFourFiguresAndOneSiblingGivesABound() {
        Noise noise =
                withNoise(new Interval(0.2, 0.1, 0.3), 0.8).comparison().noise().orElseThrow();
        assertThat(Headline.rows(noise.foreign()))
                .containsExactly(
                        new Headline.Row("A second run, mean of 3", exactly(0.8)),
                        new Headline.Row("Without noise", exactly(0.86)),
                        new Headline.Row("These prompts", exactly(0.79)),
                        new Headline.Row("Their share of “without noise”", exactly(0.99)));
        NoiseCeiling one = new NoiseCeiling(1, exactly(0.8), exactly(0.9), Interval.NONE, false);
        assertThat(Headline.rows(new Noise.Side(one, exactly(0.79), exactly(0.88))))
                .startsWith(
                        new Headline.Row("A second run", exactly(0.8)),
                        new Headline.Row("Without noise, at most", exactly(0.9)));
    }

    private static Explanation withNoise(Interval excess, double low) {
        Explanation found = withExcess(excess);
        NoiseCeiling ceiling = new NoiseCeiling(3, exactly(0.8), exactly(0.9), exactly(0.86), false);
        Noise noise = new Noise(
                new Noise.Side(ceiling, exactly(0.79), exactly(0.99)),
                Optional.of(new Noise.Side(ceiling, exactly(0.79), new Interval(low + 0.02, low, low + 0.04))));
        return new Explanation(
                found.subject(),
                found.effort(),
                found.divergence(),
                found.curve(),
                new Explanation.Comparison(found.controls(), Optional.of(noise), Lacking.NONE),
                found.mixture(),
                found.verdict(),
                found.illustration());
    }

    private static Interval exactly(double value) {
        return new Interval(value, Double.NaN, Double.NaN);
    }

    @Test
    void theFigureIsTheWorseOfForeignAndOwnContextsAndTheOtherStandsBesideIt() {
        Interval random = new Interval(0.4, 0.3, 0.5);
        Interval excess = new Interval(0.2, 0.1, 0.3);
        Explanation own = with(
                Specimen.pirate(),
                new Curve(List.of(new Step(1, "x", exactly(0.6), exactly(0.5), random, excess, 0.6, 1)), 1));
        assertThat(Headline.of(own).support())
                .contains("one prompt closes 50% of what separates it from the base (0.713 nats per token)")
                .contains("on answers it wrote itself, and 60% on those of others");
        Explanation foreign = with(
                Specimen.pirate(),
                new Curve(List.of(new Step(1, "x", exactly(0.6), exactly(0.7), random, excess, 0.6, 1)), 1));
        assertThat(Headline.of(foreign).support())
                .contains("one prompt closes 60%")
                .contains("on answers of others, and 70% on those it wrote itself");
    }

    @Test
    void whatWasExpectedOfRandomPromptsStandsBesideWhatTheyClose() {
        assertThat(Headline.expected(Specimen.pirate()).orElseThrow())
                .matches("Random prompts close \\d+% .* at 10 prompts; expected .*: \\d+% .*\\.");
        assertThat(Headline.expected(Specimen.bare())).isEmpty();
        ExpectedNull expected = Specimen.pirate().illustration().spectrum().expected();
        assertThat(Headline.directions(expected).orElseThrow())
                .contains(
                        "All 49,152 logits follow from 576 numbers",
                        "41.3 directions",
                        "62 random prompts",
                        "90% of the 76%");
        assertThat(Headline.directions(ExpectedNull.NONE)).isEmpty();
    }

    @Test
    void anEmptyCurveIsSaidToBeEmpty() {
        Explanation pirate = Specimen.pirate();
        assertThat(Headline.of(with(pirate, new Curve(List.of(), 0))).support()).isEqualTo("No curve was measured.");
    }

    private static String support(double value, double low, double high) {
        return Headline.of(withExcess(new Interval(value, low, high))).support();
    }

    private static Explanation withExcess(Interval excess) {
        Interval closed = new Interval(0.6, Double.NaN, Double.NaN);
        Interval random = new Interval(0.4, Double.NaN, Double.NaN);
        return with(Specimen.pirate(), new Curve(List.of(new Step(1, "x", closed, closed, random, excess, 0.6, 1)), 1));
    }

    private static Explanation closing(Interval closed, Outcome outcome, double least) {
        Interval random = new Interval(0.4, Double.NaN, Double.NaN);
        Interval excess = new Interval(0.2, least, 0.3);
        Step step = new Step(1, "x", closed, closed, random, excess, 0.6, 1);
        return with(Specimen.pirate(), new Curve(List.of(step), 1), outcome);
    }

    private static Explanation with(Explanation explanation, Curve curve) {
        return with(explanation, curve, Outcome.YES);
    }

    private static Explanation with(Explanation explanation, Curve curve, Outcome outcome) {
        return new Explanation(
                explanation.subject(),
                explanation.effort(),
                explanation.divergence(),
                curve,
                explanation.comparison(),
                explanation.mixture(),
                List.of(new Finding(Claim.S2, outcome, "because")),
                explanation.illustration());
    }
}
