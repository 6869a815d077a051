package assay.lab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LexicalReaderTest {
    private static final Reader READER = new LexicalReader(MadeUpCases.corpus());

    @Test
    void aTextIsLikeItself() {
        for (String text : List.of("Praise the moon.", "You are a tired doctor.", "zzyzx qwrt")) {
            assertThat(alike(text, text)).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void likenessIsSymmetric() {
        assertThat(alike("Talk about doctors.", "A doctor in love."))
                .isCloseTo(alike("A doctor in love.", "Talk about doctors."), within(1e-12));
    }

    @Test
    void emptyAndUnknownTextsAreLikeNothing() {
        assertThat(alike("", "You are a doctor.")).isZero();
        assertThat(alike("the of and", "You are a doctor.")).isZero();
        assertThat(alike("", "")).isZero();
        assertThat(new LexicalReader(List.of()).similarities(List.of("one word"), List.of("other words"))[0][0])
                .isBetween(0.0, 1.0);
    }

    @Test
    void formsOfAWordAreOne() {
        assertThat(Words.stem("answers")).isEqualTo(Words.stem("answered")).isEqualTo(Words.stem("answering"));
        assertThat(Words.stem("painter")).isEqualTo(Words.stem("painting"));
        assertThat(Words.stem("bees")).isEqualTo(Words.stem("bee"));
        assertThat(Words.stem("kindness")).isEqualTo(Words.stem("kind"));
        assertThat(Words.stem("glass")).isEqualTo("glas");
        assertThat(Words.stems("Don't SHOUT at the dogs!")).containsExactly("don", "shout", "dog");
    }

    @Test
    void rareWordsCountMoreThanCommonOnes() {
        assertThat(alike("Answer with lobsters.", "You sell lobsters."))
                .isGreaterThan(alike("Answer with carrots.", "Answer in rhyme."));
    }

    @Test
    void relatedWordFormsAreBridgedByTheirLetters() {
        assertThat(alike("grammarian", "grammatical")).isGreaterThan(alike("grammarian", "beekeeper"));
    }

    @Test
    void wordsThatKeepTheSameCompanyAreAkin() {
        // Eight topics of six words each; "otter" and "seal" never stand together, but both beside the first topic's.
        List<List<String>> topics = List.of(
                List.of("river", "fish", "fur", "cold", "wave", "shore"),
                List.of("court", "judge", "verdict", "crime", "oath", "jury"),
                List.of("oven", "dough", "flour", "bread", "yeast", "crust"),
                List.of("planet", "orbit", "comet", "moon", "lens", "star"),
                List.of("king", "crown", "throne", "sword", "castle", "knight"),
                List.of("violin", "choir", "chord", "opera", "drum", "flute"),
                List.of("nurse", "fever", "ward", "pill", "wound", "germ"),
                List.of("goal", "referee", "pitch", "team", "kick", "score"));
        SplittableRandom random = new SplittableRandom(1);
        List<String> corpus = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            List<String> words = topics.get(i % 8);
            String three = words.get(random.nextInt(6)) + " " + words.get(random.nextInt(6)) + " "
                    + words.get(random.nextInt(6));
            String rare = i % 80 == 0 ? "otter " : i % 80 == 8 ? "seal " : i % 80 == 1 ? "clerk " : "";
            corpus.add(rare + three);
        }
        double[] alike = new LexicalReader(corpus).similarities(List.of("otter"), List.of("seal", "clerk"))[0];
        assertThat(alike[0]).isGreaterThan(0.1);
        assertThat(alike[1]).isLessThan(0.05);
    }

    @Test
    void theScoreIsTheWeightedSumOfLikenesses() {
        List<Phrase> phrases = List.of(new Phrase("Talk of doctors.", 0.5), new Phrase("Be brief.", -0.25));
        List<String> descriptions = List.of("A doctor.", "Brief answers.");
        double[][] alike = READER.similarities(List.of("Talk of doctors.", "Be brief."), descriptions);
        double[] scores = READER.scores(phrases, descriptions);
        assertThat(scores[0]).isCloseTo(0.5 * alike[0][0] - 0.25 * alike[1][0], within(1e-12));
        assertThat(scores[1]).isCloseTo(0.5 * alike[0][1] - 0.25 * alike[1][1], within(1e-12));
    }

    @Test
    void twoReadersOfTheSameCorpusAgreeExactly() {
        List<Phrase> phrases = MadeUpCases.all().getFirst().phrases();
        List<String> descriptions =
                MadeUpCases.all().stream().map(MatchCase::description).toList();
        assertThat(new LexicalReader(MadeUpCases.corpus()).scores(phrases, descriptions))
                .isEqualTo(READER.scores(phrases, descriptions));
    }

    /// What it can do with atoms that avoid the descriptions' words: far above chance, far below a good reader.
    /// Measured when this was written: 10 of 40 right.
    @Test
    void handWrittenParaphrasesAreMatchedFarAboveChance() {
        BlindMatching matching = BlindMatching.of(READER, MadeUpCases.all());
        assertThat(matching.right().hits()).isGreaterThanOrEqualTo(8);
        assertThat(matching.pValue()).isLessThan(Proportion.LEVEL);
        double reciprocal = matching.placed().stream()
                .mapToDouble(placed -> 1 / placed.rank())
                .average()
                .orElse(0);
        assertThat(reciprocal).isGreaterThan(0.3);
    }

    @Test
    void theSameAtomsDealtAtRandomAreAtChance() {
        SplittableRandom random = new SplittableRandom(1);
        List<Phrase> atoms = MadeUpCases.all().stream()
                .flatMap(one -> one.phrases().stream())
                .toList();
        List<MatchCase> dealt = MadeUpCases.all().stream()
                .map(one -> one.with(
                        random.ints(4, 0, atoms.size()).mapToObj(atoms::get).toList()))
                .toList();
        assertThat(BlindMatching.of(READER, dealt).pValue()).isGreaterThanOrEqualTo(Proportion.LEVEL);
    }

    private double alike(String one, String other) {
        return READER.similarities(List.of(one), List.of(other))[0][0];
    }
}
