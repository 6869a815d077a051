package assay.tasks.distil;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Explanation.Divergence;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistilVerdictTest {
    private static final Divergence APART = new Divergence(0.5381, 0.7);
    private static final Divergence NEAR = new Divergence(0.0049, 0.7);
    private static final Interval HIGH = new Interval(0.95, 0.93, 0.97);
    private static final Interval WIDE = new Interval(0.89, 0.86, 0.92);
    private static final Interval LOW = new Interval(0.60, 0.55, 0.65);
    private static final List<Double> RESTING = List.of(0.1, 0.5, 0.6, 0.605);
    private static final List<Double> RISING = List.of(0.1, 0.4, 0.5, 0.6);

    @Test
    void aFaithfulSoftPromptHolds() {
        assertThat(DistilVerdict.soft(APART, fidelity(HIGH), 16, RESTING))
                .isEqualTo(new Finding(
                        Claim.S1,
                        Outcome.YES,
                        "16 soft tokens close 0.95 [0.93, 0.97] on unseen turns (gate 0.90), 0.60 [0.55, 0.65] on the"
                                + " teacher's own answers, 0.60 [0.55, 0.65] before training."));
    }

    @Test
    void anIntervalAcrossTheGateSettlesNothing() {
        Finding finding = DistilVerdict.soft(APART, fidelity(WIDE), 1, RISING);
        assertThat(finding.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(finding.because())
                .startsWith("1 soft token closes 0.89 [0.86, 0.92]")
                .endsWith(": the interval straddles the gate. The search split was still improving (+0.100 in the last"
                        + " quarter): more steps may reach it.");
    }

    @Test
    void aNoSaysWhetherTrainingHadComeToRest() {
        Finding rested = DistilVerdict.soft(APART, fidelity(LOW), 16, RESTING);
        assertThat(rested.holds()).isEqualTo(Outcome.NO);
        assertThat(rested.because())
                .endsWith("before training. The search split had come to rest (+0.005 in the last quarter) as the"
                        + " learning rate fell: a longer schedule may find a little more.");
        assertThat(DistilVerdict.soft(APART, fidelity(LOW), 16, RISING.subList(0, 3))
                        .because())
                .endsWith("before training. Training was too short to say why.");
    }

    @Test
    void aTeacherThatIsTheBaseHasNothingToDistil() {
        Finding finding = DistilVerdict.soft(NEAR, fidelity(HIGH), 16, RESTING);
        assertThat(finding.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(finding.because())
                .isEqualTo("the teacher hardly differs from the base (0.0049 nats/token): there is nothing to distil.");
    }

    @Test
    void whatIsBakedIsJudgedByTheSameGate() {
        assertThat(DistilVerdict.baked(APART, fidelity(HIGH)))
                .isEqualTo(new Finding(
                        Claim.BAKED,
                        Outcome.YES,
                        "it closes 0.95 [0.93, 0.97] of 0.538 nats per token on unseen user turns (gate 0.90)."));
        assertThat(DistilVerdict.baked(APART, fidelity(WIDE)).holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(DistilVerdict.baked(APART, fidelity(LOW)).holds()).isEqualTo(Outcome.NO);
        assertThat(DistilVerdict.baked(NEAR, fidelity(HIGH)).holds()).isEqualTo(Outcome.UNDECIDED);
    }

    private static Fidelity fidelity(Interval foreign) {
        return new Fidelity(foreign, LOW, LOW, LOW);
    }
}
