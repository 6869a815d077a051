package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.sparse.Interval;
import assay.lab.claims.TargetEvidence;
import assay.show.page.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudyFactsTest {
    @Test
    void randomPromptsEqualAListWhereTheirCurveReachesIt() {
        assertThat(StudyFacts.equal(list(0.90)).orElseThrow().words()).isEqualTo("200");
        assertThat(StudyFacts.equal(list(0.41)).orElseThrow().words()).isEqualTo("50");
        assertThat(StudyFacts.equal(list(0.95)).orElseThrow().words()).isEqualTo("> 200");
        assertThat(StudyFacts.equal(list(Double.NaN))).isEmpty();
        assertThat(StudyFacts.medianEqual(List.of(list(0.95), list(0.41), list(0.90))))
                .isEqualTo("200");
        assertThat(StudyFacts.medianEqual(List.of())).isEqualTo(Figures.NOTHING);
    }

    /// A list of 20 that closes `closed`, where 20, 50 and 200 random prompts close .40, .88 and .91.
    private static TargetEvidence list(double closed) {
        TargetEvidence pirate = VerdictSpecimen.mixed().evidence().targets().getFirst();
        Interval share = new Interval(closed, closed, closed);
        return new TargetEvidence(
                pirate.target(),
                0,
                pirate.kl(),
                List.of(point(20, share, 0.40), point(50, share, 0.88), point(200, share, 0.91)),
                List.of(),
                pirate.search(),
                List.of(),
                new TargetEvidence.Stability(20, 0, 0, 1, 1));
    }

    private static TargetEvidence.Point point(int k, Interval closed, double random) {
        return new TargetEvidence.Point(
                k, closed, closed, new Interval(random, random, random), Interval.NONE, closed, 1, 1);
    }
}
