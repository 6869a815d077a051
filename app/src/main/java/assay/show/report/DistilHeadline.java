package assay.show.report;

import static assay.show.report.Headline.inProse;

import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Subject;
import assay.measure.judge.Explanation.Kind;
import assay.show.page.Columns;
import assay.show.page.Figures;
import java.util.Locale;

/// A distillation's answer in plain words.
final class DistilHeadline {
    private static final int LONGEST_NAME = 60;

    private DistilHeadline() {}

    /// Says what a distillation found.
    static Headline of(Distillation found) {
        String done = found.verdict().claim() == Claim.BAKED ? "baked" : "distilled";
        String word = switch (found.verdict().holds()) {
            case YES -> done.substring(0, 1).toUpperCase(Locale.ROOT) + done.substring(1);
            case NO -> "Not " + done;
            case UNDECIDED -> "Undecided";
        };
        return new Headline(
                found.verdict().holds(),
                word,
                verdict(found),
                support(found),
                found.verdict().because());
    }

    /// The teacher's name, short enough for a headline; prompts in quotation marks.
    static String teacher(Subject subject) {
        String name = Columns.cut(Columns.visible(subject.teacher()), LONGEST_NAME);
        return subject.teacherKind() == Kind.PROMPT ? "“" + name.replaceAll("\\.$", "") + "”" : name;
    }

    private static String verdict(Distillation found) {
        boolean many = found.subject().tokens() > 1;
        String does = switch (found.verdict().holds()) {
            case YES -> many ? " stand in for " : " stands in for ";
            case NO -> many ? " do not stand in for " : " does not stand in for ";
            case UNDECIDED -> " may or may not stand in for ";
        };
        return Columns.visible(found.subject().student()) + does + teacher(found.subject()) + ".";
    }

    private static String support(Distillation found) {
        Fidelity fidelity = found.fidelity();
        if (!Double.isFinite(fidelity.foreign().value())) {
            return "How much of the teacher it closes on text never seen was not measured.";
        }
        StringBuilder text = new StringBuilder("On text never seen, it closes ");
        text.append(inProse(fidelity.foreign())).append(" of what separates the teacher from the base (");
        text.append(Figures.plain(found.divergence().foreign())).append(" nats per token)");
        if (Double.isFinite(fidelity.own().value())) {
            text.append("; on answers the teacher wrote, ").append(inProse(fidelity.own()));
        }
        text.append('.');
        if (Double.isFinite(fidelity.untrained().value())) {
            text.append(" As it started, before training, it closed ")
                    .append(inProse(fidelity.untrained()))
                    .append('.');
        }
        if (Double.isFinite(fidelity.bestPrompt().value())) {
            text.append(" The best single readable prompt closes ")
                    .append(inProse(fidelity.bestPrompt()))
                    .append('.');
        }
        return text.toString();
    }
}
