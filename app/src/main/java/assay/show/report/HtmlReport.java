package assay.show.report;

import static assay.show.page.Figures.bounds;
import static assay.show.page.Figures.counted;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.points;

import assay.measure.behaviour.WeightedPrompt;
import assay.measure.form.FormChange;
import assay.measure.judge.AtLength;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.measure.judge.Lacking;
import assay.measure.judge.Noise;
import assay.measure.judge.Outcome;
import assay.measure.judge.PlainList;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import assay.show.page.Plot.Frame;
import assay.show.page.Strips;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// An explanation as one page that needs nothing else: no script, no font, no network.
///
/// The verdict and the prompts come first; evidence, how to read it and where it came from follow. The page
/// is valid as XML too.
public final class HtmlReport {
    private static final String READING = """
            Closed: 1 − KL(target‖mixture) / KL(target‖base), per token, on user turns never searched or fitted on. \
            100% is a perfect stand-in, 0% is no better than the base, below 0% is worse.
            Null: What as many random prompts close when their weights are refitted. Many random prompts close much by \
            themselves, so a high figure alone says nothing about which prompts.
            Excess: Closed minus the null, bootstrapped together. Only this speaks for these prompts.
            Foreign and own: Foreign contexts hold answers by the base or other prompts; own contexts, the target's \
            answers.
            Alone: What that prompt closes without the others.
            Weight: How far the mixture moves from the base towards that prompt, in logits. A negative one moves away.
            Dense and rank: Ceilings: what the chosen and the random prompts close together, and their best directions.
            Perplexity: Of the prompt's text under the base model: low reads as language, high as noise.
            """;

    private final Explanation explanation;
    private final Optional<Chain> chain;
    private final Markup out = new Markup();

    private HtmlReport(Explanation explanation, Optional<Chain> chain) {
        this.explanation = explanation;
        this.chain = chain;
    }

    /// Writes the page.
    ///
    /// @param chain the way by a soft prompt, if it was taken
    /// @param provenance where the numbers came from; its `command` is shown as the way to make them again
    /// @param seconds what the run took
    public static String render(
            Explanation explanation, Optional<Chain> chain, Map<String, Object> provenance, double seconds) {
        HtmlReport report = new HtmlReport(explanation, chain);
        Explanation.Subject subject = explanation.subject();
        Headline headline = Headline.of(explanation);
        headline(report.out, Headline.kindInWords(subject.kind()) + " on " + subject.modelName(), headline);
        report.out.element("p", FirstLines.of(explanation).sentence(), "class", "lead", "dir", "auto");
        SetupWords setup = SetupWords.of(explanation);
        report.out.element("p", setup.line(), "class", "hash", "dir", "auto");
        report.opening();
        report.evidence();
        setup.section(report.out);
        report.appendix(provenance, seconds);
        return Page.document(headline.word() + ": " + Headline.named(subject.kind(), subject.name()), report.out);
    }

    /// The verdict in plain words, and the cause unless it is a good one.
    static void headline(Markup out, String eyebrow, Headline headline) {
        out.open("header").element("p", "Assay · " + eyebrow, "class", "eyebrow");
        out.open("h1", "class", headline.outcome().name().toLowerCase(Locale.ROOT));
        out.element("strong", headline.word()).text(": " + headline.verdict()).close();
        out.element("p", headline.support(), "class", "lead");
        if (headline.outcome() != Outcome.YES && !headline.because().isBlank()) {
            out.lead("Why: ", headline.because());
        }
        out.closeLine();
    }

    /// The claims a run speaks to.
    static void verdict(Markup out, List<Explanation.Finding> findings) {
        out.section("verdict", "Verdict, claim by claim");
        if (findings.isEmpty()) {
            out.quiet("No claim was judged.").closeLine();
            return;
        }
        out.open("ul", "class", "claims");
        for (Explanation.Finding finding : findings) {
            String outcome = finding.holds().name().toLowerCase(Locale.ROOT);
            out.open("li", "class", outcome).element("span", finding.claim().id(), "class", "claim");
            out.open("div").open("p", "class", "says").text(finding.claim().ofOneTarget() + " ");
            out.element("strong", Headline.word(finding.holds()), "class", "outcome")
                    .close();
            out.paragraph(finding.because()).close().closeLine();
        }
        out.close().closeLine();
    }

    private void opening() {
        Headline.chosen(explanation).ifPresent(this::keyFigures);
        whatItIs(explanation.illustration().plain());
        out.section("prompts", "The prompts")
                .add(Tables.prompts(explanation.mixture()))
                .closeLine();
        named(explanation.illustration().named());
        words(explanation.illustration().words());
        form(explanation.illustration().telling());
    }

    /// What does something alone, and apart from it what only corrects.
    private void whatItIs(PlainList plain) {
        if (plain.prompts().isEmpty()) {
            return;
        }
        out.section("plain", "What it is");
        if (plain.saying().isEmpty()) {
            out.quiet("No prompt does much of it alone.");
        } else {
            out.add(Tables.saying(plain.saying()));
        }
        if (!plain.correcting().isEmpty()) {
            out.element("small", "Corrected by " + FirstLines.corrections(plain) + ".", "dir", "auto");
        }
        out.quiet("Chosen to be plain among lists that close nearly as much: " + Figures.share(plain.closed())
                + "; on the fit split " + Figures.percentFine(plain.cost())
                + " less than the prompts below. Alone: on the fit split.");
        out.closeLine();
    }

    private void keyFigures(Explanation.Step step) {
        String distance = plain(explanation.divergence().foreign());
        out.open("dl", "class", "key")
                .keyShare("mixture", "Closed by the mixture, the worse", step.worse())
                .keyShare("mixture", "Closed on foreign contexts", step.closed())
                .keyShare("null", "By as many random prompts", step.random())
                .keyFigure("excess", "Excess, in points", points(step.excess().value()), bounds(step.excess()))
                .keyShare("own", "Closed on own contexts", step.own())
                .keyFigure("base", "Target from base", distance, "nats per token")
                .closeLine();
    }

    /// Prompts that name the target.
    private void named(List<WeightedPrompt> named) {
        if (named.isEmpty()) {
            return;
        }
        out.section("named", "What sets it apart, in other prompts");
        out.quiet("Chosen by what few prompts do, not by what they close: each differs from the others and is weighed"
                + " by what it shares with the target beyond what nearly all prompts share.");
        out.open("ol");
        for (WeightedPrompt one : named) {
            out.open("li").element("span", one.prompt(), "dir", "auto");
            out.element("small", " " + Figures.signed(one.weight())).close();
        }
        out.close().closeLine();
    }

    /// Words that stand out.
    private void words(Explanation.TellingWords words) {
        if (words.target().isEmpty()) {
            return;
        }
        out.section("words", "Words it writes more often");
        out.quiet("Read off the probabilities at all places of the search split, whole words only; what prompts on the"
                + " whole bring is left out.");
        out.open("dl", "class", "words");
        words("Than the base", words.target());
        words("Than these prompts, still", words.lacking());
        out.close().closeLine();
    }

    private void words(String than, List<String> words) {
        out.element("dt", than);
        out.element("dd", words.isEmpty() ? "none" : String.join(", ", words), "dir", "auto");
    }

    /// Forms of writing that stand out.
    private void form(List<FormChange> telling) {
        if (telling.isEmpty()) {
            return;
        }
        out.section("form", "How it writes");
        out.quiet(
                "Read off the probabilities on the foreign contexts of the test split. Shown is what changes farther than"
                        + " under any of the random prompts, with 95% intervals over user turns; most telling first.");
        out.add(Tables.form(telling)).closeLine();
    }

    private void evidence() {
        verdict(out, explanation.verdict());
        out.section("curve", "What each further prompt adds")
                .figure(
                        Frame.both(420, 400, frame -> Charts.curve(explanation, frame)),
                        "Closed on the test split. Bands are 95% intervals; the grey one is what as many random prompts"
                                + " close with refitted weights, the broken line in it what they were expected to, from the"
                                + " dictionary's spectrum alone. ◇ at the left: the best single prompt.")
                .details(
                        "The curve in numbers", Tables.curve(explanation.curve().steps()))
                .closeLine();
        chain.ifPresent(this::chain);
        out.section("controls", "What else would have scored")
                .add(Tables.controls(explanation))
                .closeLine();
        explanation.comparison().noise().ifPresent(noise -> {
            out.section("noise", "What a second training run would reach");
            out.quiet(
                    "An adapter is its recipe and the noise of one run. What the mean of ever more runs tends to is the recipe"
                            + " without noise; no list can be expected to reach more.");
            side("On foreign contexts", noise.foreign());
            noise.own().ifPresent(own -> side("On own contexts", own));
            out.closeLine();
        });
        out.section("answers", "Answers side by side")
                .add(Illustrations.samples(explanation.illustration().samples()))
                .closeLine();
        out.section("tokens", "Where the mixture errs, token by token")
                .add(Illustrations.heat(explanation.illustration().heat()))
                .closeLine();
        lacking(explanation.comparison().lacking());
        explanation.comparison().atLength().ifPresent(this::atLength);
        spectrum(explanation.illustration().spectrum());
    }

    private void lacking(Lacking lacking) {
        if (lacking.sides().isEmpty()) {
            return;
        }
        out.section("lacking", "Which part is still lacking");
        LackingWords.sides(lacking).forEach(out::paragraph);
        out.details("By kind of token, by frequency, by position, and the worst places", LackingWords.tables(lacking))
                .closeLine();
    }

    private void atLength(AtLength found) {
        out.section("long", "In longer talk");
        out.quiet(
                "Conversations of three turns on questions that people wrote, answers of up to 128 tokens. The list was fitted"
                        + " on the first 16 tokens of first answers. Intervals are over conversations.");
        for (AtLength.Side side : found.sides()) {
            out.element("h3", "On " + side.contexts() + " answers");
            Strips strips = new Strips("Places", "Closed [95%]");
            side.buckets()
                    .forEach(bucket -> strips.share(
                            side.contexts().equals("own") ? "own" : "mixture",
                            Headline.where(bucket),
                            plain(bucket.klBase()) + " nats per token from the base",
                            bucket.closed()));
            out.add(strips.finish());
        }
        out.closeLine();
    }

    private void side(String where, Noise.Side side) {
        out.element("h3", where);
        out.open("dl", "class", "key");
        Headline.rows(side).forEach(row -> out.keyShare("noise", row.label(), row.share()));
        out.closeLine();
    }

    /// The way adapter → soft prompt → mixture: what each step keeps, and the soft prompt's own prompts.
    private void chain(Chain chain) {
        Explanation ofSoft = chain.ofSoft();
        out.section(
                "chain",
                "By way of a soft prompt of "
                        + counted(chain.distillation().subject().tokens(), "token"));
        out.add(steps(chain));
        out.paragraph(Headline.nats(chain)
                + ". All rows are of the same foreign test contexts; those of the soft prompt by prompts are"
                + " shares of its own distance from the base, the others of the adapter's.");
        out.paragraph(chain.distillation().verdict().because());
        if (!chain.lacking().sides().isEmpty()) {
            out.details("Which part of the adapter each of them lacks", LackingWords.tables(chain.lacking()));
        }
        if (!ofSoft.curve().steps().isEmpty()) {
            out.details(
                    "The soft prompt's curve in numbers",
                    Tables.curve(ofSoft.curve().steps()));
        }
        out.element("h3", "The prompts that stand in for the soft prompt")
                .add(Tables.prompts(ofSoft.mixture()))
                .closeLine();
    }

    /// The three steps in order, and the way that leaves the soft prompt out.
    private static Markup steps(Chain chain) {
        Strips strips = new Strips("Step", "Closed [95%]");
        String student = chain.distillation().subject().student();
        strips.share("mixture", "Adapter by soft prompt", student, chain.soft());
        Headline.chosen(chain.ofSoft()).ifPresent(step -> {
            strips.share("mixture", "Soft prompt by prompts", counted(step.k(), "prompt"), step.closed());
            strips.share("null", "Soft prompt by random prompts", "as many, weights refitted", step.random());
        });
        strips.share("mixture", "Adapter by the soft prompt's prompts", "the whole chain", chain.mixture());
        List<Explanation.Step> curve = chain.ofSoft().curve().steps();
        if (!curve.isEmpty()) {
            String prompts = counted(curve.getLast().k(), "prompt");
            strips.share("other", "Adapter by its longest mixture", prompts, chain.mixtureFull());
        }
        strips.share("other", "Adapter by prompts directly", "without the soft prompt", chain.direct());
        return strips.finish();
    }

    private void spectrum(Explanation.Spectrum spectrum) {
        out.section("spectrum", "How many directions the dictionary has");
        Headline.expected(explanation).ifPresent(out::paragraph);
        Headline.directions(spectrum.expected()).ifPresent(out::paragraph);
        if (spectrum.energy().isEmpty()) {
            out.quiet("The spectrum was not measured.").closeLine();
            return;
        }
        Markup chart = Frame.both(260, 260, frame -> Charts.spectrum(explanation, frame));
        out.open("figure").add(chart).open("figcaption");
        out.text("Share of the dictionary's energy in its first i directions; singular values fall as i");
        out.element("sup", "−" + plain(spectrum.exponent()));
        out.text(". Dense ridge over the whole atlas, through its sketches, explains ");
        out.text(Figures.percent(spectrum.denseEstimate()) + " of the target on held-out turns.");
        out.close().close().closeLine();
    }

    private void appendix(Map<String, Object> provenance, double seconds) {
        out.section("reading", "How to read it").glossary(READING).closeLine();
        out.section("effort", "What was run");
        out.element("p", explanation.subject().description(), "dir", "auto");
        out.add(Tables.effort(explanation.effort(), seconds)).closeLine();
        Page.provenance(out, provenance, explanation.subject().modelSha256());
    }
}
