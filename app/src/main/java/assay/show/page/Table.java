package assay.show.page;

import static assay.show.page.Figures.shareFine;
import static assay.show.page.Markup.coordinate;

import assay.base.sparse.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tables as all pages write them. Bars and intervals inside them are drawn in percent of their cell, so they
/// fit any screen.
public final class Table {
    private Table() {}

    /// Begins a table of shares on one scale; the caller adds rows by [#control] and closes table and body.
    public static void openControls(Markup out, String what) {
        Strip.open(out, what, "Closed [95%]");
    }

    /// Where the numbers came from, keys in order, nested ones joined by dots.
    public static Markup provenance(Map<String, Object> provenance) {
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

    /// The range that bars share; always holds zero.
    public record Span(double low, double high) {
        /// The range of these numbers; those that are not finite do not count.
        public static Span of(double[] numbers) {
            double[] weights = Arrays.stream(numbers).filter(Double::isFinite).toArray();
            double low = Arrays.stream(weights).min().orElse(0);
            double high = Arrays.stream(weights).max().orElse(0);
            return new Span(Math.min(0, low), Math.max(high, low < 0 ? 0 : Double.MIN_NORMAL));
        }

        double percentOf(double weight) {
            return 100 * (weight - low) / (high - low);
        }
    }

    /// A bar from zero to the weight; negative ones are hollow.
    public static Markup bar(double weight, Span span) {
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
    public static void control(Markup out, String style, String name, String detail, Interval interval) {
        List<Strip.Mark> marks = List.of(new Strip.Mark(style, name, interval));
        Strip.row(out, style, name, detail, Strip.points(marks, Double.NaN), shareFine(interval));
    }

    /// Begins a table of figures that scrolls on narrow screens; [#closeFigures] ends it.
    public static Markup openFigures(String... names) {
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures");
        head(out, names);
        return out.open("tbody");
    }

    /// Ends a table of figures.
    public static Markup closeFigures(Markup out) {
        return out.close().close().close();
    }

    /// The names of the columns; an empty name is a column that needs none.
    public static void head(Markup out, String... names) {
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
    public static void cells(Markup out, String... cells) {
        for (String cell : cells) {
            out.element("td", cell);
        }
    }

    /// A row of name and value.
    public static void pair(Markup out, String name, String value) {
        out.open("tr")
                .element("th", name, "scope", "row")
                .element("td", value, "dir", "auto")
                .closeLine();
    }
}
