package assay.report;

import assay.judge.Chain;
import assay.judge.Explanation;
import assay.judge.Explanation.Finding;
import assay.judge.Explanation.Outcome;
import assay.judge.Explanation.Step;
import assay.judge.Explanation.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An explanation as one page that needs nothing else: no script, no font, no network.
///
/// The verdict and the prompts come first; evidence, how to read it and where it came from follow. The page
/// is valid as
/// XML too.
public final class HtmlReport {
    private static final String STYLE = "report.css";
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private final Explanation explanation;
    private final Markup out = new Markup();

    private final Optional<Chain> chain;

    private HtmlReport(Explanation explanation, Optional<Chain> chain) {
        this.explanation = explanation;
        this.chain = chain;
    }

    /// Writes the page.
    ///
    /// @param provenance where the numbers came from; its `command` is shown as the way to make them again
    /// @param seconds what the run took
    public static String render(Explanation explanation, Map<String, Object> provenance, double seconds) {
        return render(explanation, Optional.empty(), provenance, seconds);
    }

    /// As above, with the way by a soft prompt if it was taken.
    public static String render(
            Explanation explanation, Optional<Chain> chain, Map<String, Object> provenance, double seconds) {
        HtmlReport report = new HtmlReport(explanation, chain);
        report.page(provenance, seconds);
        return "<!DOCTYPE html>\n" + report.out.finished() + "\n";
    }

    private void page(Map<String, Object> provenance, double seconds) {
        Headline headline = Headline.of(explanation);
        out.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml").open("head");
        out.empty("meta", "charset", "utf-8");
        out.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.empty("meta", "name", "color-scheme", "content", "light dark");
        out.element("title", headline.word() + ": " + Headline.name(explanation.subject()) + " · Assay");
        out.style(styleSheet()).closeLine();
        out.open("body").open("main");
        opening(headline);
        evidence();
        appendix(provenance, seconds);
        out.close().close().close();
    }

    private void opening(Headline headline) {
        Subject subject = explanation.subject();
        out.open("header").open("p", "class", "eyebrow");
        out.text("Assay · " + Headline.kindInWords(subject.kind()) + " on " + subject.modelName())
                .close();
        out.open("h1", "class", headline.outcome().name().toLowerCase(Locale.ROOT));
        out.element("strong", headline.word()).text(": " + headline.verdict()).close();
        out.element("p", headline.support(), "class", "lead");
        if (headline.outcome() != Outcome.YES && !headline.because().isBlank()) {
            out.open("p", "class", "lead")
                    .element("b", "Why: ")
                    .text(headline.because())
                    .close();
        }
        out.closeLine();
        Headline.chosen(explanation).ifPresent(this::keyFigures);
        out.open("section", "id", "prompts").element("h2", "The prompts");
        out.add(Tables.prompts(explanation.mixture())).closeLine();
    }

    private void keyFigures(Step step) {
        out.open("dl", "class", "key");
        keyFigure(
                "mixture",
                "Closed by the mixture",
                Figures.percent(step.closed().value()),
                Figures.bounds(step.closed()));
        keyFigure(
                "null",
                "By as many random prompts",
                Figures.percent(step.random().value()),
                Figures.bounds(step.random()));
        keyFigure("excess", "Excess, in points", Figures.points(step.excess().value()), Figures.bounds(step.excess()));
        keyFigure("own", "Closed on own contexts", Figures.percent(step.own().value()), Figures.bounds(step.own()));
        keyFigure(
                "base",
                "Target from base",
                Figures.plain(explanation.divergence().foreign()),
                "nats per token");
        out.closeLine();
    }

    private void keyFigure(String style, String name, String value, String detail) {
        out.open("div", "class", style).element("dt", name);
        out.open("dd")
                .element("b", value)
                .text(" ")
                .element("span", detail)
                .close()
                .close();
    }

    private void evidence() {
        verdict();
        out.open("section", "id", "curve").element("h2", "What each further prompt adds");
        out.open("figure").add(Charts.curve(explanation));
        out.element(
                "figcaption",
                "Closed on the test split. Bands are 95% intervals; the grey one is what as many random prompts close"
                        + " with refitted weights. ◇ at the left: the best single prompt.");
        out.close();
        out.open("details").element("summary", "The curve in numbers");
        out.add(Tables.curve(explanation.curve().steps())).close().closeLine();
        chain.ifPresent(way -> out.add(ChainSection.of(way)));
        out.open("section", "id", "controls").element("h2", "What else would have scored");
        out.add(Tables.controls(explanation)).closeLine();
        out.open("section", "id", "answers").element("h2", "Answers side by side");
        out.add(Illustrations.samples(explanation.illustration().samples())).closeLine();
        out.open("section", "id", "tokens").element("h2", "Where the mixture errs, token by token");
        out.add(Illustrations.heat(explanation.illustration().heat())).closeLine();
        spectrum();
    }

    private void verdict() {
        out.open("section", "id", "verdict").element("h2", "Verdict, claim by claim");
        if (explanation.verdict().isEmpty()) {
            out.element("p", "No claim was judged.", "class", "quiet");
        } else {
            out.open("ul", "class", "claims");
            explanation.verdict().forEach(this::finding);
            out.close();
        }
        out.closeLine();
    }

    private void finding(Finding finding) {
        String outcome = finding.holds().name().toLowerCase(Locale.ROOT);
        out.open("li", "class", outcome).element("span", finding.claim(), "class", "claim");
        out.open("div").open("p", "class", "says").text(Headline.claimInWords(finding.claim()) + " ");
        out.element("strong", Headline.word(finding.holds()), "class", "outcome")
                .close();
        out.element("p", finding.because()).close().closeLine();
    }

    private void spectrum() {
        Explanation.Spectrum spectrum = explanation.controls().spectrum();
        out.open("section", "id", "spectrum").element("h2", "How many directions the dictionary has");
        if (spectrum.energy().isEmpty()) {
            out.element("p", "The spectrum was not measured.", "class", "quiet");
        } else {
            out.open("figure").add(Charts.spectrum(explanation)).open("figcaption");
            out.text("Share of the dictionary's energy in its first i directions; singular values fall as i");
            out.element("sup", "−" + Figures.plain(spectrum.exponent()));
            out.text(". Dense ridge over the whole atlas, through its sketches, explains ");
            out.text(Figures.percent(spectrum.denseEstimate()) + " of the target on held-out turns.");
            out.close().close();
        }
        out.closeLine();
    }

    private void appendix(Map<String, Object> provenance, double seconds) {
        out.open("section", "id", "reading").element("h2", "How to read it").open("dl", "class", "words");
        word(
                "Closed",
                "1 − KL(target‖mixture) / KL(target‖base), per token, on user turns never searched or fitted on. "
                        + "100% is a perfect stand-in, 0% is no better than the base, below 0% is worse.");
        word(
                "Null",
                "What as many random prompts close when their weights are refitted. Many random prompts close much by "
                        + "themselves, so a high figure alone says nothing about which prompts.");
        word("Excess", "Closed minus the null, bootstrapped together. Only this speaks for these prompts.");
        word(
                "Foreign and own",
                "Foreign contexts hold answers by the base or other prompts; own contexts, the target's answers.");
        word("Alone", "What that prompt closes without the others.");
        word(
                "Weight",
                "How far the mixture moves from the base towards that prompt, in logits. A negative one moves away.");
        word(
                "Dense and rank",
                "Ceilings: what the chosen and the random prompts close together, and their best directions.");
        word("Perplexity", "Of the prompt's text under the base model: low reads as language, high as noise.");
        out.close().closeLine();
        out.open("section", "id", "effort").element("h2", "What was run");
        out.element("p", explanation.subject().description(), "dir", "auto");
        out.add(Tables.effort(explanation.effort(), seconds)).closeLine();
        out.open("section", "id", "provenance").element("h2", "Where the numbers come from");
        Object command = provenance.get("command");
        if (command == null) {
            out.element("p", "No command was recorded.", "class", "quiet");
        } else {
            out.element("p", "Regenerate with").element("pre", command.toString());
        }
        out.element("p", "Model weights, SHA-256 " + explanation.subject().modelSha256(), "class", "hash");
        out.add(Tables.provenance(provenance)).closeLine();
    }

    private void word(String word, String meaning) {
        out.element("dt", word).element("dd", meaning);
    }

    private static String styleSheet() {
        try (InputStream stream = HtmlReport.class.getResourceAsStream(STYLE)) {
            if (stream == null) {
                throw new IllegalStateException("style sheet: expected " + STYLE + " beside the classes, found none.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
