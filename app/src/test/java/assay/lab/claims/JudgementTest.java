package assay.lab.claims;

import static assay.lab.claims.HandMade.BAD;
import static assay.lab.claims.HandMade.GOOD;
import static assay.lab.claims.HandMade.NOTHING;
import static assay.lab.claims.HandMade.around;
import static assay.lab.claims.HandMade.distilled;
import static assay.lab.claims.HandMade.good;
import static assay.lab.claims.HandMade.only;
import static assay.lab.claims.HandMade.pools;
import static assay.lab.claims.HandMade.predicate;
import static assay.lab.claims.HandMade.reading;
import static assay.lab.claims.HandMade.search;
import static assay.lab.claims.HandMade.searched;
import static assay.lab.claims.HandMade.study;
import static assay.lab.claims.HandMade.target;
import static assay.lab.claims.HandMade.unread;
import static assay.lab.claims.HandMade.with;
import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.Skill;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All claims together, and every cause a rule can give, each from evidence made by hand to call for it.
class JudgementTest {
    /// @param claim the one looked at
    /// @param evidence what calls for
    /// @param holds this outcome
    /// @param cause and this cause
    record Case(Claim claim, StudyEvidence evidence, Outcome holds, Cause cause) {
        @Override
        public String toString() {
            return claim + " " + holds + " " + cause;
        }
    }

    static Stream<Case> cases() {
        Interval wide = new Interval(0.9, 0.8, 0.97);
        TargetEvidence cook = target("cook", TargetKind.PROMPT, 0, GOOD);
        return Stream.of(
                yes(Claim.S1, good()),
                no(Claim.S1, only(distilled("pirate", "elicitation", 0, BAD, 0.001)), Cause.NEEDS_ATTENTION),
                no(Claim.S1, only(distilled("pirate", "elicitation", 0, BAD, 0.02)), Cause.STILL_LEARNING),
                open(Claim.S1, only(distilled("pirate", "elicitation", 0, wide, 0)), Cause.UNSETTLED),
                open(Claim.S1, only(distilled("rot", "skill", 0, GOOD, 0)), Cause.NOT_MEASURED),
                yes(Claim.S2, good()),
                no(Claim.S2, only(target("cook", TargetKind.PROMPT, 0, BAD)), Cause.NOT_SPARSE),
                no(
                        Claim.S2,
                        only(target("cook", TargetKind.PROMPT, 0, around(BAD), around(0.2), around(0.7))),
                        Cause.DICTIONARY_LACKS),
                no(
                        Claim.S2,
                        only(target("cook", TargetKind.PROMPT, 0, around(GOOD), around(0.01), around(0.97))),
                        Cause.MEANINGLESS),
                open(
                        Claim.S2,
                        only(target("cook", TargetKind.PROMPT, 0, wide, around(0.2), around(0.97))),
                        Cause.UNSETTLED),
                open(Claim.S2, only(HandMade.apart(cook, 0.004)), Cause.NOT_MEASURED),
                open(Claim.S2, only(cook, target("noise", TargetKind.NULL_NOISE, 0, GOOD)), Cause.CONTROL_FAILED),
                open(Claim.S2, only(cook, target("truth", TargetKind.PLANTED, 0, BAD)), Cause.CONTROL_FAILED),
                yes(Claim.S3, good()),
                no(Claim.S3, only(searched(cook, search(0.02, Double.NaN)), planted(0.9)), Cause.SEARCH_TOO_WEAK),
                open(Claim.S3, only(cook, planted(0.3)), Cause.NOT_RECOVERED),
                open(Claim.S3, only(cook), Cause.NOT_MEASURED),
                yes(Claim.S4, good()),
                no(Claim.S4, with(good(), reading(0.4, true)), Cause.NOT_READABLE),
                no(Claim.S4, with(HandMade.clumsy(good()), reading(around(0.97), true, 10, 0.7)), Cause.NOT_FLUENT),
                no(Claim.S4, with(good(), reading(around(0.97), true, 2, 0.7)), Cause.NOT_CAUSAL),
                no(Claim.S4, with(good(), reading(around(0.97), true, 10, 0.3)), Cause.NOT_IDENTIFIABLE),
                open(Claim.S4, with(good(), reading(around(0.97), true, 7, 0.7)), Cause.UNSETTLED),
                open(Claim.S4, with(good(), reading(0.97, false)), Cause.CONTROL_FAILED),
                open(Claim.S4, with(good(), unread()), Cause.NOT_MEASURED),
                yes(Claim.S5, good()),
                no(Claim.S5, only(predicate("odd", "telling", pools(BAD, 0.3, 0.7, 0.5))), Cause.OR_NOT_AND),
                no(Claim.S5, only(predicate("odd", "telling", pools(BAD, 0.3, 0.4, 0.9))), Cause.CONTEXT_DEPENDENT),
                no(Claim.S5, only(predicate("odd", "telling", pools(BAD, 0.3, 0.4, 0.5))), Cause.DICTIONARY_LACKS),
                no(Claim.S5, only(predicate("odd", "telling", pools(GOOD, 0.94, 0.4, 0.9))), Cause.MEANINGLESS),
                open(
                        Claim.S5,
                        only(predicate("odd", new Skill(0.4, 0.45), 0.5, pools(GOOD, 0.3, 0.4, 0.4))),
                        Cause.MODEL_CANNOT),
                open(Claim.S5, only(predicate("odd", "ordinary", pools(GOOD, 0.3, 0.4, 0.4))), Cause.NOT_MEASURED),
                open(
                        Claim.S5,
                        only(predicate("odd", "telling", pools(wide, around(0.3), around(0.4), wide))),
                        Cause.UNSETTLED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyOutcomeHasItsCause(Case one) {
        ClaimVerdict verdict = verdict(one.evidence(), one.claim());
        assertThat(verdict.holds()).as(verdict.because()).isEqualTo(one.holds());
        assertThat(verdict.cause()).as(verdict.because()).isEqualTo(one.cause());
        assertThat(verdict.because()).isNotBlank();
    }

    @Test
    void noCauseIsBeyondReach() {
        Set<Cause> reached =
                cases().map(Case::cause).collect(Collectors.toCollection(() -> EnumSet.noneOf(Cause.class)));
        assertThat(reached).containsExactlyInAnyOrder(Cause.values());
    }

    @Test
    void goodFiguresAndPlantedTruthsHoldOnAllClaims() {
        Verdicts verdicts = Judgement.of(good());
        assertThat(verdicts.claims())
                .extracting(ClaimVerdict::claim)
                .containsExactly(Claim.S1, Claim.S2, Claim.S3, Claim.S4, Claim.S5, Claim.S6);
        assertThat(verdicts.claims().subList(0, 5))
                .allMatch(claim -> claim.holds() == Outcome.YES && claim.cause() == Cause.NONE);
        assertThat(verdicts.claims().getLast().holds()).isEqualTo(Outcome.NO);
        assertThat(verdicts.claims().getLast().cause()).isEqualTo(Cause.NONE);
        assertThat(verdicts.claims())
                .allMatch(claim -> !claim.evidence().isEmpty())
                .flatExtracting(ClaimVerdict::evidence)
                .extracting(ClaimVerdict.Figure::command)
                .allMatch(command -> command.startsWith("assay verdict"));
    }

    @Test
    void nothingMeasuredSettlesNothing() {
        Verdicts verdicts = Judgement.of(study(List.of(), List.of(), unread(), List.of()));
        assertThat(verdicts.claims())
                .hasSize(6)
                .allMatch(claim -> claim.holds() == Outcome.UNDECIDED && claim.cause() == Cause.NOT_MEASURED);
    }

    @Test
    void theIdeaIsBadWhenAClaimItNeedsFailsAndForItsReason() {
        List<TargetEvidence> notSparse =
                changed(TargetKind.PROMPT, one -> target(one.target().name(), TargetKind.PROMPT, one.seed(), BAD));
        List<TargetEvidence> notFound = changed(TargetKind.PROMPT, one -> searched(one, search(0.01, Double.NaN)));
        assertThat(whole(with(good(), notSparse))).isEqualTo(List.of(Outcome.YES, Cause.NOT_SPARSE));
        assertThat(whole(with(good(), notFound))).isEqualTo(List.of(Outcome.YES, Cause.SEARCH_TOO_WEAK));
        assertThat(whole(with(good(), reading(0.2, true)))).isEqualTo(List.of(Outcome.YES, Cause.NOT_READABLE));
    }

    @Test
    void theIdeaStaysOpenWhileAClaimItNeedsIsOpen() {
        List<TargetEvidence> nullHolds = changed(
                TargetKind.NULL_NOISE, one -> target(one.target().name(), TargetKind.NULL_NOISE, one.seed(), GOOD));
        assertThat(whole(with(good(), nullHolds))).isEqualTo(List.of(Outcome.UNDECIDED, Cause.CONTROL_FAILED));
        assertThat(whole(with(good(), reading(0.97, false))))
                .isEqualTo(List.of(Outcome.UNDECIDED, Cause.CONTROL_FAILED));
    }

    @Test
    void adaptersAndPredicatesAloneDoNotMakeTheIdeaBad() {
        StudyEvidence good = good();
        StudyEvidence otherwise = study(
                good.targets(),
                List.of(distilled("pirate", "elicitation", 0, BAD, 0)),
                good.reading(),
                List.of(predicate("odd", "telling", pools(BAD, 0.3, 0.4, 0.5))));
        assertThat(verdict(otherwise, Claim.S1).holds()).isEqualTo(Outcome.NO);
        assertThat(verdict(otherwise, Claim.S5).holds()).isEqualTo(Outcome.NO);
        assertThat(verdict(otherwise, Claim.S6).holds()).isEqualTo(Outcome.NO);
        assertThat(verdict(otherwise, Claim.S6).because()).contains("S1 fails", "S5 fails");
    }

    /// The outcome and cause of S6.
    private static List<Object> whole(StudyEvidence evidence) {
        ClaimVerdict verdict = verdict(evidence, Claim.S6);
        return List.of(verdict.holds(), verdict.cause());
    }

    private static List<TargetEvidence> changed(
            TargetKind kind, java.util.function.UnaryOperator<TargetEvidence> change) {
        List<TargetEvidence> targets = new ArrayList<>();
        good().targets().forEach(one -> targets.add(one.target().kind() == kind ? change.apply(one) : one));
        return targets.stream()
                .map(one -> one.target().kind() == TargetKind.SOFT && !kind.isNull() ? change.apply(one) : one)
                .toList();
    }

    private static TargetEvidence planted(double recovered) {
        return searched(target("truth", TargetKind.PLANTED, 0, GOOD), search(0.2, recovered));
    }

    static ClaimVerdict verdict(StudyEvidence evidence, Claim claim) {
        return Judgement.of(evidence).claims().stream()
                .filter(one -> one.claim() == claim)
                .findFirst()
                .orElseThrow();
    }

    private static Case yes(Claim claim, StudyEvidence evidence) {
        return new Case(claim, evidence, Outcome.YES, Cause.NONE);
    }

    private static Case no(Claim claim, StudyEvidence evidence, Cause cause) {
        return new Case(claim, evidence, Outcome.NO, cause);
    }

    private static Case open(Claim claim, StudyEvidence evidence, Cause cause) {
        return new Case(claim, evidence, Outcome.UNDECIDED, cause);
    }

    @Test
    void aFigureThatWasNotMeasuredIsNeitherYesNorNo() {
        TargetEvidence cook = target("cook", TargetKind.PROMPT, 0, NOTHING, around(0.3), around(0.97));
        TargetEvidence rain = target("rain", TargetKind.PROMPT, 0, around(GOOD), NOTHING, around(0.97));
        for (StudyEvidence evidence : List.of(
                only(distilled("pirate", "elicitation", 0, NOTHING, 0)),
                only(cook),
                only(rain),
                only(HandMade.apart(target("cook", TargetKind.PROMPT, 0, GOOD), Double.NaN)),
                only(searched(target("cook", TargetKind.PROMPT, 0, GOOD), search(Double.NaN, Double.NaN))),
                with(good(), reading(NOTHING, true, 10, 0.7)),
                with(good(), reading(around(0.97), true, 10, Double.NaN)),
                only(predicate("odd", "telling", pools(NOTHING, around(0.3), around(0.4), around(0.4)))),
                only(predicate("odd", new Skill(0.1, 0.9), Double.NaN, pools(GOOD, 0.3, 0.4, 0.4))),
                only(predicate("odd", new Skill(Double.NaN, 0.9), 0.5, pools(GOOD, 0.3, 0.4, 0.4))))) {
            assertThat(Judgement.of(evidence).claims())
                    .anyMatch(claim -> claim.holds() == Outcome.UNDECIDED)
                    .noneMatch(claim -> claim.holds() == Outcome.NO);
        }
    }
}
