package assay.show.page;

import static assay.show.page.Markup.coordinate;

import assay.base.sparse.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A table with a row for each item. Its columns say what they show of an item: an interval, a text or a number as it
/// is, or markup.
public final class Table<T> {
    private final List<T> items;
    private final List<Column<T>> columns = new ArrayList<>();
    private Function<T, String> style = _ -> "";

    private Table(List<T> items) {
        this.items = items;
    }

    /// @param tag of its cells; empty if `shown` writes several whole cells
    private record Column<T>(List<String> names, String tag, Function<T, ?> shown, String... attributes) {
        void write(Markup out, T item) {
            switch (shown.apply(item)) {
                case Markup cells when tag.isEmpty() -> out.add(cells);
                case Markup inside -> out.open(tag, attributes).add(inside).close();
                case Interval share -> out.element(tag, Figures.shareFine(share), attributes);
                case Object other -> out.element(tag, other.toString(), attributes);
            }
        }
    }

    /// A table without columns.
    public static <T> Table<T> of(List<T> items) {
        return new Table<>(items);
    }

    /// The same with a CSS class for each row; an empty one is none.
    public Table<T> styled(Function<T, String> style) {
        this.style = style;
        return this;
    }

    /// Adds the column that names rows.
    public Table<T> row(String name, Function<T, ?> shown, String... attributes) {
        String[] all = Stream.of(new String[] {"scope", "row"}, attributes)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        return column(List.of(name), "th", shown, all);
    }

    /// Adds a column; an empty name is one that needs none.
    public Table<T> cell(String name, Function<T, ?> shown, String... attributes) {
        return column(List.of(name), "td", shown, attributes);
    }

    /// Adds a column of running text.
    public Table<T> words(String name, Function<T, ?> shown) {
        return cell(name, shown, "class", "words", "dir", "auto");
    }

    /// Adds several columns whose cells are written at once.
    public Table<T> cells(List<String> names, Function<T, Markup> written) {
        return column(names, "", written);
    }

    private Table<T> column(List<String> names, String tag, Function<T, ?> shown, String... attributes) {
        columns.add(new Column<>(names, tag, shown, attributes));
        return this;
    }

    /// The table of figures, which scrolls on narrow screens.
    public Markup figures() {
        return new Markup().open("div", "class", "scroll").add(bare("figures")).close();
    }

    /// The table and a line break in the source.
    ///
    /// @param kind its CSS class
    public Markup plain(String kind) {
        return bare(kind).line();
    }

    /// The table alone.
    public Markup bare(String kind) {
        Markup out = new Markup();
        out.open("table", "class", kind);
        head(out, columns.stream().flatMap(column -> column.names().stream()).toList());
        out.open("tbody");
        for (T item : items) {
            String named = style.apply(item);
            out.open("tr", named.isEmpty() ? new String[0] : new String[] {"class", named});
            columns.forEach(column -> column.write(out, item));
            out.closeLine();
        }
        return out.close().close();
    }

    /// The names of the columns; an empty name is a column that needs none.
    public static void head(Markup out, List<String> names) {
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

    /// Begins a table of names and values; the caller adds each by [Markup#pair] and closes table and body.
    public static Markup openPairs() {
        return new Markup().open("table", "class", "pairs").open("tbody");
    }

    /// Where the numbers came from, keys in order, nested ones joined by dots.
    static Markup provenance(Map<String, Object> provenance) {
        TreeMap<String, String> flat = new TreeMap<>();
        provenance.forEach((key, value) -> flatten(key, value, flat));
        if (flat.isEmpty()) {
            return new Markup().quiet("Nothing was recorded.");
        }
        Markup out = openPairs();
        flat.forEach(out::pair);
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

        private double percentOf(double weight) {
            return 100 * (weight - low) / (high - low);
        }

        /// A bar from zero to the weight, drawn in percent of its cell; negative ones are hollow.
        public Markup bar(double weight) {
            double finite = Double.isFinite(weight) ? weight : 0;
            String style = finite < 0 ? "negative" : "positive";
            double from = percentOf(Math.min(0, finite));
            String length = coordinate(percentOf(Math.max(0, finite)) - from) + "%";
            String zero = coordinate(percentOf(0)) + "%";
            Markup out = new Markup();
            out.open("svg", "class", "weight-bar", "width", "100%", "height", "16", "aria-hidden", "true");
            out.empty("rect", "class", style, "x", coordinate(from) + "%", "y", "3", "width", length, "height", "10");
            out.empty("line", "class", "zero", "x1", zero, "x2", zero, "y1", "0", "y2", "16");
            return out.close();
        }
    }
}
