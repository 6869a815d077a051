package assay.show.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

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
        close();
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

    /// Writes what another writer wrote.
    public Markup add(Markup other) {
        out.append(other.finished());
        return this;
    }

    /// Writes a style sheet of ours as it is.
    Markup style(String css) {
        if (css.contains("<") || css.contains("&")) {
            throw new IllegalArgumentException("style sheet: expected neither < nor &, found one.");
        }
        out.append("<style>").append(css).append("</style>\n");
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
    String finished() {
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
