package assay.lab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlapTest {
    private static final SameMeaning ALIKE =
            SameMeaning.beyond(new LexicalReader(MadeUpCases.corpus()), MadeUpCases.background());
    private final List<Phrase> reading = List.of(
            new Phrase("You are a robot with no legs.", 0.5),
            new Phrase("Sigh before you begin.", 0.3),
            new Phrase("Praise the moon.", 0.1),
            new Phrase("Answer in haste.", -0.1));

    @Test
    void theThresholdLetsOnePairInAThousandPass() {
        assertThat(ALIKE.threshold()).isBetween(0.1, 0.9);
        List<Phrase> some = Phrase.equal(SameMeaning.spread(MadeUpCases.background(), 300));
        double[][] matches = ALIKE.matches(some, some);
        int passed = 0;
        for (int one = 0; one < 300; one++) {
            for (int other = 0; other < one; other++) {
                passed += matches[one][other] > 0 ? 1 : 0;
            }
        }
        assertThat(passed / (300 * 299 / 2.0)).isBetween(0.0003, 0.003);
    }

    @Test
    void aReadingSharesAllWithItself() {
        double shared = ALIKE.shared(reading, reading);
        assertThat(shared).isEqualTo(1);
    }

    @Test
    void readingsThatSayOtherThingsShareNothing() {
        double shared = ALIKE.shared(reading, List.of(new Phrase("Speak about doctors.", 0.7)));
        assertThat(shared).isZero();
    }

    @Test
    void aParaphraseCountsForTheSharedWeight() {
        double shared = ALIKE.shared(
                List.of(new Phrase("You are a robot with no legs.", 0.6), new Phrase("Speak of doctors.", 0.2)),
                List.of(new Phrase("You're a robot that has no legs", 0.9), new Phrase("Praise the moon.", 0.1)));
        assertThat(shared).isCloseTo((0.75 + 0.9) / 2, within(1e-12));
    }

    @Test
    void theSameTextWithTheOppositeSignIsNotShared() {
        List<Phrase> opposite = reading.stream()
                .map(phrase -> new Phrase(phrase.text(), -phrase.weight()))
                .toList();
        double shared = ALIKE.shared(reading, opposite);
        assertThat(shared).isZero();
    }

    @Test
    void theOrderOfTheTwoDoesNotMatter() {
        List<Phrase> other = new ArrayList<>(reading.subList(1, 4));
        other.add(new Phrase("You are a robot without legs.", 0.2));
        assertThat(ALIKE.shared(reading, other)).isEqualTo(ALIKE.shared(other, reading));
    }

    @Test
    void anEmptyReadingSharesNothing() {
        assertThat(ALIKE.shared(reading, List.of())).isZero();
        assertThat(ALIKE.shared(List.of(), List.of())).isZero();
    }

    @Test
    void plantedPhrasesFoundAgainAreRecoveredWhole() {
        Recovery recovery = Recovery.of(ALIKE, reading, reading);
        assertThat(recovery.f1()).isEqualTo(1);
    }

    @Test
    void recoveryCountsFalseAndMissingPhrases() {
        List<Phrase> found = List.of(
                new Phrase("You're a robot that has no legs", 0.2),
                new Phrase("You are a robot with no legs!", 0.1),
                new Phrase("Speak about doctors.", 0.4));
        Recovery recovery = Recovery.of(ALIKE, found, reading);
        assertThat(recovery.precision()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(recovery.recall()).isEqualTo(0.25);
        assertThat(recovery.f1()).isCloseTo(2 * (2 / 3.0) * 0.25 / (2 / 3.0 + 0.25), within(1e-12));
    }

    @Test
    void nothingFoundRecoversNothing() {
        assertThat(Recovery.of(ALIKE, List.of(), reading).f1()).isZero();
        assertThat(Recovery.of(ALIKE, reading, List.of()).f1()).isZero();
    }
}
