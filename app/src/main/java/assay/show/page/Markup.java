package assay.show.page;

import assay.base.sparse.Interval;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Writes elements that are valid both as HTML and as XML: everything is escaped, everything opened gets
/// closed.
///
/// Attributes are given as name, value, name, value …
public final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /// Opens an element.
    public Markup open(String tag, String... attributes) {
        start(tag, attributes);
        out.append('>');
        open.push(tag);
        return this;
    }

    /// Closes the element opened last.
    public Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /// Closes the element opened last and starts a new line of source.
    public Markup closeLine() {
        return close().line();
    }

    /// Starts a new line of source.
    Markup line() {
        out.append('\n');
        return this;
    }

    /// Writes an element without content.
    public Markup empty(String tag, String... attributes) {
        start(tag, attributes);
        out.append("/>");
        return this;
    }

    /// Writes an element that holds only text.
    public Markup element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /// Writes text.
    public Markup text(String text) {
        out.append(escape(text));
        return this;
    }

    /// Writes a paragraph.
    public Markup paragraph(String text) {
        return element("p", text);
    }

    /// Writes a paragraph that stands back, such as a note or a word on what is missing.
    public Markup quiet(String text) {
        return element("p", text, "class", "quiet");
    }

    /// Writes a paragraph that stands out, and begins with a word in bold.
    public Markup lead(String word, String text) {
        return open("p", "class", "lead").element("b", word).text(text).close();
    }

    /// Opens a section with its heading.
    public Markup section(String id, String title) {
        return open("section", "id", id).element("h2", title);
    }

    /// Writes a chart with its caption.
    public Markup figure(Markup chart, String caption) {
        return open("figure").add(chart).element("figcaption", caption).close();
    }

    /// Writes what folds away below its summary.
    public Markup details(String summary, Markup inside) {
        return open("details").element("summary", summary).add(inside).close();
    }

    /// Writes the first `most` items, and the others so that they fold away.
    ///
    /// @param more what the others are, after their number
    /// @param written writes some of them
    public <T> Markup folding(List<T> items, int most, String more, Function<List<T>, Markup> written) {
        int shown = Math.min(most, items.size());
        add(written.apply(items.subList(0, shown)));
        return shown == items.size()
                ? this
                : details((items.size() - shown) + more, written.apply(items.subList(shown, items.size())));
    }

    /// Writes words with their meanings.
    ///
    /// @param lines one for each word, `word: meaning`
    public Markup glossary(String lines) {
        open("dl", "class", "words");
        lines.lines()
                .map(line -> line.split(": ", 2))
                .forEach(word -> element("dt", word[0]).element("dd", word[1]));
        return close();
    }

    /// Writes a share among the figures below the verdict.
    public Markup keyShare(String style, String name, Interval share) {
        return keyFigure(style, name, Figures.percent(share.value()), Figures.bounds(share));
    }

    /// Writes a figure below the verdict.
    public Markup keyFigure(String style, String name, String value, String detail) {
        open("div", "class", style).element("dt", name).open("dd");
        return element("b", value).text(" ").element("span", detail).close().close();
    }

    /// Writes a row of name and value.
    public Markup pair(String name, Object value) {
        return open("tr")
                .element("th", name, "scope", "row")
                .element("td", value.toString(), "dir", "auto")
                .closeLine();
    }

    /// Writes what another writer wrote.
    public Markup add(Markup other) {
        out.append(other.finished());
        return this;
    }

    /// Writes a style sheet or a script of ours as it is.
    Markup verbatim(String tag, String content) {
        if (content.contains("<") || content.contains("&")) {
            throw new IllegalArgumentException(tag + ": expected neither < nor &, found one.");
        }
        out.append('<')
                .append(tag)
                .append('>')
                .append(content)
                .append("</")
                .append(tag)
                .append(">\n");
        return this;
    }

    /// A coordinate with two decimals at most; 0 when it is not finite.
    public static String coordinate(double value) {
        double finite = Double.isFinite(value) ? value : 0;
        String digits = String.format(Locale.ROOT, "%.2f", finite);
        String trimmed = digits.replaceAll("0+$", "").replaceAll("\\.$", "");
        return trimmed.equals("-0") ? "0" : trimmed;
    }

    /// Everything written.
    ///
    /// @throws IllegalStateException if an element is still open
    public String finished() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("markup: expected every element closed, found open " + open + ".");
        }
        return out.toString();
    }

    private void start(String tag, String... attributes) {
        out.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(escape(attributes[i + 1])).append('"');
        }
    }

    private static String escape(String text) {
        return Columns.visibleLines(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
