package assay.lab.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Cause;
import assay.show.page.Figures;
import assay.show.report.HtmlReportTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class VerdictHtmlTest {
    private static final StudyRun RUN = VerdictSpecimen.run();
    private static final List<Verdicts> SPECIMENS = VerdictSpecimen.all();

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
                            claim.claim().statement(),
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
        assertThat(section(document, "claim-S6").getTextContent()).contains(VerdictWords.next(Cause.OR_NOT_AND));
    }

    private static Element section(Document document, String id) {
        return HtmlReportTest.elements(document, "section").stream()
                .filter(section -> section.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow();
    }
}
