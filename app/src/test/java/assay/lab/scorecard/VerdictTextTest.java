package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.Verdicts;
import assay.show.page.Columns;
import assay.show.page.Style;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictTextTest {
    private static final StudyRun RUN = VerdictSpecimen.run();
    private static final List<Verdicts> SPECIMENS = VerdictSpecimen.all();

    @Test
    void theFirstScreenOfTheTextHasTheAnswer() {
        Verdicts verdicts = VerdictSpecimen.mixed();
        List<String> screen = VerdictText.render(verdicts, RUN, new Style(100, false))
                .lines()
                .limit(40)
                .toList();
        assertThat(screen.getFirst()).isEqualTo("Study file sha256 " + "5d".repeat(32));
        assertThat(screen.get(1)).contains("quick");
        for (ClaimVerdict claim : verdicts.claims()) {
            assertThat(screen).anyMatch(line -> line.matches(claim.claim() + " .* " + claim.holds() + " .*"));
        }
        assertThat(String.join("\n", screen))
                .contains("2 claims hold, 2 fail, 2 are undecided", "3 of 4 predictions came true", "json-lora");
    }

    @Test
    void theTextTellsNullsPredictionsFailuresAndCommands() {
        String text = VerdictText.render(VerdictSpecimen.mixed(), RUN, new Style(100, false));
        assertThat(text)
                .contains("noise tokens, seed 0: 20 prompts close", "untrained weights, seed 0: not measured.")
                .contains("blind matching of derangement: 0%", "at chance.")
                .contains("S1 yes, undecided.", "S2 no, as predicted.")
                .contains("$ assay verdict --model smollm2-135m --quick --out study --seed 1")
                .doesNotContain("NaN");
    }

    @Test
    void noLineIsWiderThanTheTerminalAndColoursChangeNothingButColours() {
        for (Verdicts verdicts : SPECIMENS) {
            for (int width = 30; width <= 130; width += 5) {
                int most = width;
                assertThat(VerdictText.render(verdicts, RUN, new Style(width, false))
                                .lines())
                        .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(most));
            }
            String plain = VerdictText.render(verdicts, RUN, new Style(100, false));
            String coloured = VerdictText.render(verdicts, RUN, new Style(100, true));
            assertThat(plain).doesNotContain("\u001b").doesNotContain("\u0007");
            assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "").replaceAll("(?m) +$", ""))
                    .isEqualTo(plain.replaceAll("(?m) +$", ""));
        }
    }

    @Test
    void ofManyFiguresTheTextShowsTheFirstAndThePageAll() {
        List<ClaimVerdict> many = VerdictSpecimen.mixed().claims().stream()
                .map(claim -> new ClaimVerdict(
                        claim.claim(),
                        claim.ruling(),
                        claim.because(),
                        IntStream.rangeClosed(1, 40)
                                .mapToObj(i -> new ClaimVerdict.Figure(
                                        "figure " + claim.claim() + "-" + i + ".", "1", "", "assay again --only " + i))
                                .toList()))
                .toList();
        Verdicts verdicts = new Verdicts(VerdictSpecimen.mixed().evidence(), many);
        assertThat(VerdictText.render(verdicts, RUN, new Style(100, false)))
                .contains("figure S2-12.", "and 28 more, on the page and in the JSON.")
                .doesNotContain("figure S2-13.");
        assertThat(VerdictHtml.render(verdicts, RUN)).contains("figure S2-13.", "figure S2-40.", "28 more figures");
        assertThat(VerdictJson.render(verdicts, RUN)).contains("figure S2-40.");
    }

    @Test
    void aNullThatBeatsChanceIsSaidAtTheTop() {
        assertThat(VerdictText.render(brokenNull(), RUN, new Style(100, false))
                        .lines()
                        .limit(40))
                .anyMatch(line -> line.contains("Nulls of blind matching that beat chance: random."));
        assertThat(VerdictHtml.render(brokenNull(), RUN)).contains("null, NOT at chance");
    }

    private static Verdicts brokenNull() {
        Verdicts mixed = VerdictSpecimen.mixed();
        StudyEvidence evidence = mixed.evidence();
        ReadingEvidence reading = evidence.reading();
        List<Matching> matching = reading.matching().stream()
                .map(one -> new Matching(
                        one.texts(),
                        one.isNull(),
                        one.cases(),
                        one.right(),
                        one.chance(),
                        one.atChance() && !one.texts().equals("random"),
                        one.misses()))
                .toList();
        ReadingEvidence changed = new ReadingEvidence(
                reading.reader(), matching, reading.edits(), reading.compositions(), 0.5, Double.NaN);
        return new Verdicts(
                new StudyEvidence(
                        evidence.plan(),
                        evidence.targets(),
                        evidence.distilled(),
                        changed,
                        evidence.predicates(),
                        evidence.failures()),
                mixed.claims());
    }
}
