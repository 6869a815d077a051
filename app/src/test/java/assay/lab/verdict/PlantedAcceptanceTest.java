package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Outcome;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The instrument's own test on the real model: with every truth in the dictionary every claim holds, and what must not
/// hold still does not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedAcceptanceTest {
    @SuppressWarnings("NullAway.Init")
    private Verdicts verdicts;

    @BeforeAll
    void run(@TempDir Path folder) {
        verdicts = RealStudy.run(new VerdictRun.Options(true, true, Set.of(), Set.of()), folder)
                .verdicts();
    }

    @Test
    void everyClaimHolds() {
        assertThat(verdicts.evidence().failures()).isEmpty();
        assertThat(verdicts.claims().subList(0, 5))
                .allSatisfy(claim -> assertThat(claim.holds())
                        .as(claim.claim() + ": " + claim.because())
                        .isEqualTo(Outcome.YES));
    }

    @Test
    void theIdeaIsNotCalledBad() {
        assertThat(verdicts.claims().getLast()).extracting(ClaimVerdict::holds).isEqualTo(Outcome.NO);
    }

    @Test
    void controlsStillDoNotHold() {
        assertThat(verdicts.evidence().targets())
                .filteredOn(one -> one.target().isNull())
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.curve().getLast().closed().low())
                        .as(one.target().name())
                        .isLessThan(verdicts.evidence().plan().gates().closed()));
    }
}
