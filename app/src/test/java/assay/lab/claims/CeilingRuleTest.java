package assay.lab.claims;

import static assay.lab.claims.CeilingSpecimen.list;
import static assay.lab.claims.CeilingSpecimen.side;
import static assay.lab.claims.CeilingSpecimen.soft;
import static assay.lab.claims.CeilingSpecimen.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Interval;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Grade;
import assay.measure.judge.Noise;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What stands beside second training runs: the words of decision 0025 as laws.
class CeilingRuleTest {
    private static final double GATE = 0.9;
    private static final Interval EXCESS = HandMade.around(0.2);

    /// Bounds of .80 and .90, a ceiling of .86.
    private static Noise.Side closing(double closed) {
        return side(3, 0.10, 1 - closed);
    }

    @Test
    void theCeilingStandsBetweenItsBoundsAndThePartsAddUp() {
        for (CeilingEvidence.Side one : CeilingSpecimen.list().sides()) {
            assertThat(one.found().ceiling().lower().value()).isCloseTo(0.80, within(1e-9));
            assertThat(one.found().ceiling().upper().value()).isCloseTo(0.90, within(1e-9));
            assertThat(one.found().ceiling().ceiling().value()).isCloseTo(0.86, within(1e-9));
            assertThat(one.found().share().value())
                    .isBetween(one.found().share().low(), one.found().share().high());
            CeilingEvidence.Lack lack = one.lack();
            double closed = one.found().closed().value();
            assertThat(closed + lack.noise() + lack.systematic() + lack.search())
                    .isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void withoutATruthTheRestStandsTogether() {
        CeilingEvidence.Side side = new CeilingEvidence.Side("foreign", closing(0.8), Optional.empty());
        assertThat(side.lack().systematic()).isNaN();
        assertThat(side.lack().noise() + side.lack().search()).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void theWorseOfForeignAndOwnDecides() {
        assertThat(list("a", 0, EXCESS, closing(0.89), closing(0.85)).reaches(GATE))
                .isEqualTo(Ruling.YES);
        assertThat(list("a", 0, EXCESS, closing(0.89), closing(0.60)).reaches(GATE))
                .isEqualTo(Ruling.no(Cause.NOT_SPARSE));
        assertThat(list("a", 0, EXCESS, closing(0.60), closing(0.89)).grade()).isEqualTo(Grade.PARTLY);
        assertThat(list("a", 0, EXCESS, closing(0.85), closing(0.86)).grade()).isEqualTo(Grade.EXPLAINED);
    }

    @Test
    void aListThatRandomPromptsEqualReachesNothing() {
        Interval none = new Interval(0.01, -0.02, 0.03);
        CeilingEvidence one = list("a", 0, none, closing(0.89), closing(0.89));
        assertThat(one.reaches(GATE)).isEqualTo(Ruling.no(Cause.MEANINGLESS));
        assertThat(one.grade()).isEqualTo(Grade.NOT);
        assertThat(list("a", 0, Interval.NONE, closing(0.89), closing(0.89)).reaches(GATE))
                .isEqualTo(Ruling.NOT_MEASURED);
        assertThat(soft("a", 0, closing(0.89), closing(0.89)).reaches(GATE)).isEqualTo(Ruling.YES);
    }

    @Test
    void withOneSecondRunTheUpperBoundTakesTheCeilingsPlace() {
        Noise.Side side = side(1, 0.10, 0.15);
        assertThat(side.ceiling().ceiling()).isEqualTo(Interval.NONE);
        assertThat(side.share().value()).isCloseTo(0.85 / 0.90, within(1e-9));
        CeilingEvidence one = soft("a", 0, side, side);
        assertThat(one.reaches(GATE)).isEqualTo(Ruling.YES);
        assertThat(one.sides().getFirst().lack().noise()).isCloseTo(0.10, within(1e-9));
    }

    @Test
    void withoutSecondRunsNothingIsSaidAndNothingMoves() {
        StudyEvidence good = HandMade.good();
        Verdicts without = Judgement.of(good);
        assertThat(without.claims()).noneMatch(claim -> claim.because().contains("second training runs"));
        Verdicts beside = Judgement.of(
                with(good, List.of(CeilingSpecimen.list(), soft("pirate", 0, closing(0.5), closing(0.5)))));
        for (int i = 0; i < 6; i++) {
            ClaimVerdict old = without.claims().get(i);
            assertThat(beside.claims().get(i).ruling()).isEqualTo(old.ruling());
            assertThat(beside.claims().get(i).because()).startsWith(old.because());
            assertThat(beside.claims().get(i).evidence())
                    .startsWith(old.evidence().toArray(ClaimVerdict.Figure[]::new));
        }
    }

    @Test
    void theClaimCountsUnknownCeilingsAsUndecidedAndNamesThem() {
        StudyEvidence good = HandMade.only(
                HandMade.distilled("pirate", "elicitation", 0, 0.85, 0),
                HandMade.distilled("cook", "elicitation", 0, 0.85, 0),
                HandMade.distilled("rot", "skill", 0, 0.85, 0));
        String said = said(with(good, List.of(soft("cook", 0, closing(0.86), closing(0.86)))), Claim.S1);
        assertThat(said)
                .contains("1 yes, 0 no, 1 undecided of 2")
                .contains("S1 would be undecided")
                .contains("Ceiling unknown, nothing divided: pirate.")
                .contains("Known ceilings: 0.86 to 0.86.");
        String both = said(
                with(
                        good,
                        List.of(
                                soft("cook", 0, closing(0.86), closing(0.86)),
                                soft("pirate", 0, closing(0.86), closing(0.86)),
                                soft("rot", 0, closing(0.2), closing(0.2)))),
                Claim.S1);
        assertThat(both)
                .contains("2 yes, 0 no, 0 undecided of 2", "S1 would hold")
                .doesNotContain("unknown");
    }

    @Test
    void seedsMustAgree() {
        StudyEvidence good = HandMade.only(HandMade.distilled("cook", "elicitation", 0, 0.85, 0));
        StudyEvidence two = with(
                good,
                List.of(soft("cook", 0, closing(0.86), closing(0.86)), soft("cook", 1, closing(0.60), closing(0.86))));
        assertThat(CeilingRule.rulings(two, Claim.S1))
                .hasEntrySatisfying(
                        "cook", ruling -> assertThat(ruling.outcome()).isEqualTo(Outcome.UNDECIDED));
    }

    private static String said(StudyEvidence evidence, Claim claim) {
        return Judgement.of(evidence).claims().stream()
                .filter(one -> one.claim() == claim)
                .findFirst()
                .orElseThrow()
                .because();
    }
}
