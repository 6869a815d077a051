package assay.show.report;

import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.share;

import assay.base.sparse.Interval;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation.Kind;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Style;
import assay.show.page.TextPage;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// A distillation as the answer a terminal prints: verdict, figures, starts, curve, what remains, mechanism.
public final class DistilText extends TextPage {
    private static final int MOST_REMAINS = 4;
    private static final int MOST_POINTS = 9;
    private static final int LABEL = 34;

    private final Distillation found;

    private DistilText(Distillation found, Style style) {
        super(style);
        this.found = found;
    }

    /// Writes the report; no line is wider than the style allows.
    public static String render(Distillation found, Style style) {
        DistilText page = new DistilText(found, style);
        page.headline();
        page.fidelity();
        page.starts();
        page.curve();
        page.sweep();
        page.remains();
        page.mechanism();
        page.setup(SetupWords.of(found));
        return page.written();
    }

    private void setup(SetupWords setup) {
        title("What the teacher read first");
        setup.contextLines(style().width() - 2).forEach(row -> line("  " + row));
        title("What was run");
        quiet(setup.line());
    }

    private void headline() {
        Headline headline = Headline.of(found);
        strong(headline.word() + ": " + headline.verdict());
        if (!found.subject().teacherDescription().isBlank()) {
            quiet("Teacher: " + found.subject().teacherDescription() + ".");
        }
        String because = found.verdict().because();
        say(
                found.verdict().claim() != Claim.BAKED
                        ? "Claim " + found.verdict().claim() + ": " + because
                        : sentence(because));
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void fidelity() {
        Distillation.Fidelity fidelity = found.fidelity();
        String distance = "Closed on unseen user turns (teacher to base: "
                + plain(found.divergence().foreign()) + " nats per token";
        if (found.subject().teacherKind() == Kind.EXAMPLES) {
            title(distance + ")");
            figure("on the examples' answers", fidelity.foreign());
        } else {
            title(distance + "; on its own answers " + plain(found.divergence().own()) + ")");
            figure("on answers of others", fidelity.foreign());
            figure("on the teacher's own answers", fidelity.own());
        }
        if (found.subject().tokens() > 0) {
            figure("the same before training", fidelity.untrained());
        }
        if (!found.training().starts().isEmpty()) {
            figure("best single readable prompt", fidelity.bestPrompt());
        }
    }

    private void figure(String name, Interval interval) {
        if (style().width() < LABEL + 22) {
            say(name);
            line("    " + share(interval));
            return;
        }
        int bar = Math.min(20, style().width() - LABEL - 22);
        line(Columns.left(name, LABEL) + paint(Columns.bar(interval.value(), bar), Ink.MIXTURE) + " "
                + share(interval));
    }

    private void starts() {
        if (found.training().starts().isEmpty()) {
            return;
        }
        title("Starts, on the search split: before and after a few steps");
        for (Distillation.Start one : found.training().starts()) {
            String figures = Columns.right(Figures.percent(one.before()), 5)
                    + Columns.right(Figures.percent(one.after()), 6)
                    + (one.chosen() ? " *" : "  ");
            String start = Columns.left(Columns.cut(Columns.visible(one.kind()), 11), 12) + figures;
            int room = style().width() - Columns.width(start) - 1;
            String text = room < 8 ? "" : " " + paint(Columns.cut(Columns.visible(one.text()), room), Ink.QUIET);
            line(start + text);
        }
    }

    private void curve() {
        List<Distillation.Point> points = found.training().curve();
        title("Training: " + found.training().ended() + ", "
                + Figures.duration(found.training().seconds()) + ", kept step "
                + found.training().chosenStep());
        int stride = Math.max(1, Math.ceilDiv(points.size(), MOST_POINTS));
        int bar = Math.clamp(style().width() - 36L, 4, 30);
        for (int i = 0; i < points.size(); i++) {
            if (i % stride == 0 || i == points.size() - 1) {
                Distillation.Point point = points.get(i);
                line("step " + Columns.right(Integer.toString(point.step()), 5) + " "
                        + Columns.right(Figures.duration(point.seconds()), 7) + " "
                        + paint(Columns.bar(point.closed(), bar), Ink.MIXTURE) + " "
                        + Figures.percentFine(point.closed()));
            }
        }
    }

    private void sweep() {
        if (found.sweep().isEmpty()) {
            return;
        }
        title("Other lengths, trained alike");
        for (Distillation.Length length : found.sweep()) {
            figure(Figures.counted(length.tokens(), "soft token"), length.closed());
        }
    }

    private void remains() {
        if (found.remains().isEmpty()) {
            return;
        }
        title("What it does not reach: places with the highest KL left");
        for (Distillation.Remaining place :
                found.remains().stream().limit(MOST_REMAINS).toList()) {
            String before =
                    place.before().isBlank() ? "" : " … " + place.before().strip();
            strong("“" + place.user() + "”" + before);
            String wanted = place.wanted().stream()
                    .map(token -> "“" + Illustrations.token(token.token()) + "” " + Figures.percent(token.teacher())
                            + " not " + Figures.percent(token.student()))
                    .collect(Collectors.joining(", "));
            String left = plain(place.student()) + " of " + plain(place.base()) + " nats left; wanted " + wanted;
            prose(left, Ink.PLAIN, "  ", "  ");
        }
    }

    private void mechanism() {
        if (found.mechanism().isEmpty()) {
            return;
        }
        Distillation.Layer last = found.mechanism().getLast();
        title("Inside the model");
        say("The residual stream moves alike: cosine " + mean(Distillation.Layer::cosine) + " over all blocks, "
                + cosine(last.cosine()) + " after the last; places shuffled " + mean(Distillation.Layer::random)
                + " and " + cosine(last.random()) + ".");
    }

    private String mean(ToDoubleFunction<Distillation.Layer> quantity) {
        return cosine(found.mechanism().stream().mapToDouble(quantity).average().orElse(Double.NaN));
    }

    private static String cosine(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.2f", value) : Figures.NOTHING;
    }
}
