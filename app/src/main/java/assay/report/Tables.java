package assay.report;

import static assay.report.Figures.percent;
import static assay.report.Figures.shareFine;
import static assay.report.Markup.coordinate;

import assay.judge.Explanation;
import assay.judge.Explanation.Controls;
import assay.judge.Explanation.Effort;
import assay.judge.Explanation.NamedPrompt;
import assay.judge.Explanation.SplitSize;
import assay.judge.Explanation.Step;
import assay.judge.Explanation.TellingWords;
import assay.judge.Explanation.WeightedPrompt;
import assay.sparse.Interval;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tables of the page. Bars and intervals inside them are drawn in percent of their cell, so they fit
/// any screen.
final class Tables {
    private static final int FIRST_PROMPTS = 20;

    private Tables() {}

    /// The weighted prompts; beyond the first twenty they fold away.
    static Markup prompts(List<WeightedPrompt> mixture) {
        Markup out = new Markup();
        if (mixture.isEmpty()) {
            return out.element("p", "The mixture holds no prompt.", "class", "quiet");
        }
        int first = Math.min(FIRST_PROMPTS, mixture.size());
        out.add(prompts(mixture.subList(0, first), Span.of(mixture)));
        if (first < mixture.size()) {
            out.open("details").element("summary", (mixture.size() - first) + " more prompts");
            out.add(prompts(mixture.subList(first, mixture.size()), Span.of(mixture)));
            out.close();
        }
        return out;
    }

    /// Prompts that name the target.
    static Markup named(List<NamedPrompt> named) {
        Markup out = new Markup();
        out.element(
                "p",
                "Chosen by what few prompts do, not by what they close: each differs from the others and is weighed"
                        + " by what it shares with the target beyond what nearly all prompts share.",
                "class",
                "quiet");
        out.open("ol");
        for (NamedPrompt one : named) {
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
        Controls controls = explanation.controls();
        Markup out = new Markup();
        openControls(out, "Explanation");
        Headline.chosen(explanation).ifPresent(step -> {
            String count = step.k() == 1 ? "1 prompt" : step.k() + " prompts";
            control(out, "mixture", "The mixture", count, step.closed());
            control(out, "own", "The mixture, own contexts", count, step.own());
            control(out, "null", "As many random prompts", "weights refitted", step.random());
        });
        control(out, "other", "Best single prompt", controls.bestSinglePrompt(), controls.bestSingle());
        control(out, "other", "Constant offset", "as many free numbers as the full mixture", controls.constantOffset());
        control(out, "other", "Dense", "ridge over the chosen and the random prompts together", controls.dense());
        control(out, "other", "Rank " + controls.rankK(), "best directions of these prompts", controls.rank());
        return out.close().closeLine();
    }

    /// Begins a table of shares on one scale; the caller adds rows by [#control] and closes table and body.
    static void openControls(Markup out, String what) {
        Strip.open(out, what, "Closed [95%]");
    }

    /// The curve in numbers.
    static Markup curve(List<Step> steps) {
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures");
        head(out, "K", "Closed", "Random", "Excess", "Own", "Search", "Σ|w|", "Added");
        out.open("tbody");
        for (Step step : steps) {
            out.open("tr").element("th", String.valueOf(step.k()), "scope", "row");
            cells(out, shareFine(step.closed()), shareFine(step.random()), shareFine(step.excess()));
            cells(
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
        pair(out, "Prompts screened by their sketches", Figures.count(effort.atlasPrompts()));
        pair(out, "Candidates run exactly", Figures.count(effort.candidates()));
        pair(out, "Random prompts run exactly", Figures.count(effort.nullPrompts()));
        pair(out, "Random mixtures fitted at every K", Figures.count(effort.nullDraws()));
        pair(out, "Seed", String.valueOf(effort.seed()));
        pair(out, "Time", Figures.duration(seconds));
        out.close().closeLine();
        return out.add(splits(effort.splits()));
    }

    /// How large the parts of the probe are.
    static Markup splits(List<SplitSize> sizes) {
        Markup out = new Markup();
        out.open("table", "class", "figures");
        head(out, "Split", "Contexts", "User turns", "Positions");
        out.open("tbody");
        sizes.forEach(size -> {
            out.open("tr").element("th", size.split(), "scope", "row");
            cells(out, size.contexts(), Figures.count(size.turns()), Figures.count(size.positions()));
            out.closeLine();
        });
        return out.close().closeLine();
    }

    /// Where the numbers came from, keys in order, nested ones joined by dots.
    static Markup provenance(Map<String, Object> provenance) {
        TreeMap<String, String> flat = new TreeMap<>();
        provenance.forEach((key, value) -> flatten(key, value, flat));
        Markup out = new Markup();
        if (flat.isEmpty()) {
            return out.element("p", "Nothing was recorded.", "class", "quiet");
        }
        out.open("table", "class", "pairs").open("tbody");
        flat.forEach((key, value) -> pair(out, key, value));
        return out.close().closeLine();
    }

    private static void flatten(String key, @Nullable Object value, Map<String, String> flat) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> flatten(key + "." + name, inner, flat));
        } else {
            flat.put(key, value == null ? Figures.NOTHING : value.toString());
        }
    }

    private static Markup prompts(List<WeightedPrompt> prompts, Span span) {
        Markup out = new Markup();
        out.open("table", "class", "prompts", "role", "table");
        head(out, "Weight", "", "Prompt", "Alone", "Perplexity", "Source");
        out.open("tbody", "role", "rowgroup");
        for (WeightedPrompt atom : prompts) {
            out.open("tr", "role", "row");
            out.element("td", Figures.signed(atom.weight()), "role", "cell", "class", "weight");
            out.open("td", "role", "cell", "class", "bar")
                    .add(bar(atom.weight(), span))
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

    /// The range that bars share; always holds zero.
    record Span(double low, double high) {
        static Span of(List<WeightedPrompt> mixture) {
            double[] weights = mixture.stream()
                    .mapToDouble(WeightedPrompt::weight)
                    .filter(Double::isFinite)
                    .toArray();
            double low = java.util.Arrays.stream(weights).min().orElse(0);
            double high = java.util.Arrays.stream(weights).max().orElse(0);
            return new Span(Math.min(0, low), Math.max(high, low < 0 ? 0 : Double.MIN_NORMAL));
        }

        double percentOf(double weight) {
            return 100 * (weight - low) / (high - low);
        }
    }

    /// A bar from zero to the weight; negative ones are hollow.
    static Markup bar(double weight, Span span) {
        double finite = Double.isFinite(weight) ? weight : 0;
        double from = span.percentOf(Math.min(0, finite));
        double to = span.percentOf(Math.max(0, finite));
        String zero = coordinate(span.percentOf(0)) + "%";
        Markup out = new Markup();
        out.open("svg", "class", "weight-bar", "width", "100%", "height", "16", "aria-hidden", "true");
        out.empty(
                "rect",
                "class",
                finite < 0 ? "negative" : "positive",
                "x",
                coordinate(from) + "%",
                "y",
                "3",
                "width",
                coordinate(to - from) + "%",
                "height",
                "10");
        out.empty("line", "class", "zero", "x1", zero, "x2", zero, "y1", "0", "y2", "16");
        return out.close();
    }

    /// A row of a table of shares: a dot for the estimate, a line for its interval.
    static void control(Markup out, String style, String name, String detail, Interval interval) {
        List<Strip.Mark> marks = List.of(new Strip.Mark(style, name, interval));
        Strip.row(out, style, name, detail, Strip.points(marks, Double.NaN), shareFine(interval));
    }

    /// Begins a table of figures that scrolls on narrow screens; [#closeFigures] ends it.
    static Markup openFigures(String... names) {
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures");
        head(out, names);
        return out.open("tbody");
    }

    /// Ends a table of figures.
    static Markup closeFigures(Markup out) {
        return out.close().close().close();
    }

    /// The names of the columns; an empty name is a column that needs none.
    static void head(Markup out, String... names) {
        out.open("thead").open("tr");
        for (String name : names) {
            if (name.isEmpty()) {
                out.element("td", "");
            } else {
                out.element("th", name, "scope", "col");
            }
        }
        out.close().close();
    }

    /// Further cells of a row.
    static void cells(Markup out, String... cells) {
        for (String cell : cells) {
            out.element("td", cell);
        }
    }

    /// A row of name and value.
    static void pair(Markup out, String name, String value) {
        out.open("tr")
                .element("th", name, "scope", "row")
                .element("td", value, "dir", "auto")
                .closeLine();
    }
}
