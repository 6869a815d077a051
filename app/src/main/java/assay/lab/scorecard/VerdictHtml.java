package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.RivalEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.Prediction;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import assay.show.page.Table;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// A judged study as one page that needs nothing else: no script, no font, no network.
///
/// The verdict table comes first, then what could not be run and what was predicted, then a section for each claim
/// with its evidence and pictures, how to read it, and where the figures come from.
public final class VerdictHtml {
    private static final String READING = """
            Closed: 1 − KL(target‖list) / KL(target‖base), per token, on user turns never searched or fitted on. \
            100% is a perfect stand-in, 0% is no better than the base.
            Random: What as many random prompts close when their weights are refitted. Many random prompts close much \
            by themselves, so a high figure alone says nothing about which prompts.
            Excess: Closed minus random, in points. Only this speaks for these prompts.
            Random that equal it: The smallest number of random prompts measured that closes as much as the list at \
            its chosen number. With > none measured does.
            Foreign and own: Foreign contexts hold answers by the base or other prompts; own contexts, answers the \
            target wrote. Reverse: the KL taken the other way, on answers the list wrote.
            Bits: What the texts and weights of a list take. In soft tokens: how many of them as many bits would pay \
            for, in 16-bit numbers.
            Null: A control that must not hold. If one does, no figure of the study can be trusted.
            Log pool, linear pool: A log pool mixes logits: an AND of its prompts. A linear pool mixes probabilities: \
            an OR.
            Gates: Set in the study file before anything was run. Its hash stands at the top.
            Intervals: 95%, by bootstrap over user turns. Seeds are not in them: each is shown.
            """;

    private final Verdicts verdicts;
    private final StudyEvidence evidence;
    private final StudyRun run;
    private final Markup out = new Markup();

    private VerdictHtml(Verdicts verdicts, StudyRun run) {
        this.verdicts = verdicts;
        this.evidence = verdicts.evidence();
        this.run = run;
    }

    /// Writes the page.
    public static String render(Verdicts verdicts, StudyRun run) {
        VerdictHtml page = new VerdictHtml(verdicts, run);
        page.opening();
        page.failures();
        page.predictions();
        verdicts.claims().forEach(page::claim);
        page.rivals();
        page.out.section("reading", "How to read it").glossary(READING).closeLine();
        page.origin();
        return Page.document(VerdictWords.count(verdicts), page.out);
    }

    private void opening() {
        out.open("header");
        out.element("p", "Assay · verdict on " + run.model().name(), "class", "eyebrow");
        out.open("h1").element("strong", "Verdict");
        out.text(": " + VerdictWords.count(verdicts) + ".").close();
        out.open("p", "class", "lead").text(VerdictWords.plan(evidence.plan()) + ". ");
        List.of(VerdictWords.predictions(verdicts), VerdictWords.failures(verdicts), VerdictWords.nulls(verdicts))
                .forEach(sentence -> out.text(sentence.isEmpty() ? "" : sentence + " "));
        out.close();
        out.element("p", "Study file, SHA-256 " + evidence.plan().sha256(), "class", "hash")
                .closeLine();
        out.open("section", "id", "verdict");
        Table<ClaimVerdict> table = claims(
                        claim -> new Markup().element("a", claim.claim().id(), "href", "#" + anchor(claim)))
                .cell("What is claimed", claim -> claim.claim().statement(), "dir", "auto")
                .cell("Verdict", VerdictHtml::outcome)
                .cell("Why", claim -> claim.cause().words());
        out.add(table.bare("verdicts")).closeLine();
    }

    /// A table of all claims, in the colours of their outcomes.
    private Table<ClaimVerdict> claims(Function<ClaimVerdict, Object> named) {
        return Table.of(verdicts.claims()).styled(VerdictHtml::style).row("Claim", named, "class", "claim");
    }

    private static Markup outcome(ClaimVerdict claim) {
        return new Markup().element("strong", claim.holds().name(), "class", "outcome");
    }

    /// An outcome as a CSS class.
    private static String style(ClaimVerdict claim) {
        return claim.holds().name().toLowerCase(Locale.ROOT);
    }

    private void failures() {
        if (evidence.failures().isEmpty()) {
            return;
        }
        out.section("failures", "What could not be run");
        out.open("ul");
        for (StudyEvidence.Failure failure : evidence.failures()) {
            out.open("li", "dir", "auto").element("b", failure.what());
            out.text(": " + failure.why()).close();
        }
        out.close().closeLine();
    }

    private void predictions() {
        List<Prediction> made = evidence.plan().predictions();
        if (made.isEmpty()) {
            return;
        }
        out.section("predictions", "What was predicted before anything was run");
        out.add(Table.of(made)
                        .row("Claim", prediction -> prediction.claim().id())
                        .cell("Predicted", Prediction::holds)
                        .cell("Came", prediction -> VerdictWords.came(prediction, verdicts))
                        .words("Reason given", Prediction::why)
                        .figures())
                .closeLine();
    }

    private void rivals() {
        if (evidence.rivals().isEmpty()) {
            return;
        }
        out.section("rivals", "Other ways to say it, on the same targets");
        out.add(Table.of(evidence.rivals())
                        .row("Rival", RivalEvidence::name)
                        .cell("Targets", RivalEvidence::targets)
                        .cell("Closed, mean", RivalEvidence::closed)
                        .cell("Named by a blind reader", RivalEvidence::right)
                        .cell("Seconds a target", rival -> Figures.duration(rival.seconds()))
                        .figures())
                .closeLine();
    }

    private void claim(ClaimVerdict claim) {
        out.open("section", "id", anchor(claim), "class", style(claim));
        out.open("h2").text(claim.claim() + " · " + claim.claim().statement() + " ");
        out.add(outcome(claim)).close();
        out.lead("Because: ", claim.because());
        evidence(claim);
        Gates gates = evidence.plan().gates();
        switch (claim.claim()) {
            case S1 -> out.add(StripSections.distilled(evidence.distilled(), gates));
            case S2 -> out.add(SparsitySection.of(evidence.targets(), gates, run.model()));
            case S3 -> out.add(StripSections.searched(evidence.targets(), gates));
            case S4 -> out.add(ReadingSection.of(evidence.reading(), evidence.targets(), gates));
            case S5 -> out.add(StripSections.predicates(evidence.predicates(), gates));
            case S6 -> out.add(causes());
            case BAKED -> out.quiet("There are no pictures for this claim.");
        }
        out.add(CeilingSection.of(evidence.ceilings(), claim.claim(), gates.closed()));
        out.closeLine();
    }

    private void evidence(ClaimVerdict claim) {
        List<String> commands = VerdictWords.commands(claim);
        List<Figure> figures = claim.evidence();
        if (figures.isEmpty()) {
            out.quiet("It rests on no figure.");
            return;
        }
        out.folding(figures, VerdictWords.MOST_FIGURES, " more figures", some -> evidence(some, commands.size() > 1));
        if (commands.size() == 1) {
            out.quiet("Make these figures and pictures again with").element("pre", commands.getFirst());
        }
    }

    private static Markup evidence(List<Figure> figures, boolean several) {
        Table<Figure> table = Table.of(figures)
                .row("Evidence", Figure::name, "dir", "auto")
                .cell("Figure", Figure::value)
                .cell("Gate", figure -> figure.gate().isBlank() ? Figures.NOTHING : figure.gate());
        if (several) {
            table.cell("Made again with", figure -> new Markup().element("code", figure.command()));
        }
        return table.plain("evidence");
    }

    private Markup causes() {
        return new Markup()
                .element("h3", "Why, and what to do next")
                .add(claims(claim -> claim.claim().id())
                        .cell("Verdict", VerdictHtml::outcome)
                        .cell("Cause", claim -> claim.cause().words())
                        .cell("Next", claim -> VerdictWords.next(claim.cause()))
                        .plain("causes"));
    }

    private void origin() {
        out.section("effort", "What was run");
        Markup pairs = Table.openPairs()
                .pair("Plan", VerdictWords.plan(evidence.plan()))
                .pair("Targets, each seed counted", evidence.targets().size())
                .pair("Adapters distilled", evidence.distilled().size())
                .pair("Time", Figures.duration(run.seconds()));
        if (!run.folder().isBlank()) {
            pairs.pair("Kept in", run.folder());
        }
        out.add(pairs.close().close()).closeLine();
        Page.provenance(out, run.provenance(), run.model().sha256());
    }

    /// Only letters and digits: a claim's name comes from outside.
    private static String anchor(ClaimVerdict claim) {
        return "claim-" + claim.claim();
    }
}
