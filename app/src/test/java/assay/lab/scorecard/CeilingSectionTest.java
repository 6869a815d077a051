package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.CeilingSpecimen;
import assay.measure.judge.Claim;
import java.util.List;
import org.junit.jupiter.api.Test;

class CeilingSectionTest {
    @Test
    void aSideIsToldInOneSentence() {
        CeilingEvidence one = CeilingSpecimen.list();
        assertThat(CeilingSection.heading(one, 0.9))
                .isEqualTo("soft (S2, soft, seed 0), 5 prompts: at least 90% of the ceiling: yes; explained.");
        assertThat(CeilingSection.sentence(one.sides().getFirst()))
                .isEqualTo(
                        "foreign: a second run closes 80% [80, 80], without noise 86% [86, 86] (of 3 runs); closed 88%"
                                + " [88, 88], which is 102% [102, 102] of that; the true prompt 85% [85, 85], 99% [99, 99] of it."
                                + " Lacking: noise 14, systematic 1, left by the search −3 points.");
    }

    @Test
    void withOneSecondRunSharesOfBothBoundsAreTold() {
        CeilingEvidence one = CeilingSpecimen.alone();
        assertThat(CeilingSection.sentence(one.sides().getFirst()))
                .isEqualTo("foreign: a second run closes 80% [80, 80], without noise at most 90% [90, 90]; closed 72%"
                        + " [72, 72], which is 80% [80, 80] of that and 90% of a second run. Lacking: noise 10, the rest 18"
                        + " points.");
    }

    @Test
    void aTableStandsWithItsClaimAndNowhereElse() {
        List<CeilingEvidence> all = List.of(CeilingSpecimen.list(), CeilingSpecimen.alone());
        assertThat(CeilingSection.of(all, Claim.S2, 0.9).finished())
                .contains("Beside second training runs", "86.0% [86.0, 86.0]")
                .doesNotContain("not known");
        assertThat(CeilingSection.of(all, Claim.S1, 0.9).finished()).contains("not known", "10; 18 together points");
        assertThat(CeilingSection.of(all, Claim.S3, 0.9).finished()).isEmpty();
    }
}
