package assay.show.report;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.shareFine;

import assay.measure.behaviour.WeightedPrompt;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Atom;
import assay.measure.judge.Explanation.Effort;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Explanation.TellingWords;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Table;
import java.util.List;

/// The tables of the page. Bars and intervals inside them are drawn in percent of their cell, so they fit
/// any screen.
public final class Tables {
    private static final int FIRST_PROMPTS = 20;

    private Tables() {}

    /// The weighted prompts; beyond the first twenty they fold away.
    static Markup prompts(List<Atom> mixture) {
        Markup out = new Markup();
        if (mixture.isEmpty()) {
            return out.element("p", "The mixture holds no prompt.", "class", "quiet");
        }
        int first = Math.min(FIRST_PROMPTS, mixture.size());
        out.add(prompts(mixture.subList(0, first), span(mixture)));
        if (first < mixture.size()) {
            out.open("details").element("summary", (mixture.size() - first) + " more prompts");
            out.add(prompts(mixture.subList(first, mixture.size()), span(mixture)));
            out.close();
        }
        return out;
    }

    /// Prompts that name the target.
    static Markup named(List<WeightedPrompt> named) {
        Markup out = new Markup();
        out.element(
                "p",
                "Chosen by what few prompts do, not by what they close: each differs from the others and is weighed"
                        + " by what it shares with the target beyond what nearly all prompts share.",
                "class",
                "quiet");
        out.open("ol");
        for (WeightedPrompt one : named) {
            out.open("li").element("span", one.prompt(), "dir", "auto");
            out.element("small", " " + Figures.signed(one.weight())).close();
        }
        return out.close();
    }

    /// Words that stand out.
    static Markup words(TellingWords words) {
        Markup out = new Markup();
        out.element(
                "p",
                "Read off the probabilities at all places of the search split, whole words only; what prompts on the whole bring"
                        + " is left out.",
                "class",
                "quiet");
        out.open("dl", "class", "words");
        words(out, "Than the base", words.target());
        words(out, "Than these prompts, still", words.lacking());
        return out.close();
    }

    private static void words(Markup out, String than, List<String> words) {
        out.element("dt", than);
        out.element("dd", words.isEmpty() ? "none" : String.join(", ", words), "dir", "auto");
    }

    /// Controls and the mixture on one scale: a dot for the estimate, a line for its interval.
    static Markup controls(Explanation explanation) {
        Markup out = new Markup();
        Table.openControls(out, "Explanation");
        Headline.chosen(explanation).ifPresent(step -> {
            String count = step.k() == 1 ? "1 prompt" : step.k() + " prompts";
            Table.control(out, "mixture", "The mixture", count, step.closed());
            Table.control(out, "own", "The mixture, own contexts", count, step.own());
            Table.control(out, "null", "As many random prompts", "weights refitted", step.random());
        });
        for (Control control : explanation.controls()) {
            String note = control.kind() == ControlKind.SINGLE
                    ? explanation.bestSingle()
                    : control.kind().note();
            Table.control(out, "other", control.title(), note, control.closed());
        }
        return out.close().closeLine();
    }

    /// The curve in numbers.
    static Markup curve(List<Step> steps) {
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures");
        Table.head(out, "K", "Closed", "Random", "Excess", "Own", "Search", "Σ|w|", "Added");
        out.open("tbody");
        for (Step step : steps) {
            out.open("tr").element("th", String.valueOf(step.k()), "scope", "row");
            Table.cells(out, shareFine(step.closed()), shareFine(step.random()), shareFine(step.excess()));
            Table.cells(
                    out,
                    shareFine(step.own()),
                    Figures.percentFine(step.search()),
                    Figures.plain(step.absoluteWeights()));
            out.element("td", step.added(), "class", "words", "dir", "auto").closeLine();
        }
        return out.close().close().close();
    }

    /// What was run.
    static Markup effort(Effort effort, double seconds) {
        Markup out = new Markup();
        out.open("table", "class", "pairs").open("tbody");
        Table.pair(out, "Prompts screened by their sketches", Figures.count(effort.atlasPrompts()));
        Table.pair(out, "Candidates run exactly", Figures.count(effort.candidates()));
        Table.pair(out, "Random prompts run exactly", Figures.count(effort.nullPrompts()));
        Table.pair(out, "Random mixtures fitted at every K", Figures.count(effort.nullDraws()));
        Table.pair(out, "Seed", String.valueOf(effort.seed()));
        Table.pair(out, "Time", Figures.duration(seconds));
        out.close().closeLine();
        return out.add(splits(effort.splits()));
    }

    /// How large the parts of the probe are.
    static Markup splits(List<SplitSize> sizes) {
        Markup out = new Markup();
        out.open("table", "class", "figures");
        Table.head(out, "Split", "Contexts", "User turns", "Positions");
        out.open("tbody");
        sizes.forEach(size -> {
            out.open("tr").element("th", size.split(), "scope", "row");
            Table.cells(out, size.contexts(), Figures.count(size.turns()), Figures.count(size.positions()));
            out.closeLine();
        });
        return out.close().closeLine();
    }

    private static Markup prompts(List<Atom> prompts, Table.Span span) {
        Markup out = new Markup();
        out.open("table", "class", "prompts", "role", "table");
        Table.head(out, "Weight", "", "Prompt", "Alone", "Perplexity", "Source");
        out.open("tbody", "role", "rowgroup");
        for (Atom atom : prompts) {
            out.open("tr", "role", "row");
            out.element("td", Figures.signed(atom.weight()), "role", "cell", "class", "weight");
            out.open("td", "role", "cell", "class", "bar")
                    .add(Table.bar(atom.weight(), span))
                    .close();
            out.element("th", atom.prompt(), "scope", "row", "role", "rowheader", "dir", "auto");
            String[] small = {
                percent(atom.alone()),
                Figures.plain(atom.perplexity()),
                atom.source().replace(":", ": ")
            };
            String[] names = {"alone", "perplexity", "source"};
            for (int i = 0; i < small.length; i++) {
                out.element("td", small[i], "role", "cell", "class", names[i], "data-name", names[i]);
            }
            out.closeLine();
        }
        return out.close().closeLine();
    }

    private static Table.Span span(List<Atom> mixture) {
        return Table.Span.of(mixture.stream().mapToDouble(Atom::weight).toArray());
    }
}
