package assay.show.page;

import java.util.List;
import java.util.function.Consumer;

/// A page for the terminal as it is written: titles, prose and lines that are no wider than its style allows.
public abstract class TextPage {
    private static final int PROSE_WIDTH = 92;

    private final Style style;
    private final StringBuilder out = new StringBuilder();

    protected TextPage(Style style) {
        this.style = style;
    }

    /// Its style.
    protected Style style() {
        return style;
    }

    /// What was written.
    protected String written() {
        return out.toString();
    }

    /// ANSI colours by their part in the report.
    public enum Ink {
        PLAIN(""),
        STRONG("1"),
        MIXTURE("38;5;173"),
        QUIET("2");

        private final String code;

        Ink(String code) {
            this.code = code;
        }
    }

    protected void title(String text) {
        out.append('\n');
        strong(text);
    }

    /// Writes a paragraph.
    protected void say(String text) {
        prose(text, Ink.PLAIN, "", "");
    }

    /// Writes a paragraph that stands back.
    protected void quiet(String text) {
        prose(text, Ink.QUIET, "", "");
    }

    /// Writes a paragraph that stands out.
    protected void strong(String text) {
        prose(text, Ink.STRONG, "", "");
    }

    protected void prose(String text, Ink ink, String start, String indent) {
        int width = Math.min(style.width(), PROSE_WIDTH) - indent.length();
        List<String> lines = Columns.wrap(Columns.visible(text), width);
        for (int i = 0; i < lines.size(); i++) {
            line((i == 0 ? start : indent) + paint(lines.get(i), ink));
        }
    }

    /// Writes the first `most` items, and how many more there are.
    ///
    /// @param more what is said of the others, after their number
    protected <T> void first(List<T> items, int most, Consumer<T> written, String indent, String more) {
        items.stream().limit(most).forEach(written);
        if (items.size() > most) {
            prose("and " + (items.size() - most) + more, Ink.QUIET, indent, indent);
        }
    }

    protected void line(String text) {
        out.append(text.stripTrailing()).append('\n');
    }

    protected String paint(String text, Ink ink) {
        return style.colour() && ink != Ink.PLAIN && !text.isBlank()
                ? "\u001b[" + ink.code + "m" + text + "\u001b[0m"
                : text;
    }
}
