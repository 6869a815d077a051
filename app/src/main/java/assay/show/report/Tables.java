package assay.show.report;

import static assay.show.page.Figures.count;
import static assay.show.page.Figures.counted;
import static assay.show.page.Figures.duration;
import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.signed;

import assay.measure.form.FormChange;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Length;
import assay.measure.judge.Distillation.Remaining;
import assay.measure.judge.Distillation.Start;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Atom;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.PlainList;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strips;
import assay.show.page.Table;
import assay.show.page.Table.Span;
import java.util.List;
import java.util.stream.DoubleStream;

/// The tables of the pages of explanations and distillations.
final class Tables {
    private static final int FIRST_PROMPTS = 20;

    private Tables() {}

    /// The weighted prompts; beyond the first twenty they fold away.
    static Markup prompts(List<Atom> mixture) {
        Span span = Span.of(mixture.stream().mapToDouble(Atom::weight).toArray());
        return mixture.isEmpty()
                ? new Markup().quiet("The mixture holds no prompt.")
                : new Markup().folding(mixture, FIRST_PROMPTS, " more prompts", some -> prompts(some, span));
    }

    private static Markup prompts(List<Atom> prompts, Span span) {
        Markup out = new Markup();
        out.open("table", "class", "prompts", "role", "table");
        Table.head(out, List.of("Weight", "", "Prompt", "Alone", "Perplexity", "Source"));
        out.open("tbody", "role", "rowgroup");
        for (Atom atom : prompts) {
            out.open("tr", "role", "row");
            out.element("td", signed(atom.weight()), "role", "cell", "class", "weight");
            out.open("td", "role", "cell", "class", "bar");
            out.add(span.bar(atom.weight())).close();
            out.element("th", atom.prompt(), "scope", "row", "role", "rowheader", "dir", "auto");
            small(out, "alone", percent(atom.alone()));
            small(out, "perplexity", plain(atom.perplexity()));
            small(out, "source", atom.source().replace(":", ": "));
            out.closeLine();
        }
        return out.close().closeLine();
    }

    private static void small(Markup out, String name, String text) {
        out.element("td", text, "role", "cell", "class", name, "data-name", name);
    }

    /// Controls and the mixture on one scale: a dot for the estimate, a line for its interval.
    static Markup controls(Explanation explanation) {
        Strips strips = new Strips("Explanation", "Closed [95%]");
        Headline.chosen(explanation).ifPresent(step -> {
            String count = counted(step.k(), "prompt");
            strips.share("mixture", "The mixture", count, step.closed());
            strips.share("own", "The mixture, own contexts", count, step.own());
            strips.share("null", "As many random prompts", "weights refitted", step.random());
        });
        for (Control control : explanation.controls()) {
            String note = control.kind() == ControlKind.SINGLE
                    ? explanation.bestSingle()
                    : control.kind().note();
            strips.share("other", control.title(), note, control.closed());
        }
        return strips.finish();
    }

    static Markup curve(List<Step> steps) {
        return Table.of(steps)
                .row("K", Step::k)
                .cell("Closed", Step::closed)
                .cell("Random", Step::random)
                .cell("Excess", Step::excess)
                .cell("Own", Step::own)
                .cell("Search", step -> percentFine(step.search()))
                .cell("Σ|w|", step -> plain(step.absoluteWeights()))
                .words("Added", Step::added)
                .figures();
    }

    static Markup saying(List<PlainList.Prompt> prompts) {
        return Table.of(prompts)
                .cell("Weight", prompt -> signed(prompt.weight()))
                .words("Prompt", PlainList.Prompt::prompt)
                .cell("Alone", prompt -> percent(prompt.alone()))
                .figures();
    }

    static Markup form(List<FormChange> changes) {
        return Table.of(changes)
                .row("Form", change -> change.kind().words())
                .cell("Of 100", change -> change.kind().place().words())
                .cell("Base", change -> FormWords.hundred(change.base()))
                .cell("Target", change -> FormWords.hundred(change.target()))
                .cell("Change", change -> FormWords.signed(change.change()))
                .cell("Random prompts", change -> FormWords.range(change.random()))
                .cell("These prompts lack", change -> FormWords.signed(change.lacking()))
                .figures();
    }

    static Markup effort(Explanation.Effort effort, double seconds) {
        return Table.openPairs()
                .pair("Prompts screened by their sketches", count(effort.atlasPrompts()))
                .pair("Candidates run exactly", count(effort.candidates()))
                .pair("Random prompts run exactly", count(effort.nullPrompts()))
                .pair("Random mixtures fitted at every K", count(effort.nullDraws()))
                .pair("Seed", effort.seed())
                .pair("Time", duration(seconds))
                .close()
                .closeLine()
                .add(splits(effort.splits()));
    }

    private static Markup splits(List<SplitSize> sizes) {
        return Table.of(sizes)
                .row("Split", SplitSize::split)
                .cell("Contexts", SplitSize::contexts)
                .cell("User turns", size -> count(size.turns()))
                .cell("Positions", size -> count(size.positions()))
                .plain("figures");
    }

    /// What the student closes, and what it would have closed untrained or as a readable prompt.
    static Markup fidelity(Distillation found) {
        Distillation.Fidelity fidelity = found.fidelity();
        Strips strips = new Strips("On the test split", "Closed [95%]");
        if (found.subject().teacherKind() == Explanation.Kind.EXAMPLES) {
            strips.share("mixture", "The student", "the examples' answers", fidelity.foreign());
        } else {
            String foreign = "foreign contexts: answers by the base or other prompts";
            strips.share("mixture", "The student", foreign, fidelity.foreign());
            strips.share("own", "The student, own contexts", "answers the teacher wrote", fidelity.own());
        }
        if (found.subject().tokens() > 0) {
            strips.share("null", "Before training", "the start it was trained from", fidelity.untrained());
        }
        if (!found.training().starts().isEmpty()) {
            strips.share("other", "Best single readable prompt", "of the start, alone", fidelity.bestPrompt());
        }
        return strips.finish();
    }

    static Markup starts(List<Start> starts) {
        return Table.of(starts)
                .row("Start", Start::kind)
                .cell("Before", start -> percentFine(start.before()))
                .cell("After", start -> percentFine(start.after()))
                .cell("Training went on from it", start -> start.chosen() ? "yes" : "no")
                .words("Made of", Start::text)
                .figures();
    }

    static Markup training(Distillation.Training training) {
        return Table.of(training.curve())
                .row("Step", Distillation.Point::step)
                .cell("Time", point -> duration(point.seconds()))
                .cell("Closed, search split", point -> percentFine(point.closed()))
                .cell("KL, fit split", point -> plain(point.fit()))
                .cell("", point -> point.step() == training.chosenStep() ? "kept" : "")
                .figures();
    }

    static Markup lengths(List<Length> lengths) {
        return Table.of(lengths)
                .row("Soft tokens", Length::tokens)
                .cell("Closed", Length::closed)
                .cell("Own", Length::own)
                .cell("Training", length -> duration(length.seconds()))
                .figures();
    }

    static Markup layers(List<Distillation.Layer> layers) {
        return Table.of(layers)
                .row("Block", Distillation.Layer::layer)
                .cell("Cosine", layer -> signed(layer.cosine()))
                .cell("Places shuffled", layer -> signed(layer.random()))
                .figures();
    }

    /// Where the student is still far from the teacher, and which tokens it is missing there.
    static Markup remains(List<Remaining> places) {
        double most = places.stream()
                .flatMapToDouble(place -> DoubleStream.of(place.base(), place.student()))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        Span span = new Span(0, Math.max(most, Double.MIN_NORMAL));
        return Table.of(places)
                .row("User turn", Tables::turn, "dir", "auto")
                .cell("Answer so far", Tables::before, "dir", "auto")
                .cell(
                        "KL, nats: base, student",
                        place -> new Markup()
                                .add(left("base", place.base(), span))
                                .add(left("student", place.student(), span)))
                .cell("Wanted next: teacher, student", place -> wanted(place.wanted()))
                .plain("remains");
    }

    private static Markup turn(Remaining place) {
        return new Markup().text(place.user()).element("small", " " + place.contexts() + " context");
    }

    private static String before(Remaining place) {
        return place.before().isBlank() ? "(its first token)" : place.before().strip();
    }

    private static Markup left(String name, double nats, Span span) {
        return new Markup()
                .open("div", "class", "left " + name)
                .element("span", name + " " + plain(nats))
                .add(span.bar(nats))
                .close();
    }

    private static Markup wanted(List<Distillation.Wanted> tokens) {
        Markup out = new Markup();
        if (tokens.isEmpty()) {
            return out.text(Figures.NOTHING);
        }
        out.open("ul", "class", "wanted");
        for (Distillation.Wanted token : tokens) {
            out.open("li").open("span", "class", "token h0", "dir", "auto");
            Illustrations.token(out, token.token());
            out.close().text(" " + percentFine(token.teacher()) + ", ");
            out.element("span", percentFine(token.student()), "class", "quiet").close();
        }
        return out.close();
    }

    static Markup options(Distillation.Training training, double seconds) {
        Markup out = Table.openPairs();
        training.options().forEach(option -> out.pair(option.name(), option.value()));
        return out.pair("Ended", training.ended())
                .pair("Step kept, best on the search split", training.chosenStep())
                .pair("Time of training steps alone", duration(training.seconds()))
                .pair("Time of everything", duration(seconds))
                .close()
                .closeLine()
                .add(splits(training.splits()));
    }
}
