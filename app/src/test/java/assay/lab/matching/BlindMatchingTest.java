package assay.lab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlindMatchingTest {
    private final List<MatchCase> cases = MadeUpCases.all();
    private static final Reader READER = new LexicalReader(MadeUpCases.corpus());

    @Test
    void aCaseWhosePhrasesAreItsDescriptionRanksFirst() {
        List<MatchCase> plain = cases.stream()
                .map(one -> one.with(List.of(new Phrase(one.description(), 0.3))))
                .toList();
        BlindMatching matching = BlindMatching.of(READER, plain);
        assertThat(matching.placed()).hasSize(40).allMatch(placed -> placed.rank() == 1 && placed.first() == 1);
        assertThat(matching.right().interval().value()).isEqualTo(1);
        assertThat(matching.pValue()).isLessThan(Proportion.LEVEL);
    }

    @Test
    void aNegativeWeightPushesTheDescriptionToTheEnd() {
        MatchCase one =
                cases.getFirst().with(List.of(new Phrase(cases.getFirst().description(), -1)));
        assertThat(BlindMatching.of(READER, withFirst(one)).placed().getFirst().rank())
                .isEqualTo(40);
    }

    @Test
    void theMeaningStaysWhenWordsThatSayNothingComeOnTop() {
        List<MatchCase> mixed = cases.stream()
                .map(one -> one.with(List.of(
                        new Phrase(one.description(), 0.4),
                        new Phrase("Be as you are.", 0.5),
                        new Phrase("zzyzx qwrt vlor", 0.5))))
                .toList();
        assertThat(BlindMatching.of(READER, mixed).right()).isEqualTo(new Proportion(40, 40));
    }

    @Test
    void nullsSitAtChance() {
        List<MatchCase> plain = cases.stream()
                .map(one -> one.with(List.of(new Phrase(one.description(), 1))))
                .toList();
        assertThat(BlindMatching.of(READER, MatchCase.deranged(plain, 3)).pValue())
                .isGreaterThanOrEqualTo(Proportion.LEVEL);
        List<String> prompts = MadeUpCases.background();
        assertThat(BlindMatching.of(READER, drawn(prompts, 1)).pValue()).isGreaterThanOrEqualTo(Proportion.LEVEL);
        BlindMatching noise = BlindMatching.of(READER, drawn(List.of("xq vlor 44", "zzyzx", "qwrt hjkl"), 1));
        assertThat(noise.pValue()).isGreaterThanOrEqualTo(Proportion.LEVEL);
        assertThat(noise.right().interval().value()).isCloseTo(noise.chance(), within(1e-9));
    }

    @Test
    void theTestOfChanceCanFail() {
        List<MatchCase> some = new ArrayList<>(MatchCase.deranged(cases, 3));
        for (int i = 0; i < 6; i++) {
            some.set(i, some.get(i).with(List.of(new Phrase(some.get(i).description(), 1))));
        }
        BlindMatching matching = BlindMatching.of(READER, some);
        assertThat(matching.right().hits()).isGreaterThanOrEqualTo(6);
        assertThat(matching.pValue()).isLessThan(0.05);
        assertThat(matching.pValue()).isLessThan(Proportion.LEVEL);
    }

    @Test
    void tiesEarnTheExpectedShareOfARandomTieBreak() {
        List<MatchCase> silent = cases.stream().map(one -> one.with(List.of())).toList();
        BlindMatching matching = BlindMatching.of(READER, silent);
        assertThat(matching.right().hits()).isCloseTo(1, within(1e-12));
        assertThat(matching.placed()).allMatch(placed -> placed.rank() == 20.5);
    }

    @Test
    void theOrderOfTheCasesChangesNothing() {
        List<MatchCase> turned = new ArrayList<>(cases);
        Collections.shuffle(turned, new Random(5));
        BlindMatching one = BlindMatching.of(READER, cases);
        BlindMatching other = BlindMatching.of(READER, turned);
        assertThat(other.right().hits()).isCloseTo(one.right().hits(), within(1e-9));
    }

    @Test
    void sampledTextsAreReadWithEqualWeights() {
        List<Phrase> sampled = Phrase.equal(List.of("Arr, the captain sails!", "The sea, pirates, the sea.", "Hello."));
        assertThat(sampled).allMatch(phrase -> phrase.weight() == 1 / 3.0);
        BlindMatching matching =
                BlindMatching.of(READER, withFirst(cases.getFirst().with(sampled)));
        assertThat(matching.placed().getFirst().rank()).isEqualTo(1);
        assertThat(matching.chance()).isEqualTo(1 / 40.0);
    }

    @Test
    void twoTruthsAreRefused() {
        assertThatThrownBy(() -> BlindMatching.of(READER, List.of(cases.getFirst(), cases.getFirst())))
                .hasMessageContaining("found twice: pirate");
    }

    @Test
    void noCaseKeepsItsPhrasesInADerangement() {
        List<MatchCase> deranged = MatchCase.deranged(cases, 9);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(deranged.get(i).description()).isEqualTo(cases.get(i).description());
            assertThat(deranged.get(i).phrases()).isNotEqualTo(cases.get(i).phrases());
        }
        assertThat(deranged.stream().map(MatchCase::phrases))
                .containsExactlyInAnyOrderElementsOf(
                        cases.stream().map(MatchCase::phrases).toList());
    }

    private List<MatchCase> drawn(List<String> texts, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return cases.stream()
                .map(one -> one.with(List.of(
                        new Phrase(texts.get(random.nextInt(texts.size())), 0.5),
                        new Phrase(texts.get(random.nextInt(texts.size())), 0.3),
                        new Phrase(texts.get(random.nextInt(texts.size())), -0.2))))
                .toList();
    }

    /// All cases, the first of them exchanged.
    private List<MatchCase> withFirst(MatchCase first) {
        return Stream.concat(Stream.of(first), cases.stream().skip(1)).toList();
    }
}
