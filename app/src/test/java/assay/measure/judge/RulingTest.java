package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every gate from both of its sides, by a hair.
class RulingTest {
    private static final double GATE = 0.9;
    private static final Interval HELD = new Interval(0.95, 0.92, 0.97);
    private static final Interval LACKING = new Interval(0.5, 0.45, 0.55);
    private static final Interval BEYOND = new Interval(0.2, 0.1, 0.3);

    @Test
    void theUsualGatesAreFrozen() {
        assertThat(Gates.defaults()).isEqualTo(new Gates(0.90, 0.10, 0.80, 0.90, 0.80, 0.50, 0.90));
        assertThat(Gates.NOTHING).isEqualTo(0.005);
        assertThat(Gates.STILL_RISING).isEqualTo(0.01);
        assertThat(Gates.LONGEST).isEqualTo(100);
        assertThat(Gates.DOES_IT).isEqualTo(0.10);
        assertThat(Gates.AHEAD).isEqualTo(0.05);
    }

    /// Run folders hold them in this form and refuse to go on under any other.
    @Test
    void runFoldersKnowTheGatesByTheseWords() {
        assertThat(Gates.defaults())
                .hasToString("Gates[closed=0.9, gain=0.1, recovery=0.8, matching=0.9, edits=0.8, overlap=0.5,"
                        + " fluent=0.9]");
    }

    @ParameterizedTest
    @CsvSource({
        "0.9,    0.95,   YES,       NONE",
        "0.8999, 0.95,   UNDECIDED, UNSETTLED",
        "0.5,    0.9,    UNDECIDED, UNSETTLED",
        "0.5,    0.8999, NO,        NOT_SPARSE",
        "NaN,    0.95,   UNDECIDED, NOT_MEASURED",
        "0.95,   NaN,    UNDECIDED, NOT_MEASURED",
    })
    void anIntervalHoldsFromTheGateOnAndFailsBelowIt(double low, double high, Outcome outcome, Cause cause) {
        assertThat(Ruling.against(new Interval(0.9, low, high), GATE, Cause.NOT_SPARSE))
                .isEqualTo(new Ruling(outcome, cause));
    }

    @ParameterizedTest
    @CsvSource({"0.005, false", "0.0049999, true", "0, true", "-1, true", "NaN, true", "7, false"})
    void belowFiveThousandthsOfANatThereIsNothing(double klBase, boolean isNothing) {
        assertThat(Ruling.isNothing(klBase)).isEqualTo(isNothing);
        Ruling none = Ruling.NOT_MEASURED;
        assertThat(Ruling.closing(klBase, HELD, GATE, Cause.NOT_SPARSE)).isEqualTo(isNothing ? none : Ruling.YES);
        assertThat(Ruling.distilled(klBase, HELD, 0, GATE)).isEqualTo(isNothing ? none : Ruling.YES);
        assertThat(Ruling.sparse(klBase, HELD, BEYOND, HELD, GATE)).isEqualTo(isNothing ? none : Ruling.YES);
    }

    @ParameterizedTest
    @CsvSource({"0.0101, STILL_LEARNING", "0.01, NEEDS_ATTENTION", "-0.3, NEEDS_ATTENTION", "NaN, NEEDS_ATTENTION"})
    void aTrainingThatWasStillRisingIsBlamedFirst(double lastGain, Cause cause) {
        assertThat(Ruling.distilled(0.5, LACKING, lastGain, GATE)).isEqualTo(Ruling.no(cause));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0001, -1})
    void aListNoBetterThanChanceFailsHoweverMuchItCloses(double low) {
        Interval excess = new Interval(0.1, low, 0.2);
        for (Interval closed : new Interval[] {HELD, LACKING, Interval.NONE}) {
            assertThat(Ruling.sparse(0.5, closed, excess, HELD, GATE)).isEqualTo(Ruling.no(Cause.MEANINGLESS));
        }
    }

    @Test
    void aListBarelyBetterThanChanceIsJudgedByWhatItCloses() {
        Interval barely = new Interval(0.1, 1e-9, 0.2);
        assertThat(Ruling.sparse(0.5, HELD, barely, HELD, GATE)).isEqualTo(Ruling.YES);
        assertThat(Ruling.sparse(0.5, Interval.NONE, barely, HELD, GATE)).isEqualTo(Ruling.NOT_MEASURED);
        assertThat(Ruling.sparse(0.5, HELD, Interval.NONE, HELD, GATE)).isEqualTo(Ruling.NOT_MEASURED);
    }

    @ParameterizedTest
    @CsvSource({"0.9, NOT_SPARSE", "0.8999, DICTIONARY_LACKS", "NaN, DICTIONARY_LACKS"})
    void theCeilingSaysWhyAListFails(double high, Cause cause) {
        assertThat(Ruling.sparse(0.5, LACKING, BEYOND, new Interval(0.7, 0.6, high), GATE))
                .isEqualTo(Ruling.no(cause));
    }
}
