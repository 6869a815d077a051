package assay.show.report;

import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Subject;
import assay.measure.judge.Explanation.Kind;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import java.util.List;
import java.util.Map;

/// A distillation as one page that needs nothing else: no script, no font, no network.
///
/// The verdict comes first; then the figures, how training went, what it does not reach, and where the numbers
/// came from. What was not measured, or does not apply to a student that is an adapter, has no section.
public final class DistilHtml {
    private final Distillation found;
    private final Markup out = new Markup();

    private DistilHtml(Distillation found) {
        this.found = found;
    }

    /// Writes the page.
    ///
    /// @param provenance where the numbers came from; its `command` is shown as the way to make them again
    /// @param seconds what the run took
    public static String render(Distillation found, Map<String, Object> provenance, double seconds) {
        DistilHtml report = new DistilHtml(found);
        Headline headline = DistilHeadline.of(found);
        report.opening(headline);
        report.evidence();
        report.appendix(provenance, seconds);
        return Page.document(headline.word() + ": " + DistilHeadline.teacher(found.subject()), report.out);
    }

    private void opening(Headline headline) {
        Subject subject = found.subject();
        String what = subject.tokens() > 0 ? "soft prompt" : "adapter";
        String eyebrow = what + " from a " + Headline.kindInWords(subject.teacherKind()) + " on " + subject.modelName();
        ReportPage.headline(out, eyebrow, headline);
        Fidelity fidelity = found.fidelity();
        out.open("dl", "class", "key");
        Page.keyShare(out, "mixture", "Closed by the student", fidelity.foreign());
        if (subject.teacherKind() != Kind.EXAMPLES) {
            Page.keyShare(out, "own", "Closed on own contexts", fidelity.own());
        }
        if (subject.tokens() > 0) {
            Page.keyShare(out, "null", "By the same before training", fidelity.untrained());
        }
        if (!found.training().starts().isEmpty()) {
            Page.keyShare(out, "other", "By the best single prompt", fidelity.bestPrompt());
        }
        String distance = Figures.plain(found.divergence().foreign());
        Page.keyFigure(out, "base", "Teacher from base", distance, "nats per token");
        out.closeLine();
    }

    private void evidence() {
        ReportPage.verdict(out, List.of(found.verdict()));
        section("fidelity", "What it closes");
        out.add(DistilTables.fidelity(found)).closeLine();
        training();
        starts();
        lengths();
        remains();
        layers();
    }

    private void training() {
        section("training", "How training went");
        if (found.training().curve().isEmpty()) {
            out.element("p", "No curve was measured.", "class", "quiet").closeLine();
            return;
        }
        figure(
                DistilCharts.training(found),
                "Closed on the search split, which decides which step is kept. ◇ the test split, "
                        + "after training; at step 0, if measured, before it.");
        numbers("The curve in numbers", DistilTables.training(found.training()));
    }

    private void starts() {
        if (found.training().starts().isEmpty()) {
            return;
        }
        section("starts", "Where training could have begun");
        out.element(
                "p",
                "Every start got the same few steps; training went on from the best on the search split. Both columns "
                        + "are closed on that split.");
        out.add(DistilTables.starts(found.training().starts())).closeLine();
    }

    private void lengths() {
        if (found.sweep().isEmpty()) {
            return;
        }
        section("lengths", "What other lengths close");
        figure(
                DistilCharts.lengths(found.sweep()),
                "Closed on the test split by students of other lengths, trained alike. The band is the 95% interval; "
                        + "dotted: on own contexts.");
        numbers("The lengths in numbers", DistilTables.lengths(found.sweep()));
    }

    private void remains() {
        if (found.remains().isEmpty()) {
            return;
        }
        section("remains", "What it does not reach");
        out.element(
                "p",
                "Places of the test split with the highest KL left, and the tokens the teacher makes likelier there "
                        + "than the student does.");
        out.add(DistilTables.remains(found.remains())).closeLine();
    }

    private void layers() {
        if (found.mechanism().isEmpty()) {
            return;
        }
        section("mechanism", "Whether it does it the same way inside");
        figure(
                DistilCharts.layers(found.mechanism()),
                "Mean cosine of what teacher and student change in the residual stream after each block, over the "
                        + "answer places of the test split. Grey: the same with places shuffled, which is what any two "
                        + "changes have in common.");
        numbers("The cosines in numbers", DistilTables.layers(found.mechanism()));
    }

    private void appendix(Map<String, Object> provenance, double seconds) {
        section("reading", "How to read it");
        out.open("dl", "class", "words");
        Page.word(
                out,
                "Closed",
                "1 − KL(teacher‖student) / KL(teacher‖base), per token, on user turns never trained on. 100% is a "
                        + "perfect stand-in, 0% is no better than the base, below 0% is worse.");
        Page.word(
                out,
                "Foreign and own",
                "Foreign contexts hold answers by the base or other prompts; own contexts, the teacher's answers.");
        Page.word(
                out,
                "Search, fit, test",
                "Training sees the fit split; the search split chooses the start and the step; the test split is the "
                        + "one that figures are reported on. No user turn is in two of them.");
        Page.word(
                out,
                "Intervals",
                "95%, by bootstrap over user turns. They hold for this training run: another seed is not in them.");
        if (found.subject().tokens() > 0) {
            Page.word(
                    out,
                    "Before training",
                    "A good start can close much by itself. What training added is the difference to the student.");
            Page.word(
                    out,
                    "Cosine",
                    "+1 is the same direction, 0 none in common. Equal behaviour does not need equal insides.");
        }
        out.close().closeLine();
        section("effort", "What was run");
        out.element("p", found.subject().teacherDescription(), "dir", "auto");
        out.add(DistilTables.options(found.training(), seconds)).closeLine();
        Page.provenance(out, provenance, found.subject().modelSha256());
    }

    private void section(String id, String title) {
        out.open("section", "id", id).element("h2", title);
    }

    private void figure(Markup chart, String caption) {
        out.open("figure").add(chart).element("figcaption", caption).close();
    }

    /// Numbers that fold away, at the end of a section.
    private void numbers(String summary, Markup table) {
        out.open("details").element("summary", summary).add(table).close().closeLine();
    }
}
