package assay.show.report;

import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Setup;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Markup;
import java.util.List;

/// How something was run, in words: what a report is about, in one line, and the first text the model read.
///
/// @param model what the base is called
/// @param modelSha256 hash of its weights
/// @param nats KL(target ‖ base) per token
record SetupWords(String model, String modelSha256, String target, Setup setup, double nats) {
    private static final int SHOWN = 12;

    private static final int LONGEST_BASE = 80;
    /// Characters of the first text that are shown at either end.
    private static final int HEAD = 420;
    private static final int TAIL = 200;

    static SetupWords of(Explanation explanation) {
        Explanation.Subject subject = explanation.subject();
        return new SetupWords(
                subject.modelName(),
                subject.modelSha256(),
                Headline.named(subject.kind(), subject.name()),
                subject.setup(),
                explanation.divergence().foreign());
    }

    static SetupWords of(Distillation found) {
        Distillation.Subject subject = found.subject();
        return new SetupWords(
                subject.modelName(),
                subject.modelSha256(),
                Headline.named(subject.teacherKind(), subject.teacher()),
                subject.setup(),
                found.divergence().foreign());
    }

    /// What a report is about, in one line.
    String line() {
        return String.join(
                " · ",
                model + " " + brief(modelSha256),
                target + " " + brief(setup.targetSha256()),
                "template " + brief(setup.templateSha256()),
                "base prompt " + Columns.cut(Columns.visible(setup.basePrompt()), LONGEST_BASE),
                "thinking " + setup.thinking(),
                setup.dtype(),
                "KL(target ‖ base) " + Figures.plain(nats) + " nats per token");
    }

    private static String brief(String sha256) {
        return sha256.length() <= SHOWN ? sha256 : sha256.substring(0, SHOWN);
    }

    /// The first text for a terminal, line by line.
    List<String> contextLines(int width) {
        return Columns.visibleLines(firstContext())
                .lines()
                .flatMap(line -> Columns.wrap(line, width).stream())
                .toList();
    }

    /// What the target read in front of its first answer, its middle left out if it is long.
    String firstContext() {
        String text = setup.firstContext();
        return text.length() <= HEAD + TAIL + 3
                ? text
                : text.substring(0, HEAD) + " … " + text.substring(text.length() - TAIL);
    }

    /// The same as a section of a page.
    void section(Markup out) {
        out.section("first-context", "What the target read first");
        out.quiet("The text in front of its first answer, special tokens as they are written. Is it how the model was"
                + " trained to be asked?");
        out.element("pre", firstContext(), "dir", "auto").closeLine();
    }
}
