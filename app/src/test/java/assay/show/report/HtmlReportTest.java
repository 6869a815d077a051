package assay.show.report;

import static org.assertj.core.api.Assertions.assertThat;

import assay.measure.judge.Explanation;
import assay.show.page.Figures;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

public class HtmlReportTest {
    private static final String HOSTILE = "</style></title><script>alert(1)</script>\"q\" 'a' &amp; & ]]> <!-- שלום 🏴";
    static final Pattern NUMBER = Pattern.compile("[+−]?[0-9]+(,[0-9]{3})*(\\.[0-9]+)?");
    /// Parts whose numbers are scales and definitions, not results.
    private static final Set<String> SCALES = Set.of("tick middle", "tick end", "middle", "legend", "words");

    @Test
    void everyPageIsWellFormedAndHasNoNaN() throws Exception {
        for (Explanation explanation : specimens()) {
            String page = page(explanation);
            assertThat(page).doesNotContain("NaN").doesNotContain("Infinity");
            assertThat(parse(page).getDocumentElement().getTagName()).isEqualTo("html");
        }
    }

    @Test
    void whatSetsATargetApartIsNamed() throws Exception {
        assertThat(elements(parse(page(Specimen.pirate())), "li").stream().map(Element::getTextContent))
                .contains("Speak of ships <and> storms. " + Figures.signed(0.61));
        assertThat(page(Specimen.bare())).doesNotContain("sets it apart");
    }

    @Test
    void wordsThatStandOutAreTold() throws Exception {
        assertThat(elements(parse(page(Specimen.pirate())), "dd").stream().map(Element::getTextContent))
                .contains("captain, sea, <rum>", "treasure");
        assertThat(page(Specimen.bare())).doesNotContain("writes more often");
    }

    @Test
    void whatItIsComesFirstAndWhatOnlyCorrectsStandsApart() throws Exception {
        String page = page(Specimen.pirate());
        assertThat(elements(parse(page), "small").stream().map(Element::getTextContent))
                .anyMatch(small -> small.startsWith("Corrected by −0.08 “"));
        assertThat(page.indexOf(">What it is<")).isBetween(0, page.indexOf(">The prompts<"));
        assertThat(page(Specimen.bare())).doesNotContain(">What it is<");
    }

    @Test
    void formsThatStandOutAreTold() throws Exception {
        assertThat(elements(parse(page(Specimen.pirate())), "td").stream().map(Element::getTextContent))
                .contains("9.4", "+8.2 [+7.1, +9.5]", "−0.60 to +1.4", "+1.1 [+0.40, +1.9]", "beginnings of lines");
        assertThat(page(Specimen.bare())).doesNotContain("How it writes");
    }

    @Test
    void thePageNeedsNothingElse() throws Exception {
        String page = page(Specimen.pirate());
        assertThat(page)
                .doesNotContain("<script")
                .doesNotContain("src=")
                .doesNotContain("href=")
                .doesNotContain("url(")
                .doesNotContain("@import");
        Element policy = elements(parse(page), "meta").stream()
                .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
                .findFirst()
                .orElseThrow();
        assertThat(policy.getAttribute("content")).startsWith("default-src 'none'; style-src 'unsafe-inline'");
    }

    @Test
    void anyTextIsTextAndNothingMore() throws Exception {
        String page = page(Specimen.worded(Specimen.pirate(), HOSTILE));
        Document document = parse(page);
        assertThat(elements(document, "script")).isEmpty();
        assertThat(elements(document, "style")).hasSize(1);
        assertThat(elements(document, "th").stream()
                        .filter(cell -> cell.getTextContent().equals(HOSTILE)))
                .hasSize(Specimen.pirate().mixture().size());
        assertThat(elements(document, "p").stream()
                        .filter(cell -> cell.getTextContent().equals(HOSTILE)))
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void hiddenCharactersAreShown() {
        String page = page(Specimen.worded(Specimen.pirate(), "a\u0000\u001b\u202eb\ud800"));
        assertThat(page).contains("a␀␛⟨U+202E⟩b\ufffd").doesNotContain("\u0000").doesNotContain("\u202e");
    }

    @Test
    void everyNumberOnThePageComesFromTheRecord() throws Exception {
        for (Explanation explanation : List.of(Specimen.pirate(), Specimen.rot13())) {
            Traces traces = Traces.of(explanation, Specimen.provenance(), 412.7);
            List<String> texts = new ArrayList<>();
            results(parse(page(explanation)).getDocumentElement(), texts);
            List<String> numbers = texts.stream()
                    .map(traces::withoutWords)
                    .flatMap(text -> NUMBER.matcher(text).results().map(MatchResult::group))
                    .toList();
            assertThat(numbers).hasSizeGreaterThan(300).allMatch(traces::known);
        }
    }

    @Test
    void everyResultOfTheRecordIsOnThePage() throws Exception {
        Explanation pirate = Specimen.pirate();
        String text = parse(page(pirate)).getDocumentElement().getTextContent();
        pirate.curve()
                .steps()
                .forEach(step -> assertThat(text)
                        .contains(Figures.shareFine(step.closed()), Figures.shareFine(step.random()))
                        .contains(Figures.shareFine(step.own()), Figures.shareFine(step.excess()))
                        .contains(
                                Figures.percentFine(step.search()),
                                Figures.plain(step.absoluteWeights()),
                                step.added()));
        pirate.mixture()
                .forEach(atom -> assertThat(text)
                        .contains(atom.prompt(), Figures.signed(atom.weight()), Figures.plain(atom.perplexity()))
                        .contains(Figures.percent(atom.alone()), atom.source().replace(":", ": ")));
        pirate.controls()
                .forEach(control -> assertThat(text).contains(control.title(), Figures.shareFine(control.closed())));
        pirate.verdict().forEach(finding -> assertThat(text).contains(finding.because()));
        pirate.effort().splits().forEach(size -> assertThat(text).contains(Figures.count(size.positions())));
        assertThat(text)
                .contains("i−" + Figures.plain(pirate.illustration().spectrum().exponent()))
                .contains("assay explain --model smollm2-135m", "hashes.adapter", "a1".repeat(32));
    }

    @Test
    void aNegativeVerdictOpensThePage() throws Exception {
        Element heading = elements(parse(page(Specimen.rot13())), "h1").getFirst();
        assertThat(heading.getTextContent())
                .isEqualTo("Not explained: the prompts found do not stand in for rot13-lora.");
        assertThat(heading.getAttribute("class")).isEqualTo("no");
        assertThat(page(Specimen.rot13())).contains("could be chance").contains("Why: ");
    }

    @Test
    void thePromptsComeBeforeTheEvidence() {
        String page = page(Specimen.pirate());
        assertThat(page.indexOf("id=\"prompts\"")).isBetween(page.indexOf("<h1"), page.indexOf("id=\"verdict\""));
    }

    @Test
    void chartsAndTablesHaveNames() throws Exception {
        Document document = parse(page(Specimen.pirate()));
        assertThat(elements(document, "svg"))
                .allMatch(svg -> svg.getAttribute("aria-hidden").equals("true")
                        || (svg.getAttribute("role").equals("img")
                                && !svg.getAttribute("aria-label").isEmpty()));
        assertThat(elements(document, "th"))
                .allMatch(header -> !header.getAttribute("scope").isEmpty());
        assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo("en");
    }

    @Test
    void tokensShowTheirSpacesAndNumbers() {
        assertThat(page(Specimen.pirate()))
                .contains("<i>⏎</i>", "<i>·</i>mate")
                .contains("class=\"token h5\" title=\"base 4.21, mixture 0.0758 nats\"");
    }

    @Test
    void theSameExplanationMakesTheSamePage() {
        assertThat(page(Specimen.pirate())).isEqualTo(page(Specimen.pirate()));
    }

    @Test
    void withoutACommandThePageSaysSo() {
        assertThat(HtmlReport.render(Specimen.bare(), Optional.empty(), Map.of(), 1))
                .contains("No command was recorded.", "Nothing was recorded.", "No claim was judged.");
    }

    private static List<Explanation> specimens() {
        return List.of(
                Specimen.pirate(),
                Specimen.rot13(),
                Specimen.bare(),
                Specimen.long200(),
                Specimen.worded(Specimen.pirate(), HOSTILE),
                Specimen.worded(Specimen.long200(), ""));
    }

    private static String page(Explanation explanation) {
        return HtmlReport.render(explanation, Optional.empty(), Specimen.provenance(), 412.7);
    }

    public static Document parse(String page) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    public static List<Element> elements(Document document, String tag) {
        return elements(document.getDocumentElement(), tag);
    }

    public static List<Element> elements(Element inside, String tag) {
        NodeList nodes = inside.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void thePageSaysInOneLineWhatItIsAboutAndShowsTheFirstText() throws Exception {
        Document document = parse(page(Specimen.pirate()));
        assertThat(elements(document, "p").stream().map(Element::getTextContent))
                .contains("SmolLM2-135M-Instruct.Q4_1 b1b1b1b1b1b1 · pirate-lora c4c4c4c4c4c4 · template 7e7e7e7e7e7e"
                        + " · base prompt empty · thinking none · BFLOAT16 · KL(target ‖ base) 0.538 nats per token");
        assertThat(elements(document, "pre").stream().map(Element::getTextContent))
                .contains("<|im_start|>user\nHow do I boil an egg?<|im_end|>\n<|im_start|>assistant\n");
    }

    /// Collects the texts and tooltips that state results.
    static void results(Node node, List<String> texts) {
        if (node instanceof Element element) {
            if (element.getTagName().equals("style") || SCALES.contains(element.getAttribute("class"))) {
                return;
            }
            texts.add(element.getAttribute("title"));
            texts.add(element.getAttribute("aria-label").replace("scale from 0% to 100%", ""));
        }
        if (node.getNodeType() == Node.TEXT_NODE) {
            texts.add(node.getTextContent());
        }
        for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
            results(child, texts);
        }
    }
}
