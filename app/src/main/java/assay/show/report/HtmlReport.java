package assay.show.report;

import assay.measure.behaviour.WeightedPrompt;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Explanation.Subject;
import assay.measure.judge.Explanation.TellingWords;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An explanation as one page that needs nothing else: no script, no font, no network.
///
/// The verdict and the prompts come first; evidence, how to read it and where it came from follow. The page
/// is valid as XML too.
public final class HtmlReport {
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
        Headline headline = Headline.of(explanation);
        report.opening(headline);
        report.evidence();
        report.appendix(provenance, seconds);
        return Page.document(headline.word() + ": " + Headline.name(explanation.subject()), report.out);
    }

    private void opening(Headline headline) {
        Subject subject = explanation.subject();
        ReportPage.headline(out, Headline.kindInWords(subject.kind()) + " on " + subject.modelName(), headline);
        Headline.chosen(explanation).ifPresent(this::keyFigures);
        out.open("section", "id", "prompts").element("h2", "The prompts");
        out.add(Tables.prompts(explanation.mixture())).closeLine();
        List<WeightedPrompt> named = explanation.illustration().named();
        if (!named.isEmpty()) {
            out.open("section", "id", "named").element("h2", "What sets it apart, in other prompts");
            out.add(Tables.named(named)).closeLine();
        }
        TellingWords words = explanation.illustration().words();
        if (!words.target().isEmpty()) {
            out.open("section", "id", "words").element("h2", "Words it writes more often");
            out.add(Tables.words(words)).closeLine();
        }
    }

    private void keyFigures(Step step) {
        out.open("dl", "class", "key");
        Page.keyShare(out, "mixture", "Closed by the mixture", step.closed());
        Page.keyShare(out, "null", "By as many random prompts", step.random());
        Page.keyFigure(
                out,
                "excess",
                "Excess, in points",
                Figures.points(step.excess().value()),
                Figures.bounds(step.excess()));
        Page.keyShare(out, "own", "Closed on own contexts", step.own());
        Page.keyFigure(
                out,
                "base",
                "Target from base",
                Figures.plain(explanation.divergence().foreign()),
                "nats per token");
        out.closeLine();
    }

    private void evidence() {
        ReportPage.verdict(out, explanation.verdict());
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

    private void spectrum() {
        Explanation.Spectrum spectrum = explanation.illustration().spectrum();
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
        Page.provenance(out, provenance, explanation.subject().modelSha256());
    }

    private void word(String word, String meaning) {
        Page.word(out, word, meaning);
    }
}
