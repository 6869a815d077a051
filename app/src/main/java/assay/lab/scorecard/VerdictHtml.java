package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.Failure;
import assay.lab.claims.StudyEvidence.Prediction;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import assay.show.page.Table;
import java.util.List;

/// A judged study as one page that needs nothing else: no script, no font, no network.
///
/// The verdict table comes first, then what could not be run and what was predicted, then a section for each claim
/// with its evidence and pictures, how to read it, and where the figures come from.
public final class VerdictHtml {
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
        page.reading();
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
        out.open("section", "id", "verdict").open("table", "class", "verdicts");
        Table.head(out, "Claim", "What is claimed", "Verdict", "Why");
        out.open("tbody");
        for (ClaimVerdict claim : verdicts.claims()) {
            out.open("tr", "class", VerdictWords.style(claim.holds()));
            out.open("th", "scope", "row", "class", "claim");
            out.element("a", claim.claim().id(), "href", "#" + anchor(claim)).close();
            out.element("td", claim.claim().statement(), "dir", "auto").open("td");
            out.element("strong", VerdictWords.outcome(claim.holds()), "class", "outcome")
                    .close();
            out.element("td", claim.cause().words()).closeLine();
        }
        out.close().close().closeLine();
    }

    private void failures() {
        if (evidence.failures().isEmpty()) {
            return;
        }
        section("failures", "What could not be run");
        out.open("ul");
        for (Failure failure : evidence.failures()) {
            out.open("li", "dir", "auto").element("b", failure.what()).text(": " + failure.why());
            out.close();
        }
        out.close().closeLine();
    }

    private void predictions() {
        List<Prediction> made = evidence.plan().predictions();
        if (made.isEmpty()) {
            return;
        }
        section("predictions", "What was predicted before anything was run");
        Markup table = Table.openFigures("Claim", "Predicted", "Came", "Reason given");
        for (Prediction prediction : made) {
            table.open("tr").element("th", prediction.claim().id(), "scope", "row");
            Table.cells(table, prediction.holds(), VerdictWords.came(prediction, verdicts));
            table.element("td", prediction.why(), "class", "words", "dir", "auto")
                    .closeLine();
        }
        out.add(Table.closeFigures(table)).closeLine();
    }

    private void claim(ClaimVerdict claim) {
        out.open("section", "id", anchor(claim), "class", VerdictWords.style(claim.holds()));
        out.open("h2").text(claim.claim() + " · " + claim.claim().statement() + " ");
        out.element("strong", VerdictWords.outcome(claim.holds()), "class", "outcome")
                .close();
        out.open("p", "class", "lead")
                .element("b", "Because: ")
                .text(claim.because())
                .close();
        evidence(claim);
        Gates gates = evidence.plan().gates();
        switch (claim.claim()) {
            case S1 -> out.add(DistilledSection.of(evidence.distilled(), gates));
            case S2 -> out.add(SparsitySection.of(evidence.targets(), gates, run.model()));
            case S3 -> out.add(SearchSection.of(evidence.targets(), gates));
            case S4 -> out.add(ReadingSection.of(evidence.reading(), evidence.targets(), gates));
            case S5 -> out.add(PredicateSection.of(evidence.predicates(), gates));
            case S6 -> out.add(causes());
            case BAKED -> out.element("p", "There are no pictures for this claim.", "class", "quiet");
        }
        out.closeLine();
    }

    private void evidence(ClaimVerdict claim) {
        if (claim.evidence().isEmpty()) {
            out.element("p", "It rests on no figure.", "class", "quiet");
            return;
        }
        List<String> commands = VerdictWords.commands(claim);
        boolean several = commands.size() > 1;
        List<Figure> figures = claim.evidence();
        int shown = Math.min(VerdictWords.MOST_FIGURES, figures.size());
        out.add(evidence(figures.subList(0, shown), several));
        if (shown < figures.size()) {
            out.open("details").element("summary", (figures.size() - shown) + " more figures");
            out.add(evidence(figures.subList(shown, figures.size()), several)).closeLine();
        }
        if (commands.size() == 1) {
            out.element("p", "Make these figures and pictures again with", "class", "quiet");
            out.element("pre", commands.getFirst());
        }
    }

    private static Markup evidence(List<Figure> figures, boolean several) {
        Markup table = new Markup();
        table.open("table", "class", "evidence");
        if (several) {
            Table.head(table, "Evidence", "Figure", "Gate", "Made again with");
        } else {
            Table.head(table, "Evidence", "Figure", "Gate");
        }
        table.open("tbody");
        for (Figure figure : figures) {
            table.open("tr").element("th", figure.name(), "scope", "row", "dir", "auto");
            Table.cells(table, figure.value(), figure.gate().isBlank() ? Figures.NOTHING : figure.gate());
            if (several) {
                table.open("td").element("code", figure.command()).close();
            }
            table.closeLine();
        }
        return table.close().closeLine();
    }

    private Markup causes() {
        Markup table = new Markup();
        table.element("h3", "Why, and what to do next").open("table", "class", "causes");
        Table.head(table, "Claim", "Verdict", "Cause", "Next");
        table.open("tbody");
        for (ClaimVerdict claim : verdicts.claims()) {
            table.open("tr", "class", VerdictWords.style(claim.holds()));
            table.element("th", claim.claim().id(), "scope", "row", "class", "claim")
                    .open("td");
            table.element("strong", VerdictWords.outcome(claim.holds()), "class", "outcome")
                    .close();
            Table.cells(table, claim.cause().words(), VerdictWords.next(claim.cause()));
            table.closeLine();
        }
        return table.close().closeLine();
    }

    private void reading() {
        section("reading", "How to read it");
        out.open("dl", "class", "words");
        Page.word(
                out,
                "Closed",
                "1 − KL(target‖list) / KL(target‖base), per token, on user turns never searched or fitted on. "
                        + "100% is a perfect stand-in, 0% is no better than the base.");
        Page.word(
                out,
                "Random",
                "What as many random prompts close when their weights are refitted. Many random prompts close much by "
                        + "themselves, so a high figure alone says nothing about which prompts.");
        Page.word(out, "Excess", "Closed minus random, in points. Only this speaks for these prompts.");
        Page.word(
                out,
                "Random that equal it",
                "The smallest number of random prompts measured that closes as much as the list at its chosen number. "
                        + "With > none measured does.");
        Page.word(
                out,
                "Foreign and own",
                "Foreign contexts hold answers by the base or other prompts; own contexts, answers the target wrote. "
                        + "Reverse: the KL taken the other way, on answers the list wrote.");
        Page.word(
                out,
                "Bits",
                "What the texts and weights of a list take. In soft tokens: how many of them as many bits would pay "
                        + "for, in 16-bit numbers.");
        Page.word(out, "Null", "A control that must not hold. If one does, no figure of the study can be trusted.");
        Page.word(
                out,
                "Log pool, linear pool",
                "A log pool mixes logits: an AND of its prompts. A linear pool mixes probabilities: an OR.");
        Page.word(out, "Gates", "Set in the study file before anything was run. Its hash stands at the top.");
        Page.word(out, "Intervals", "95%, by bootstrap over user turns. Seeds are not in them: each is shown.");
        out.close().closeLine();
    }

    private void origin() {
        section("effort", "What was run");
        out.open("table", "class", "pairs").open("tbody");
        Table.pair(out, "Plan", VerdictWords.plan(evidence.plan()));
        Table.pair(
                out,
                "Targets, each seed counted",
                String.valueOf(evidence.targets().size()));
        Table.pair(
                out, "Adapters distilled", String.valueOf(evidence.distilled().size()));
        Table.pair(out, "Time", Figures.duration(run.seconds()));
        if (!run.folder().isBlank()) {
            Table.pair(out, "Kept in", run.folder());
        }
        out.close().close().closeLine();
        Page.provenance(out, run.provenance(), run.model().sha256());
    }

    private void section(String id, String title) {
        out.open("section", "id", id).element("h2", title);
    }

    /// Only letters and digits: a claim's name comes from outside.
    private static String anchor(ClaimVerdict claim) {
        return "claim-" + claim.claim();
    }
}
