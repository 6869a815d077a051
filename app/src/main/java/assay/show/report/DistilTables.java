package assay.show.report;

import static assay.show.page.Figures.shareFine;

import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Layer;
import assay.measure.judge.Distillation.Length;
import assay.measure.judge.Distillation.Remaining;
import assay.measure.judge.Distillation.Setting;
import assay.measure.judge.Distillation.Start;
import assay.measure.judge.Distillation.Training;
import assay.measure.judge.Distillation.Wanted;
import assay.measure.judge.Explanation.Kind;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Table;
import java.util.List;
import java.util.stream.DoubleStream;

/// The tables of a distillation's page.
final class DistilTables {
    private DistilTables() {}

    /// What the student closes, and what it would have closed untrained or as a readable prompt.
    static Markup fidelity(Distillation found) {
        Fidelity fidelity = found.fidelity();
        Markup out = new Markup();
        Table.openControls(out, "On the test split");
        if (found.subject().teacherKind() == Kind.EXAMPLES) {
            Table.control(out, "mixture", "The student", "the examples' answers", fidelity.foreign());
        } else {
            Table.control(
                    out,
                    "mixture",
                    "The student",
                    "foreign contexts: answers by the base or other prompts",
                    fidelity.foreign());
            Table.control(out, "own", "The student, own contexts", "answers the teacher wrote", fidelity.own());
        }
        if (found.subject().tokens() > 0) {
            Table.control(out, "null", "Before training", "the start it was trained from", fidelity.untrained());
        }
        if (!found.training().starts().isEmpty()) {
            Table.control(out, "other", "Best single readable prompt", "of the start, alone", fidelity.bestPrompt());
        }
        return out.close().closeLine();
    }

    /// The starts that were tried.
    static Markup starts(List<Start> starts) {
        Markup out = Table.openFigures("Start", "Before", "After", "Training went on from it", "Made of");
        for (Start start : starts) {
            out.open("tr").element("th", start.kind(), "scope", "row");
            Table.cells(
                    out,
                    Figures.percentFine(start.before()),
                    Figures.percentFine(start.after()),
                    start.chosen() ? "yes" : "no");
            out.element("td", start.text(), "class", "words", "dir", "auto").closeLine();
        }
        return Table.closeFigures(out);
    }

    /// The curve of training in numbers.
    static Markup training(Training training) {
        Markup out = Table.openFigures("Step", "Time", "Closed, search split", "KL, fit split", "");
        training.curve().forEach(point -> {
            out.open("tr").element("th", String.valueOf(point.step()), "scope", "row");
            Table.cells(
                    out,
                    Figures.duration(point.seconds()),
                    Figures.percentFine(point.closed()),
                    Figures.plain(point.fit()),
                    point.step() == training.chosenStep() ? "kept" : "");
            out.closeLine();
        });
        return Table.closeFigures(out);
    }

    /// The length sweep in numbers.
    static Markup lengths(List<Length> lengths) {
        Markup out = Table.openFigures("Soft tokens", "Closed", "Own", "Training");
        for (Length length : lengths) {
            out.open("tr").element("th", String.valueOf(length.tokens()), "scope", "row");
            Table.cells(out, shareFine(length.closed()), shareFine(length.own()), Figures.duration(length.seconds()));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }

    /// Cosines in numbers.
    static Markup layers(List<Layer> layers) {
        Markup out = Table.openFigures("Block", "Cosine", "Places shuffled");
        for (Layer layer : layers) {
            out.open("tr").element("th", String.valueOf(layer.layer()), "scope", "row");
            Table.cells(out, Figures.signed(layer.cosine()), Figures.signed(layer.random()));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }

    /// Where the student is still far from the teacher, and which tokens it is missing there.
    static Markup remains(List<Remaining> places) {
        double most = places.stream()
                .flatMapToDouble(place -> DoubleStream.of(place.base(), place.student()))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        Table.Span span = new Table.Span(0, Math.max(most, Double.MIN_NORMAL));
        Markup out = new Markup();
        out.open("table", "class", "remains");
        Table.head(out, "User turn", "Answer so far", "KL, nats: base, student", "Wanted next: teacher, student");
        out.open("tbody");
        for (Remaining place : places) {
            out.open("tr").open("th", "scope", "row", "dir", "auto").text(place.user());
            out.element("small", " " + place.contexts() + " context").close();
            boolean first = place.before().isBlank();
            out.element("td", first ? "(its first token)" : place.before().strip(), "dir", "auto");
            out.open("td").open("div", "class", "left base");
            left(out, "base", place.base(), span);
            left(out.close().open("div", "class", "left student"), "student", place.student(), span);
            out.close().close().open("td");
            wanted(out, place.wanted());
            out.close().closeLine();
        }
        return out.close().closeLine();
    }

    /// How the student was trained.
    static Markup options(Training training, double seconds) {
        Markup out = new Markup();
        out.open("table", "class", "pairs").open("tbody");
        for (Setting option : training.options()) {
            Table.pair(out, option.name(), option.value());
        }
        Table.pair(out, "Ended", training.ended());
        Table.pair(out, "Step kept, best on the search split", String.valueOf(training.chosenStep()));
        Table.pair(out, "Time of training steps alone", Figures.duration(training.seconds()));
        Table.pair(out, "Time of everything", Figures.duration(seconds));
        out.close().closeLine();
        return out.add(Tables.splits(training.splits()));
    }

    private static void left(Markup out, String name, double nats, Table.Span span) {
        out.element("span", name + " " + Figures.plain(nats)).add(Table.bar(nats, span));
    }

    private static void wanted(Markup out, List<Wanted> tokens) {
        if (tokens.isEmpty()) {
            out.text(Figures.NOTHING);
            return;
        }
        out.open("ul", "class", "wanted");
        for (Wanted token : tokens) {
            out.open("li").open("span", "class", "token h0", "dir", "auto");
            Illustrations.token(out, token.token());
            out.close().text(" " + Figures.percentFine(token.teacher()) + ", ");
            out.element("span", Figures.percentFine(token.student()), "class", "quiet")
                    .close();
        }
        out.close();
    }
}
