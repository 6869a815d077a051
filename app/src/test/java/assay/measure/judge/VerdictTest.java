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
        assertThat(Verdict.sparse(0.5, step(HIGH, MORE), HIGH).holds()).isEqualTo(Outcome.YES);
    }

    @Test
    void faithfulButNoBetterThanChanceFailsHoweverFaithful() {
        Finding finding = Verdict.sparse(0.5, step(HIGH, SAME), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.NO);
        assertThat(finding.because()).contains("as many random prompts", "means nothing");
    }

    @Test
    void unfaithfulFailsWithTheCauseThatTheCeilingNames() {
        Finding missing = Verdict.sparse(0.5, step(LOW, MORE), new Interval(0.7, 0.65, 0.75));
        assertThat(missing.holds()).isEqualTo(Outcome.NO);
        assertThat(missing.because()).contains("do not hold it");
        Finding dense = Verdict.sparse(0.5, step(LOW, MORE), HIGH);
        assertThat(dense.holds()).isEqualTo(Outcome.NO);
        assertThat(dense.because()).contains("not sparsely");
    }

    @Test
    void anIntervalAcrossTheGateSettlesNothing() {
        Step step = step(new Interval(0.89, 0.86, 0.92), MORE);
        assertThat(Verdict.sparse(0.5, step, HIGH).holds()).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void aTargetThatIsTheBaseHasNothingToExplain() {
        Finding finding = Verdict.sparse(0.001, step(HIGH, MORE), HIGH);
        assertThat(finding.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(finding.because()).contains("nothing to explain");
    }

    private static Step step(Interval closed, Interval excess) {
        return new Step(20, "Be kind.", closed, closed, LOW, excess, closed.value(), 3);
    }
}
