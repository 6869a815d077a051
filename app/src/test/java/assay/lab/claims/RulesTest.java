package assay.lab.claims;

import static assay.lab.claims.HandMade.BAD;
import static assay.lab.claims.HandMade.GOOD;
import static assay.lab.claims.HandMade.around;
import static assay.lab.claims.HandMade.distilled;
import static assay.lab.claims.HandMade.only;
import static assay.lab.claims.HandMade.pools;
import static assay.lab.claims.HandMade.predicate;
import static assay.lab.claims.HandMade.search;
import static assay.lab.claims.HandMade.searched;
import static assay.lab.claims.HandMade.target;
import static assay.lab.claims.JudgementTest.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.measure.judge.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Laws of the rules, on evidence made by hand and by chance.
class RulesTest {
    private static final int DRAWN = 300;

    @Test
    void seedsThatDisagreeSettleNothing() {
        ClaimVerdict sparse = verdict(
                only(target("cook", TargetKind.PROMPT, 0, GOOD), target("cook", TargetKind.PROMPT, 1, BAD)), Claim.S2);
        assertThat(sparse.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(sparse.cause()).isEqualTo(Cause.UNSETTLED);
        ClaimVerdict distilled = verdict(
                only(distilled("pirate", "elicitation", 0, GOOD, 0), distilled("pirate", "elicitation", 1, BAD, 0)),
                Claim.S1);
        assertThat(distilled.holds()).isEqualTo(Outcome.UNDECIDED);
        assertThat(distilled.cause()).isEqualTo(Cause.UNSETTLED);
    }

    @Test
    void moreThanHalfOfTheTargetsDecide() {
        TargetEvidence first = target("one", TargetKind.PROMPT, 0, GOOD);
        TargetEvidence second = target("two", TargetKind.SOFT, 0, GOOD);
        TargetEvidence third = target("three", TargetKind.PROMPT, 0, BAD);
        TargetEvidence fourth = target("four", TargetKind.PROMPT, 0, BAD);
        assertThat(verdict(only(first, second, third), Claim.S2).holds()).isEqualTo(Outcome.YES);
        assertThat(verdict(only(first, third, fourth), Claim.S2).holds()).isEqualTo(Outcome.NO);
        assertThat(verdict(only(first, second, third, fourth), Claim.S2).holds())
                .isEqualTo(Outcome.UNDECIDED);
    }

    @Test
    void onlyPromptsAndTrainedSoftPromptsCountForShortLists() {
        TargetEvidence cook = target("cook", TargetKind.PROMPT, 0, GOOD);
        for (TargetKind kind : List.of(TargetKind.ADAPTER, TargetKind.RANDOM_SOFT, TargetKind.GIBBERISH)) {
            ClaimVerdict verdict = verdict(
                    only(cook, target("a", kind, 0, BAD), target("b", kind, 0, BAD), target("c", kind, 0, BAD)),
                    Claim.S2);
            assertThat(verdict.holds()).isEqualTo(Outcome.YES);
            assertThat(verdict.because()).contains("Not counted: " + kind + " 0 yes, 3 no");
        }
    }

    @Test
    void listsOfMoreThanAHundredPromptsDoNotCount() {
        TargetEvidence brief = target("cook", TargetKind.PROMPT, 0, BAD);
        List<TargetEvidence.Point> curve = new ArrayList<>(brief.curve());
        curve.add(new TargetEvidence.Point(
                200, around(GOOD), HandMade.NOTHING, around(0.4), HandMade.NOTHING, around(0.5), 20_000, 6));
        TargetEvidence lengthy = new TargetEvidence(
                brief.target(),
                0,
                brief.kl(),
                curve,
                brief.controls(),
                brief.search(),
                brief.atoms(),
                brief.stability());
        assertThat(verdict(only(lengthy), Claim.S2).holds()).isEqualTo(Outcome.NO);
    }

    @Test
    void aNullThatHoldsWithOneSeedOnlyDoesNotHold() {
        StudyEvidence evidence = only(
                target("cook", TargetKind.PROMPT, 0, GOOD),
                target("noise", TargetKind.NULL_NOISE, 0, GOOD),
                target("noise", TargetKind.NULL_NOISE, 1, BAD));
        assertThat(verdict(evidence, Claim.S2).holds()).isEqualTo(Outcome.YES);
    }

    @Test
    void aSearchIsJudgedByTheMedianOfItsTargets() {
        List<TargetEvidence> targets = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            targets.add(searched(target("t" + i, TargetKind.PROMPT, 0, GOOD), search(i == 0 ? -5 : 0.3, Double.NaN)));
        }
        targets.add(target("truth", TargetKind.PLANTED, 0, GOOD));
        assertThat(verdict(only(targets.toArray(TargetEvidence[]::new)), Claim.S3)
                        .holds())
                .isEqualTo(Outcome.YES);
    }

    @Test
    void targetsOfOtherKindsDoNotCountForTheSearch() {
        StudyEvidence evidence = only(
                target("truth", TargetKind.PLANTED, 0, GOOD),
                searched(target("cook", TargetKind.PROMPT, 0, GOOD), search(0.3, Double.NaN)),
                searched(target("noise", TargetKind.NULL_NOISE, 0, BAD), search(-3, Double.NaN)),
                searched(target("lora", TargetKind.ADAPTER, 0, BAD), search(-3, Double.NaN)));
        assertThat(verdict(evidence, Claim.S3).holds()).isEqualTo(Outcome.YES);
    }

    @Test
    void editsThatCouldNotBeMadeCountAsWrong() {
        ReadingEvidence.Edit unmade = new ReadingEvidence.Edit("cook", "a → b", "B", Double.NaN, Double.NaN, 0);
        assertThat(unmade.right()).isFalse();
        ReadingEvidence read = HandMade.reading(0.97, true);
        List<ReadingEvidence.Edit> edits = new ArrayList<>(read.edits());
        edits.addAll(Collections.nCopies(30, unmade));
        ReadingEvidence few = new ReadingEvidence(
                read.reader(), read.matching(), edits, read.compositions(), read.agreement(), read.wayward());
        assertThat(verdict(HandMade.with(HandMade.good(), few), Claim.S4).holds())
                .isEqualTo(Outcome.NO);
    }

    @Test
    void amplifiedDifferencesAreComparedAndDoNotCount() {
        ReadingEvidence read = HandMade.reading(0.97, true);
        List<ReadingEvidence.Matching> matching = new ArrayList<>(read.matching());
        matching.add(new ReadingEvidence.Matching(
                ReadingEvidence.CONTRASTS, false, 40, HandMade.around(0.31), 0.025, false, List.of()));
        ReadingEvidence both = new ReadingEvidence(
                read.reader(), matching, read.edits(), read.compositions(), read.agreement(), read.wayward());
        ClaimVerdict verdict = verdict(HandMade.with(HandMade.good(), both), Claim.S4);
        assertThat(verdict.holds()).isEqualTo(Outcome.YES);
        assertThat(verdict.because()).contains("of as many samples of amplified differences 0.31");
    }

    @Test
    void partsAreSeparateOnlyWhenEveryOneHasAPromptOfItsOwn() {
        assertThat(named("robot.", "sad.").separate()).isTrue();
        assertThat(named("sad robot.", "sad robot.").separate()).isFalse();
        assertThat(named("robot.", "").separate()).isFalse();
    }

    private static ReadingEvidence.Composition named(String first, String second) {
        return new ReadingEvidence.Composition("x", List.of("robot", "sad"), List.of(first, second), 0.5, List.of());
    }

    @Test
    void theIntervalOfAShareIsWilsons() {
        Interval eight = Interval.ofShare(8, 10);
        assertThat(eight.value()).isEqualTo(0.8);
        assertThat(eight.low()).isCloseTo(0.4902, within(1e-4));
        assertThat(eight.high()).isCloseTo(0.9433, within(1e-4));
        assertThat(Interval.ofShare(10, 10).high()).isCloseTo(1, within(1e-12));
        assertThat(Interval.ofShare(0, 10).low()).isCloseTo(0, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.05, 0.2, 0.6})
    void closingMoreNeverTurnsAYesIntoANo(double more) {
        SplittableRandom random = new SplittableRandom(5);
        int held = 0;
        for (int i = 0; i < DRAWN; i++) {
            StudyEvidence before = drawn(random);
            List<ClaimVerdict> then = Judgement.of(before).claims();
            List<ClaimVerdict> now = Judgement.of(raised(before, more)).claims();
            for (int claim : new int[] {0, 1, 4}) {
                if (then.get(claim).holds() == Outcome.YES) {
                    held++;
                    assertThat(now.get(claim).holds()).isNotEqualTo(Outcome.NO);
                }
            }
        }
        assertThat(held).isGreaterThan(DRAWN / 4);
    }

    @Test
    void aStrictGateNeverHoldsWhereALaxOneDoesNot() {
        SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < DRAWN; i++) {
            StudyEvidence lax = under(drawn(random), new Gates(0.7, 0.05, 0.5, 0.5, 0.5, 0.3, 0.5));
            List<ClaimVerdict> easily = Judgement.of(lax).claims();
            List<ClaimVerdict> hardly =
                    Judgement.of(under(lax, Gates.defaults())).claims();
            for (int claim = 0; claim < 5; claim++) {
                boolean isControlled = easily.get(claim).cause() == Cause.CONTROL_FAILED;
                if (hardly.get(claim).holds() == Outcome.YES && !isControlled) {
                    assertThat(easily.get(claim).holds()).isEqualTo(Outcome.YES);
                }
            }
        }
    }

    @Test
    void aNullThatHoldsKeepsShortListsFromHolding() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < DRAWN; i++) {
            StudyEvidence drawn = drawn(random);
            List<TargetEvidence> targets = new ArrayList<>(drawn.targets());
            targets.add(target("more", TargetKind.NULL_SHUFFLED, 0, GOOD));
            ClaimVerdict verdict = verdict(HandMade.with(drawn, targets), Claim.S2);
            assertThat(verdict.holds()).isEqualTo(Outcome.UNDECIDED);
            assertThat(verdict.cause()).isEqualTo(Cause.CONTROL_FAILED);
        }
    }

    @Test
    void theOrderOfTheEvidenceChangesNothing() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < DRAWN; i++) {
            StudyEvidence drawn = drawn(random);
            List<TargetEvidence> targets = new ArrayList<>(drawn.targets());
            List<DistilEvidence> distilled = new ArrayList<>(drawn.distilled());
            List<Predicate> predicates = new ArrayList<>(drawn.predicates());
            for (List<?> list : List.of(targets, distilled, predicates)) {
                Collections.shuffle(list, new Random(i));
            }
            StudyEvidence other = HandMade.study(targets, distilled, drawn.reading(), predicates);
            for (Claim claim : List.of(Claim.S1, Claim.S2, Claim.S4, Claim.S5)) {
                assertThat(verdict(other, claim).holds())
                        .isEqualTo(verdict(drawn, claim).holds());
                assertThat(verdict(other, claim).cause())
                        .isEqualTo(verdict(drawn, claim).cause());
            }
        }
    }

    private static StudyEvidence drawn(SplittableRandom random) {
        List<TargetEvidence> targets = new ArrayList<>();
        List<DistilEvidence> distilled = new ArrayList<>();
        List<Predicate> predicates = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            TargetKind kind = random.nextBoolean() ? TargetKind.PROMPT : TargetKind.SOFT;
            for (long seed = 0; seed < 1 + random.nextInt(2); seed++) {
                targets.add(
                        target("t" + i, kind, seed, interval(random), around(random.nextDouble()), interval(random)));
                distilled.add(distilled("d" + i, "elicitation", seed, interval(random), random.nextDouble(0.02)));
            }
            predicates.add(predicate(
                    "p" + i,
                    "telling",
                    pools(interval(random), around(random.nextDouble()), interval(random), interval(random))));
        }
        targets.add(target("noise", TargetKind.NULL_NOISE, 0, random.nextDouble(0.6)));
        targets.add(target("truth", TargetKind.PLANTED, 0, 0.94 + random.nextDouble(0.05)));
        return HandMade.study(targets, distilled, HandMade.reading(random.nextDouble(), true), predicates);
    }

    private static Interval interval(SplittableRandom random) {
        double value = 1 - 0.3 * random.nextDouble() * random.nextDouble();
        return new Interval(value, value - random.nextDouble(0.06), value + random.nextDouble(0.06));
    }

    private static Interval raised(Interval interval, double more) {
        return new Interval(interval.value() + more, interval.low() + more, interval.high() + more);
    }

    private static StudyEvidence under(StudyEvidence evidence, Gates gates) {
        StudyEvidence.Plan plan = evidence.plan();
        return new StudyEvidence(
                new StudyEvidence.Plan(
                        plan.name(),
                        plan.sha256(),
                        plan.quick(),
                        plan.seeds(),
                        gates,
                        plan.predictions(),
                        plan.planted(),
                        plan.command()),
                evidence.targets(),
                evidence.distilled(),
                evidence.reading(),
                evidence.predicates(),
                evidence.failures());
    }

    /// Everything that is no null closed by so much more, and as much further from random lists.
    private static StudyEvidence raised(StudyEvidence evidence, double more) {
        List<TargetEvidence> targets = evidence.targets().stream()
                .map(one -> one.target().isNull()
                        ? one
                        : target(
                                one.target().name(),
                                one.target().kind(),
                                one.seed(),
                                raised(one.curve().getLast().closed(), more),
                                raised(one.curve().getLast().excess(), more),
                                one.controls().getFirst().closed()))
                .toList();
        List<DistilEvidence> distilled = evidence.distilled().stream()
                .map(one -> distilled(
                        one.name(),
                        one.kind(),
                        one.seed(),
                        raised(one.closed(), more),
                        one.training().lastGain()))
                .toList();
        List<Predicate> predicates = evidence.predicates().stream()
                .map(one -> predicate(
                        one.name(),
                        one.contexts(),
                        pools(
                                raised(one.pools().logPool(), more),
                                one.pools().random(),
                                one.pools().sayLinear(),
                                one.pools().oracle())))
                .toList();
        return HandMade.study(targets, distilled, evidence.reading(), predicates);
    }
}
