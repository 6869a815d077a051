package assay.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.claims.ClaimVerdict;
import assay.claims.ReadingEvidence;
import assay.claims.ReadingEvidence.Matching;
import assay.claims.StudyEvidence;
import assay.claims.TargetEvidence;
import assay.claims.Verdicts;
import assay.report.TextReport.Style;
import assay.sparse.Interval;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VerdictReportTest {
    private static final String HOSTILE =
            "</style><script>alert(1)</script>\"q\" 'a' &amp; & ]]> <!-- \u0007\u001b[31m\u202e שלום 日本語 "
                    + "x".repeat(150);
    private static final StudyRun RUN = VerdictSpecimen.run();
    private static final List<Verdicts> SPECIMENS = List.of(
            VerdictSpecimen.mixed(),
            VerdictSpecimen.empty(),
            VerdictSpecimen.worded(HOSTILE),
            VerdictSpecimen.worded(""));

    @Test
    void everyPageIsWellFormedAndHoldsNoScriptAndNoNaN() throws Exception {
        for (Verdicts verdicts : SPECIMENS) {
            String page = VerdictHtml.render(verdicts, RUN);
            assertThat(page)
                    .doesNotContain("NaN")
                    .doesNotContain("Infinity")
                    .doesNotContain("<script")
                    .doesNotContain("src=")
                    .doesNotContain("\u0007")
                    .doesNotContain("\u202e");
            Document document = HtmlReportTest.parse(page);
            assertThat(HtmlReportTest.elements(document, "style")).hasSize(1);
            assertThat(HtmlReportTest.elements(document, "a"))
                    .hasSize(6)
                    .allMatch(link -> link.getAttribute("href").startsWith("#claim-S"));
            assertThat(HtmlReportTest.elements(document, "th"))
                    .allMatch(header -> !header.getAttribute("scope").isEmpty());
            assertThat(HtmlReportTest.elements(document, "svg"))
                    .allMatch(svg -> svg.getAttribute("aria-hidden").equals("true")
                            || !svg.getAttribute("aria-label").isEmpty());
        }
    }

    @Test
    void thePageOpensWithTheVerdictTableAndHasASectionForEachClaim() throws Exception {
        Verdicts verdicts = VerdictSpecimen.mixed();
        Document document = HtmlReportTest.parse(VerdictHtml.render(verdicts, RUN));
        List<String> sections = HtmlReportTest.elements(document, "section").stream()
                .map(section -> section.getAttribute("id"))
                .toList();
        assertThat(sections)
                .containsExactly(
                        "verdict",
                        "failures",
                        "predictions",
                        "claim-S1",
                        "claim-S2",
                        "claim-S3",
                        "claim-S4",
                        "claim-S5",
                        "claim-S6",
                        "reading",
                        "effort",
                        "provenance");
        String table = section(document, "verdict").getTextContent();
        for (ClaimVerdict claim : verdicts.claims()) {
            assertThat(table)
                    .contains(
                            claim.statement(),
                            claim.holds().name(),
                            claim.cause().words());
            String section = section(document, "claim-" + claim.claim()).getTextContent();
            assertThat(section).contains(claim.because());
            claim.evidence().forEach(figure -> assertThat(section).contains(figure.value(), figure.command()));
        }
        verdicts.evidence()
                .failures()
                .forEach(failure -> assertThat(section(document, "failures").getTextContent())
                        .contains(failure.what(), failure.why()));
    }

    @Test
    void sectionsHoldTheFiguresOfTheirRecords() throws Exception {
        Verdicts verdicts = VerdictSpecimen.mixed();
        Document document = HtmlReportTest.parse(VerdictHtml.render(verdicts, RUN));
        String reading = section(document, "claim-S4").getTextContent();
        verdicts.evidence()
                .reading()
                .matching()
                .forEach(one -> assertThat(reading).contains(one.texts(), Figures.shareFine(one.right())));
        verdicts.evidence()
                .reading()
                .edits()
                .forEach(edit -> assertThat(reading).contains(edit.edit(), edit.towards()));
        assertThat(reading).contains("You are a robot with no legs.", "named by none", "2 of 4 went as predicted");
        String sparse = section(document, "claim-S2").getTextContent();
        assertThat(sparse).contains("dense ridge", "hard prompts", "null: shuffled target", "no curve was measured");
        String predicates = section(document, "claim-S5").getTextContent();
        verdicts.evidence()
                .predicates()
                .forEach(one -> assertThat(predicates)
                        .contains(one.name(), Figures.shareFine(one.pools().sayLinear())));
        assertThat(predicates).contains("not by 20");
        assertThat(section(document, "claim-S1").getTextContent()).contains("rot13-lora", "predicted: fails");
        assertThat(section(document, "claim-S3").getTextContent()).contains("86.0%", "dictionary");
        assertThat(section(document, "claim-S6").getTextContent())
                .contains(VerdictWords.next(ClaimVerdict.Cause.OR_NOT_AND));
    }

    @Test
    void theDocumentHasTheFieldsOfTheContract() {
        JsonNode root = JsonMapper.shared().readTree(VerdictJson.render(VerdictSpecimen.mixed(), RUN));
        assertThat(root.propertyNames())
                .contains(
                        "schema_version",
                        "command",
                        "model",
                        "study",
                        "verdict",
                        "targets",
                        "distilled",
                        "reading",
                        "predicates",
                        "failures",
                        "seconds",
                        "provenance");
        assertThat(root.get("schema_version").intValue()).isEqualTo(1);
        assertThat(root.get("command").stringValue()).isEqualTo("verdict");
        assertThat(root.get("model").get("name").stringValue()).isEqualTo("SmolLM2-135M-Instruct.Q4_1");
        JsonNode study = root.get("study");
        assertThat(study.propertyNames()).containsExactly("name", "sha256", "quick", "seeds", "gates", "predictions");
        assertThat(study.get("gates").get("closed").doubleValue()).isEqualTo(0.9);
        assertThat(root.get("verdict")
                        .valueStream()
                        .map(one -> one.get("claim").stringValue()
                                + one.get("holds").stringValue()
                                + one.get("cause").stringValue()))
                .containsExactly(
                        "S1undecidedstill_learning",
                        "S2nomeaningless",
                        "S3yesnone",
                        "S4yesnone",
                        "S5noor_not_and",
                        "S6undecidedunsettled");
        assertThat(root.get("verdict").get(1).get("evidence").get(1).get("gate").stringValue())
                .isEqualTo("above 0");
        assertThat(root.get("failures").size()).isEqualTo(2);
        assertThat(root.get("seconds").get("total").doubleValue()).isEqualTo(541.3);
        JsonNode target = root.get("targets").get(0);
        assertThat(target.get("curve").get(4).get("k").intValue()).isEqualTo(20);
        assertThat(target.get("curve").get(4).get("closed").isNumber()).isTrue();
        assertThat(root.get("reading").get("matching").size()).isEqualTo(6);
    }

    @Test
    void whatWasNotMeasuredIsNull() {
        String document = VerdictJson.render(VerdictSpecimen.mixed(), RUN);
        assertThat(document).doesNotContain("NaN");
        JsonNode root = JsonMapper.shared().readTree(document);
        assertThat(root.get("reading").get("wayward").isNull()).isTrue();
        assertThat(root.get("distilled").get(5).get("closed").isNull()).isTrue();
        JsonNode untrained = root.get("targets").get(root.get("targets").size() - 1);
        assertThat(untrained.get("kl_base").isNull()).isTrue();
        assertThat(untrained.get("random_equal").get("k").isNull()).isTrue();
        assertThat(untrained.get("null").booleanValue()).isTrue();
    }

    @Test
    void theDocumentIsTheSameApartFromTimes() {
        StudyRun later = new StudyRun(RUN.model(), Map.of("started", "later"), 7, "elsewhere");
        JsonNode one = JsonMapper.shared().readTree(VerdictJson.render(VerdictSpecimen.mixed(), RUN));
        JsonNode other = JsonMapper.shared().readTree(VerdictJson.render(VerdictSpecimen.mixed(), later));
        for (String name : one.propertyNames()) {
            boolean times = name.equals("seconds") || name.equals("provenance");
            assertThat(one.get(name).equals(other.get(name))).as(name).isEqualTo(!times);
        }
    }

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
    void aNullThatBeatsChanceIsSaidAtTheTop() {
        assertThat(VerdictText.render(brokenNull(), RUN, new Style(100, false))
                        .lines()
                        .limit(40))
                .anyMatch(line -> line.contains("Nulls of blind matching that beat chance: random."));
        assertThat(VerdictHtml.render(brokenNull(), RUN)).contains("null, NOT at chance");
    }

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
        return new TargetEvidence.Point(k, closed, closed, new Interval(random, random, random), closed, 1, 1);
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

    private static Element section(Document document, String id) {
        return HtmlReportTest.elements(document, "section").stream()
                .filter(section -> section.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow();
    }
}
