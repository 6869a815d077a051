package assay.lab.claims;

import static assay.lab.claims.HandMade.GATES;
import static assay.lab.claims.HandMade.GOOD;
import static assay.lab.claims.HandMade.around;
import static assay.lab.claims.HandMade.distilled;
import static assay.lab.claims.HandMade.good;
import static assay.lab.claims.HandMade.only;
import static assay.lab.claims.HandMade.pools;
import static assay.lab.claims.HandMade.predicate;
import static assay.lab.claims.HandMade.reading;
import static assay.lab.claims.HandMade.search;
import static assay.lab.claims.HandMade.searched;
import static assay.lab.claims.HandMade.target;
import static assay.lab.claims.HandMade.with;
import static assay.lab.claims.JudgementTest.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.StudyEvidence.Skill;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.claims.TargetEvidence.Stability;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.measure.judge.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every gate of a study from both of its sides, by a hair: on the gate a claim holds, below it does not.
class BordersTest {
    private static final double HAIR = 1e-9;

    @Test
    void aSoftPromptMustCloseTheGate() {
        assertThat(distil(from(GATES.closed()), 0)).isEqualTo(Outcome.YES);
        assertThat(distil(from(GATES.closed() - HAIR), 0)).isEqualTo(Outcome.UNDECIDED);
        assertThat(distil(upTo(GATES.closed()), 0)).isEqualTo(Outcome.UNDECIDED);
        assertThat(distil(upTo(GATES.closed() - HAIR), 0)).isEqualTo(Outcome.NO);
    }

    @Test
    void aTrainingIsStillLearningAboveItsGate() {
        Interval bad = around(HandMade.BAD);
        for (boolean above : new boolean[] {true, false}) {
            double gain = Gates.STILL_RISING + (above ? HAIR : 0);
            assertThat(verdict(only(distilled("pirate", "elicitation", 0, bad, gain)), Claim.S1)
                            .cause())
                    .isEqualTo(above ? Cause.STILL_LEARNING : Cause.NEEDS_ATTENTION);
        }
    }

    @Test
    void aListMustCloseTheGate() {
        assertThat(sparse(from(GATES.closed()), around(0.3))).isEqualTo(Outcome.YES);
        assertThat(sparse(from(GATES.closed() - HAIR), around(0.3))).isEqualTo(Outcome.UNDECIDED);
        assertThat(sparse(upTo(GATES.closed()), around(0.3))).isEqualTo(Outcome.UNDECIDED);
        assertThat(sparse(upTo(GATES.closed() - HAIR), around(0.3))).isEqualTo(Outcome.NO);
    }

    @Test
    void aListMustBeatChance() {
        assertThat(sparse(around(GOOD), from(HAIR))).isEqualTo(Outcome.YES);
        assertThat(sparse(around(GOOD), from(0))).isEqualTo(Outcome.NO);
    }

    @Test
    void aListOfAHundredPromptsIsShortAndOneMoreIsNot() {
        for (int k : new int[] {Gates.LONGEST, Gates.LONGEST + 1}) {
            TargetEvidence one = target("cook", TargetKind.PROMPT, 0, GOOD);
            Point brief = point(5, HandMade.BAD);
            TargetEvidence lengthy = curved(one, List.of(brief, point(k, GOOD)));
            assertThat(verdict(only(lengthy), Claim.S2).holds())
                    .isEqualTo(k == Gates.LONGEST ? Outcome.YES : Outcome.NO);
        }
    }

    @Test
    void aTargetMustDifferFromTheBase() {
        for (double kl : new double[] {Gates.NOTHING, Gates.NOTHING - HAIR}) {
            TargetEvidence near = HandMade.apart(target("cook", TargetKind.PROMPT, 0, GOOD), kl);
            assertThat(verdict(only(near), Claim.S2).cause())
                    .isEqualTo(kl < Gates.NOTHING ? Cause.NOT_MEASURED : Cause.NONE);
            assertThat(verdict(only(predicate("odd", new Skill(0, 1), kl, pools(GOOD, 0.3, 0.4, 0.4))), Claim.S5)
                            .cause())
                    .isEqualTo(kl < Gates.NOTHING ? Cause.NOT_MEASURED : Cause.NONE);
        }
    }

    @Test
    void aSearchMustGain() {
        // One target, so its median and both bounds are its gain.
        assertThat(searching(GATES.gain(), 0.9)).isEqualTo(Outcome.YES);
        assertThat(searching(GATES.gain() - HAIR, 0.9)).isEqualTo(Outcome.NO);
    }

    @Test
    void plantedPromptsMustBeRecovered() {
        assertThat(searching(0.3, GATES.recovery())).isEqualTo(Outcome.YES);
        assertThat(searching(0.3, GATES.recovery() - HAIR)).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void aReaderMustMatch() {
        assertThat(read(new Interval(GATES.matching(), 0.5, 1), 10, 0.7)).isEqualTo(Outcome.YES);
        assertThat(read(new Interval(GATES.matching() - HAIR, 0.5, 1), 10, 0.7)).isEqualTo(Outcome.UNDECIDED);
        assertThat(read(new Interval(0.5, 0.4, GATES.matching() - HAIR), 10, 0.7))
                .isEqualTo(Outcome.NO);
    }

    @Test
    void editsMustGoAsPredicted() {
        assertThat(read(around(0.97), 8, 0.7)).isEqualTo(Outcome.YES);
        assertThat(read(around(0.97), 7, 0.7)).isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void seedsMustOverlap() {
        assertThat(read(around(0.97), 10, GATES.overlap())).isEqualTo(Outcome.YES);
        assertThat(read(around(0.97), 10, GATES.overlap() - HAIR)).isEqualTo(Outcome.NO);
    }

    @Test
    void promptsMustReadNaturally() {
        for (double fluent : new double[] {GATES.fluent(), GATES.fluent() - HAIR}) {
            List<TargetEvidence> targets = good().targets().stream()
                    .map(one -> fluent(one, one.target().kind().isCounted() ? fluent : 0))
                    .toList();
            StudyEvidence evidence = with(with(good(), targets), reading(around(0.97), true, 10, 0.7));
            assertThat(verdict(evidence, Claim.S4).cause())
                    .isEqualTo(fluent < GATES.fluent() ? Cause.NOT_FLUENT : Cause.NONE);
        }
    }

    @Test
    void aModelDoesAPredicateFromATenthOn() {
        for (double gain : new double[] {Gates.DOES_IT, Gates.DOES_IT - HAIR}) {
            StudyEvidence evidence = only(predicate("odd", new Skill(0, gain), 0.5, pools(GOOD, 0.3, 0.4, 0.4)));
            assertThat(verdict(evidence, Claim.S5).cause())
                    .isEqualTo(gain < Gates.DOES_IT ? Cause.MODEL_CANNOT : Cause.NONE);
        }
    }

    @Test
    void anotherPoolIsTheReasonOnlyWhenItIsAhead() {
        Interval log = around(0.5);
        Interval random = around(0.3);
        Interval behind = around(0.4);
        assertThat(predicateCause(pools(log, random, around(0.5 + Gates.AHEAD + HAIR), behind)))
                .isEqualTo(Cause.OR_NOT_AND);
        assertThat(predicateCause(pools(log, random, around(0.5 + Gates.AHEAD - HAIR), behind)))
                .isEqualTo(Cause.DICTIONARY_LACKS);
        // Intervals of the weights' pools are .03 wide on either side, and all of one must be ahead of all of the
        // other.
        assertThat(predicateCause(pools(log, random, behind, around(0.56 + Gates.AHEAD + HAIR))))
                .isEqualTo(Cause.CONTEXT_DEPENDENT);
        assertThat(predicateCause(pools(log, random, behind, around(0.56 + Gates.AHEAD - HAIR))))
                .isEqualTo(Cause.DICTIONARY_LACKS);
    }

    @Test
    void aPredicateMustCloseTheGateAndBeatChance() {
        Interval some = around(0.4);
        assertThat(predicateCause(pools(from(GATES.closed()), around(0.3), some, some)))
                .isEqualTo(Cause.NONE);
        assertThat(predicateCause(pools(from(GATES.closed() - HAIR), around(0.3), some, some)))
                .isEqualTo(Cause.UNSETTLED);
        Interval high = new Interval(0.95, 0.92, 0.97);
        assertThat(predicateCause(pools(high, new Interval(0.9, 0.8, 0.95), some, some)))
                .isEqualTo(Cause.MEANINGLESS);
        assertThat(predicateCause(pools(high, new Interval(0.9, 0.8, 0.95 - HAIR), some, some)))
                .isEqualTo(Cause.NONE);
    }

    @Test
    void onlyANullAwayFromChanceSpoilsTheReading() {
        for (boolean isNull : new boolean[] {true, false}) {
            ReadingEvidence read = reading(around(0.97), true, 10, 0.7);
            List<Matching> matching = new ArrayList<>(read.matching());
            matching.add(new Matching("more", isNull, 40, around(0.5), 0.025, false, List.of()));
            StudyEvidence evidence = with(
                    good(),
                    new ReadingEvidence(
                            read.reader(), matching, read.edits(), List.of(), read.agreement(), read.wayward()));
            assertThat(verdict(evidence, Claim.S4).cause()).isEqualTo(isNull ? Cause.CONTROL_FAILED : Cause.NONE);
        }
    }

    private static Interval from(double low) {
        return new Interval(low + 0.02, low, low + 0.04);
    }

    private static Interval upTo(double high) {
        return new Interval(high - 0.02, high - 0.04, high);
    }

    private static Outcome distil(Interval closed, double lastGain) {
        return verdict(only(distilled("pirate", "elicitation", 0, closed, lastGain)), Claim.S1)
                .holds();
    }

    private static Outcome sparse(Interval closed, Interval excess) {
        return verdict(only(target("cook", TargetKind.PROMPT, 0, closed, excess, around(0.97))), Claim.S2)
                .holds();
    }

    private static Outcome searching(double gain, double recovered) {
        return verdict(
                        only(
                                searched(target("cook", TargetKind.PROMPT, 0, GOOD), search(gain, Double.NaN)),
                                searched(target("truth", TargetKind.PLANTED, 0, GOOD), search(0.2, recovered))),
                        Claim.S3)
                .holds();
    }

    private static Outcome read(Interval right, int goodEdits, double agreement) {
        return verdict(with(good(), reading(right, true, goodEdits, agreement)), Claim.S4)
                .holds();
    }

    private static Cause predicateCause(StudyEvidence.Pools pools) {
        return verdict(only(predicate("odd", "telling", pools)), Claim.S5).cause();
    }

    private static Point point(int k, double closed) {
        return new Point(k, around(closed), Interval.NONE, around(0.1), Interval.NONE, around(0.3), 100, 1);
    }

    private static TargetEvidence curved(TargetEvidence one, List<Point> curve) {
        return new TargetEvidence(
                one.target(), one.seed(), one.kl(), curve, one.controls(), one.search(), one.atoms(), one.stability());
    }

    private static TargetEvidence fluent(TargetEvidence one, double fluent) {
        return new TargetEvidence(
                one.target(),
                one.seed(),
                one.kl(),
                one.curve(),
                one.controls(),
                one.search(),
                one.atoms(),
                new Stability(5, 0.7, 0.6, 20, fluent));
    }
}
