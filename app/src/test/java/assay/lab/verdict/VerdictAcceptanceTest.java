package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The controls of the default study's quick subset on the real model: what must not hold does not, and what was
/// planted is found.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerdictAcceptanceTest {
    @SuppressWarnings("NullAway.Init")
    private StudyEvidence evidence;

    @BeforeAll
    void run(@TempDir Path folder) {
        VerdictRun.Options options = new VerdictRun.Options(
                true, false, Set.of("S2", "S4"), Set.of("planted-1", "shuffled", "noise", "untrained"));
        evidence = RealStudy.run(options, folder).verdicts().evidence();
    }

    @Test
    void everythingCouldBeRun() {
        assertThat(evidence.failures()).isEmpty();
        assertThat(evidence.targets()).hasSize(4);
    }

    @Test
    void noListStandsForAShuffledTargetNoiseOrAnUntrainedModel() {
        double gate = evidence.plan().gates().closed();
        assertThat(evidence.targets())
                .filteredOn(one -> one.target().isNull())
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.curve().getLast().closed().low())
                        .as(one.target().name())
                        .isLessThan(gate));
    }

    @Test
    void aPlantedMixtureIsHeldBetterThanByChance() {
        TargetEvidence planted = evidence.targets().stream()
                .filter(one -> one.target().kind() == TargetKind.PLANTED)
                .findFirst()
                .orElseThrow();
        TargetEvidence.Point longest = planted.curve().getLast();
        assertThat(longest.excess().low()).isPositive();
        assertThat(longest.closed().value()).isGreaterThan(0.85);
    }

    @Test
    void readersTellListsOfTargetsAndGuessFromNulls() {
        List<ReadingEvidence.Matching> matching = evidence.reading().matching();
        // Prompts with the same words look alike even to a model that never learnt, so that null is bounded loosely.
        assertThat(matching)
                .filteredOn(ReadingEvidence.Matching::isNull)
                .hasSize(5)
                .allSatisfy(one -> assertThat(one.right().value())
                        .as(one.texts())
                        .isLessThan(one.texts().startsWith("untrained") ? 0.3 : 0.15));
        assertThat(matching)
                .filteredOn(one -> one.isNull() && !one.texts().startsWith("untrained"))
                .allSatisfy(one -> assertThat(one.atChance()).as(one.texts()).isTrue());
        assertThat(matching.getFirst().cases()).isGreaterThanOrEqualTo(40);
        assertThat(matching.getFirst().right().low()).isGreaterThan(0.4);
    }
}
