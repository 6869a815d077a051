package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.measure.judge.Distillation;
import assay.show.page.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class DistilHtmlTest {
    private static final String HOSTILE = "</style></title><script>alert(1)</script>\"q\" 'a' &amp; & ]]> <!-- שלום 🏴";

    @Test
    void everyPageIsWellFormedAndHasNoNaN() throws Exception {
        for (Distillation found : List.of(
                DistilSpecimen.pirate(),
                DistilSpecimen.rot13(),
                DistilSpecimen.baked(),
                DistilSpecimen.unmeasured(),
                DistilSpecimen.worded(DistilSpecimen.pirate(), HOSTILE),
                DistilSpecimen.worded(DistilSpecimen.baked(), ""))) {
            String page = page(found);
            assertThat(page)
                    .doesNotContain("NaN")
                    .doesNotContain("Infinity")
                    .doesNotContain("<script")
                    .doesNotContain("src=")
                    .doesNotContain("href=");
            Document document = HtmlReportTest.parse(page);
            assertThat(HtmlReportTest.elements(document, "svg"))
                    .allMatch(svg -> svg.getAttribute("aria-hidden").equals("true")
                            || !svg.getAttribute("aria-label").isEmpty());
            assertThat(HtmlReportTest.elements(document, "th"))
                    .allMatch(header -> !header.getAttribute("scope").isEmpty());
        }
    }

    @Test
    void theVerdictOpensThePage() throws Exception {
        assertThat(heading(DistilSpecimen.pirate()))
                .isEqualTo("Distilled: 16 soft tokens in the system slot stand in for pirate-lora.");
        assertThat(heading(DistilSpecimen.rot13()))
                .isEqualTo("Not distilled: 16 soft tokens in the system slot do not stand in for rot13-lora.");
        assertThat(heading(DistilSpecimen.baked()))
                .isEqualTo("Baked: a LoRA adapter of rank 8 stands in for “Talk like a pirate”.");
        assertThat(heading(DistilSpecimen.unmeasured())).startsWith("Undecided: 1 soft token as a bare prefix may or");
        assertThat(page(DistilSpecimen.rot13())).contains("Why: ", "the search split had come to rest");
        assertThat(page(DistilSpecimen.pirate())).doesNotContain("Why: ");
    }

    @Test
    void theHeadlineFigureHasItsIntervalAndWhatTheStartAndThePromptScore() throws Exception {
        assertThat(lead(DistilSpecimen.pirate()))
                .isEqualTo("On text never seen, it closes 93% (95% interval 92 to 94) of what separates the teacher"
                        + " from the base (0.538 nats per token); on answers the teacher wrote, 90% (95% interval 89"
                        + " to 92). As it started, before training, it closed 70% (95% interval 67 to 73). The best"
                        + " single readable prompt closes 69% (95% interval 66 to 72).");
        assertThat(lead(DistilSpecimen.rot13())).doesNotContain("best single").contains("it closed −31%");
        assertThat(lead(DistilSpecimen.unmeasured())).endsWith("was not measured.");
    }

    @Test
    void everyNumberOnThePageComesFromTheRecord() throws Exception {
        for (Distillation found : List.of(DistilSpecimen.pirate(), DistilSpecimen.rot13(), DistilSpecimen.baked())) {
            Traces traces = Traces.of(found, Specimen.provenance(), 412.7);
            List<String> texts = new ArrayList<>();
            HtmlReportTest.results(HtmlReportTest.parse(page(found)).getDocumentElement(), texts);
            List<String> numbers = texts.stream()
                    .map(traces::withoutWords)
                    .flatMap(text ->
                            HtmlReportTest.NUMBER.matcher(text).results().map(MatchResult::group))
                    .toList();
            assertThat(numbers).hasSizeGreaterThan(100).allMatch(traces::known);
        }
    }

    @Test
    void everyResultOfTheRecordIsOnThePage() throws Exception {
        Distillation pirate = DistilSpecimen.pirate();
        String text = HtmlReportTest.parse(page(pirate)).getDocumentElement().getTextContent();
        assertThat(text)
                .contains(
                        Figures.shareFine(pirate.fidelity().foreign()),
                        Figures.shareFine(pirate.fidelity().own()))
                .contains(Figures.shareFine(pirate.fidelity().untrained()))
                .contains(Figures.shareFine(pirate.fidelity().bestPrompt()))
                .contains(
                        pirate.verdict().because(),
                        "all steps done",
                        pirate.subject().teacherDescription())
                .contains("assay explain --model smollm2-135m", "hashes.adapter", "b1".repeat(32));
        pirate.training()
                .starts()
                .forEach(start -> assertThat(text)
                        .contains(Figures.percentFine(start.before()), Figures.percentFine(start.after())));
        pirate.training()
                .curve()
                .forEach(point ->
                        assertThat(text).contains(Figures.percentFine(point.closed()), Figures.plain(point.fit())));
        pirate.training().options().forEach(option -> assertThat(text).contains(option.name(), option.value()));
        pirate.sweep()
                .forEach(length ->
                        assertThat(text).contains(Figures.shareFine(length.closed()), Figures.shareFine(length.own())));
        pirate.mechanism()
                .forEach(layer ->
                        assertThat(text).contains(Figures.signed(layer.cosine()), Figures.signed(layer.random())));
        pirate.remains()
                .forEach(place -> assertThat(text)
                        .contains(place.user(), "base " + Figures.plain(place.base()))
                        .contains("student " + Figures.plain(place.student()), "·Arr 61.3%, 12.2%", "⏎ 21.2%, 0.4%"));
    }

    @Test
    void anyTextIsTextAndNothingMore() throws Exception {
        Document document = HtmlReportTest.parse(page(DistilSpecimen.worded(DistilSpecimen.pirate(), HOSTILE)));
        assertThat(HtmlReportTest.elements(document, "script")).isEmpty();
        assertThat(HtmlReportTest.elements(document, "style")).hasSize(1);
        assertThat(HtmlReportTest.elements(document, "td").stream()
                        .filter(cell -> cell.getTextContent().equals(HOSTILE)))
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(page(DistilSpecimen.worded(DistilSpecimen.pirate(), "a\u0000\u202eb")))
                .contains("a␀⟨U+202E⟩b");
    }

    @Test
    void whatDoesNotApplyToAnAdapterHasNoSection() throws Exception {
        assertThat(sections(DistilSpecimen.pirate()))
                .containsExactly(
                        "verdict",
                        "fidelity",
                        "training",
                        "starts",
                        "lengths",
                        "remains",
                        "mechanism",
                        "first-context",
                        "reading",
                        "effort",
                        "provenance");
        assertThat(sections(DistilSpecimen.baked()))
                .containsExactly("verdict", "fidelity", "training", "first-context", "reading", "effort", "provenance");
        assertThat(page(DistilSpecimen.baked()))
                .doesNotContain("efore training")
                .doesNotContain("readable prompt");
    }

    @Test
    void anExplanationShowsTheChainAsBarsAndOnlyWhenThereIsOne() throws Exception {
        String page =
                HtmlReport.render(Specimen.pirate(), Optional.of(DistilSpecimen.chain()), Specimen.provenance(), 412.7);
        Element section = HtmlReportTest.elements(HtmlReportTest.parse(page), "section").stream()
                .filter(candidate -> candidate.getAttribute("id").equals("chain"))
                .findFirst()
                .orElseThrow();
        List<String> ranges = HtmlReportTest.elements(section, "svg").stream()
                .map(svg -> svg.getAttribute("aria-label"))
                .filter(label -> label.contains("["))
                .toList();
        assertThat(ranges)
                .containsExactly(
                        Figures.shareFine(DistilSpecimen.chain().soft()),
                        Figures.shareFine(Specimen.pirate().curve().at(10).closed()),
                        Figures.shareFine(Specimen.pirate().curve().at(10).random()),
                        Figures.shareFine(DistilSpecimen.chain().mixture()),
                        Figures.shareFine(DistilSpecimen.chain().mixtureFull()),
                        Figures.shareFine(DistilSpecimen.chain().direct()));
        assertThat(section.getTextContent()).contains("base 0.538, soft prompt 0.0371, its mixture 0.0846");
        assertThat(HtmlReport.render(Specimen.pirate(), Optional.empty(), Map.of(), 1))
                .doesNotContain("id=\"chain\"");
    }

    private static String page(Distillation found) {
        return DistilHtml.render(found, Specimen.provenance(), 412.7);
    }

    private static String heading(Distillation found) throws Exception {
        return HtmlReportTest.elements(HtmlReportTest.parse(page(found)), "h1")
                .getFirst()
                .getTextContent();
    }

    private static String lead(Distillation found) throws Exception {
        return HtmlReportTest.elements(HtmlReportTest.parse(page(found)), "p").stream()
                .filter(paragraph -> paragraph.getAttribute("class").equals("lead"))
                .findFirst()
                .orElseThrow()
                .getTextContent();
    }

    private static List<String> sections(Distillation found) throws Exception {
        return HtmlReportTest.elements(HtmlReportTest.parse(page(found)), "section").stream()
                .map(section -> section.getAttribute("id"))
                .toList();
    }
}
