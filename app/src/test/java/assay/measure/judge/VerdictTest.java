package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Step;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Interval HIGH = new Interval(0.95, 0.93, 0.97);
    private static final Interval LOW = new Interval(0.60, 0.55, 0.65);
    private static final Interval MORE = new Interval(0.30, 0.20, 0.40);
    private static final Interval SAME = new Interval(0.01, -0.02, 0.04);

    @Test
    void faithfulAndBetterThanChanceHolds() {
        assertThat(Verdict.sparse(0.5, step(20, HIGH, MORE), HIGH))
                .isEqualTo(new Finding(
                        Claim.S2,
                        Outcome.YES,
                        "20 prompts close 0.95 [0.93, 0.97] on unseen turns, 0.30 [0.20, 0.40] more than as many random"
                                + " prompts; the gate is 0.90."));
    }

    @Test
    void faithfulButNoBetterThanChanceFailsHoweverFaithful() {
        Finding finding = Verdict.sparse(0.5, step(20, HIGH, SAME), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.NO);
        assertThat(finding.because())
                .isEqualTo("20 prompts close 0.95 [0.93, 0.97], but as many random prompts close 0.60 [0.55, 0.65]:"
                        + " faithful or not, the list means nothing.");
    }

    @Test
    void unfaithfulFailsWithTheCauseThatTheCeilingNames() {
        Finding missing = Verdict.sparse(0.5, step(1, LOW, MORE), new Interval(0.7, 0.65, 0.75));
        assertThat(missing.holds()).isEqualTo(Outcome.NO);
        assertThat(missing.because())
                .isEqualTo("1 prompt closes only 0.60 [0.55, 0.65] (gate 0.90): even these and the random prompts"
                        + " together reach only 0.70 [0.65, 0.75], so these prompts do not hold it, in whatever"
                        + " number. The excess over random prompts is 0.30 [0.20, 0.40].");
        Finding dense = Verdict.sparse(0.5, step(20, LOW, MORE), HIGH);
        assertThat(dense.holds()).isEqualTo(Outcome.NO);
        assertThat(dense.because())
                .isEqualTo("20 prompts close only 0.60 [0.55, 0.65] (gate 0.90): these and the random prompts reach"
                        + " 0.95 [0.93, 0.97] together, so the prompts hold it but not sparsely. The excess over random"
                        + " prompts is 0.30 [0.20, 0.40].");
    }

    @Test
    void anIntervalAcrossTheGateSettlesNothing() {
        Finding finding = Verdict.sparse(0.5, step(20, new Interval(0.89, 0.86, 0.92), MORE), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(finding.because())
                .isEqualTo(
                        "20 prompts close 0.89 [0.86, 0.92]: the interval straddles the gate of 0.90. More user turns"
                                + " would settle it.");
    }

    @Test
    void aTargetThatIsTheBaseHasNothingToExplain() {
        Finding finding = Verdict.sparse(0.001, step(20, HIGH, MORE), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(finding.because())
                .isEqualTo("the target hardly differs from the base (0.0010 nats/token): there is nothing to explain.");
    }

    @Test
    void whatWasNotMeasuredIsSaidToBeSo() {
        Finding finding = Verdict.sparse(0.5, step(20, HIGH, Interval.NONE), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(finding.because()).endsWith("was not measured.");
    }

    @Test
    void theGateGoesByTheWorseOfForeignAndOwnContexts() {
        Interval less = new Interval(0.88, 0.86, 0.89);
        Finding finding = Verdict.sparse(0.5, new Step(20, "Be kind.", HIGH, less, LOW, MORE, 0.95, 3), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.NO);
        assertThat(finding.because()).startsWith("20 prompts close only 0.88 [0.86, 0.89] on the target's own answers");
        Finding better = Verdict.sparse(0.5, new Step(20, "Be kind.", HIGH, Interval.NONE, LOW, MORE, 0.95, 3), HIGH);
        assertThat(better.holds()).isEqualTo(Outcome.YES);
    }

    private static Step step(int k, Interval closed, Interval excess) {
        return new Step(k, "Be kind.", closed, closed, LOW, excess, closed.value(), 3);
    }
}
