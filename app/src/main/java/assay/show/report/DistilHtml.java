package assay.show.report;

import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation.Kind;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import assay.show.page.Plot.Frame;
import java.util.List;
import java.util.Map;

/// A distillation as one page that needs nothing else: no script, no font, no network.
///
/// The verdict comes first; then the figures, how training went, what it does not reach, and where the numbers
/// came from. What was not measured, or does not apply to a student that is an adapter, has no section.
public final class DistilHtml {
    private static final String READING = """
            Closed: 1 − KL(teacher‖student) / KL(teacher‖base), per token, on user turns never trained on. 100% is a \
            perfect stand-in, 0% is no better than the base, below 0% is worse.
            Foreign and own: Foreign contexts hold answers by the base or other prompts; own contexts, the teacher's \
            answers.
            Search, fit, test: Training sees the fit split; the search split chooses the start and the step; the test \
            split is the one that figures are reported on. No user turn is in two of them.
            Intervals: 95%, by bootstrap over user turns. They hold for this training run: another seed is not in them.
            """;
    private static final String READING_OF_SOFT_PROMPTS = """
            Before training: A good start can close much by itself. What training added is the difference to the \
            student.
            Cosine: +1 is the same direction, 0 none in common. Equal behaviour does not need equal insides.
            """;

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
        Headline headline = Headline.of(found);
        report.opening(headline);
        report.evidence();
        SetupWords.of(found).section(report.out);
        report.appendix(provenance, seconds);
        String teacher =
                Headline.named(found.subject().teacherKind(), found.subject().teacher());
        return Page.document(headline.word() + ": " + teacher, report.out);
    }

    private void opening(Headline headline) {
        Distillation.Subject subject = found.subject();
        String what = subject.tokens() > 0 ? "soft prompt" : "adapter";
        String eyebrow = what + " from a " + Headline.kindInWords(subject.teacherKind()) + " on " + subject.modelName();
        HtmlReport.headline(out, eyebrow, headline);
        out.element("p", SetupWords.of(found).line(), "class", "hash", "dir", "auto");
        Distillation.Fidelity fidelity = found.fidelity();
        out.open("dl", "class", "key");
        out.keyShare("mixture", "Closed by the student", fidelity.foreign());
        if (subject.teacherKind() != Kind.EXAMPLES) {
            out.keyShare("own", "Closed on own contexts", fidelity.own());
        }
        if (subject.tokens() > 0) {
            out.keyShare("null", "By the same before training", fidelity.untrained());
        }
        if (!found.training().starts().isEmpty()) {
            out.keyShare("other", "By the best single prompt", fidelity.bestPrompt());
        }
        String distance = Figures.plain(found.divergence().foreign());
        out.keyFigure("base", "Teacher from base", distance, "nats per token").closeLine();
    }

    private void evidence() {
        HtmlReport.verdict(out, List.of(found.verdict()));
        out.section("fidelity", "What it closes").add(Tables.fidelity(found)).closeLine();
        training();
        starts();
        lengths();
        remains();
        layers();
    }

    private void training() {
        out.section("training", "How training went");
        if (found.training().curve().isEmpty()) {
            out.quiet("No curve was measured.").closeLine();
            return;
        }
        out.figure(
                Frame.both(340, 320, frame -> Charts.training(found, frame)),
                "Closed on the search split, which decides which step is kept. ◇ the test split, "
                        + "after training; at step 0, if measured, before it.");
        out.details("The curve in numbers", Tables.training(found.training())).closeLine();
    }

    private void starts() {
        if (found.training().starts().isEmpty()) {
            return;
        }
        out.section("starts", "Where training could have begun");
        out.paragraph(
                "Every start got the same few steps; training went on from the best on the search split. Both columns "
                        + "are closed on that split.");
        out.add(Tables.starts(found.training().starts())).closeLine();
    }

    private void lengths() {
        if (found.sweep().isEmpty()) {
            return;
        }
        out.section("lengths", "What other lengths close");
        out.figure(
                Frame.both(340, 320, frame -> Charts.lengths(found.sweep(), frame)),
                "Closed on the test split by students of other lengths, trained alike. The band is the 95% interval; "
                        + "dotted: on own contexts.");
        out.details("The lengths in numbers", Tables.lengths(found.sweep())).closeLine();
    }

    private void remains() {
        if (found.remains().isEmpty()) {
            return;
        }
        out.section("remains", "What it does not reach");
        out.paragraph("Places of the test split with the highest KL left, and the tokens the teacher makes likelier"
                + " there than the student does.");
        out.add(Tables.remains(found.remains())).closeLine();
    }

    private void layers() {
        if (found.mechanism().isEmpty()) {
            return;
        }
        out.section("mechanism", "Whether it does it the same way inside");
        out.figure(
                Frame.both(280, 260, frame -> Charts.layers(found.mechanism(), frame)),
                "Mean cosine of what teacher and student change in the residual stream after each block, over the "
                        + "answer places of the test split. Grey: the same with places shuffled, which is what any two "
                        + "changes have in common.");
        out.details("The cosines in numbers", Tables.layers(found.mechanism())).closeLine();
    }

    private void appendix(Map<String, Object> provenance, double seconds) {
        String words = READING + (found.subject().tokens() > 0 ? READING_OF_SOFT_PROMPTS : "");
        out.section("reading", "How to read it").glossary(words).closeLine();
        out.section("effort", "What was run");
        out.element("p", found.subject().teacherDescription(), "dir", "auto");
        out.add(Tables.options(found.training(), seconds)).closeLine();
        Page.provenance(out, provenance, found.subject().modelSha256());
    }
}
