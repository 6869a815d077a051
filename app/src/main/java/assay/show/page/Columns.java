package assay.show.page;

import assay.base.run.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Text laid out in terminal cells: East Asian characters and emoji take two, combining marks none.
///
/// Approximate on purpose: joined emoji are counted part by part, which errs on the side of shorter lines.
public final class Columns {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

    /// Turns the narrow character before it into a wide emoji: the second cell is counted here.
    private static final int EMOJI_SELECTOR = 0xfe0f;

    private Columns() {}

    /// The text on one line with nothing hidden: control characters become pictures, direction overrides
    /// their names.
    public static String visible(String text) {
        return visible(text, false);
    }

    /// As [#visible], but keeps line breaks and shows tabs as spaces.
    public static String visibleLines(String text) {
        return visible(text.replace("\r\n", "\n"), true);
    }

    private static String visible(String text, boolean lines) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> appendVisible(shown, point, lines));
        return shown.toString();
    }

    /// Terminal cells the text takes.
    public static int width(String text) {
        return text.codePoints().map(Columns::cells).sum();
    }

    /// The text, padded on the right to `width` cells.
    public static String left(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    /// The text, padded on the left to `width` cells.
    public static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - width(text))) + text;
    }

    /// The text itself, or its beginning and an ellipsis, in at most `width` cells.
    public static String cut(String text, int width) {
        return width(text) <= width ? text : head(text, Math.max(0, width - 1)).stripTrailing() + "…";
    }

    /// Lines of at most `width` cells, broken at spaces where possible; empty text is one empty line.
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            wrapParagraph(paragraph, Math.max(2, width), lines);
        }
        return lines;
    }

    /// A bar of `width` cells of which `share` is filled, in eighths of a cell.
    public static String bar(double share, int width) {
        double clamped = Double.isFinite(share) ? Math.clamp(share, 0, 1) : 0;
        int eighths = (int) Math.round(clamped * width * 8);
        int full = eighths / 8;
        String rest = eighths % 8 == 0 ? "" : EIGHTHS.substring(eighths % 8, eighths % 8 + 1);
        return left("█".repeat(full) + rest, width);
    }

    /// Texts beside each other, each wrapped in `width` cells with a rule between, at most `most` rows.
    public static List<String> beside(List<String> texts, int width, int most) {
        List<List<String>> columns =
                texts.stream().map(text -> shortened(wrap(text, width), most)).toList();
        int height = columns.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, height)
                .mapToObj(row -> columns.stream()
                        .map(lines -> left(row < lines.size() ? lines.get(row) : "", width))
                        .collect(Collectors.joining(" │ ")))
                .toList();
    }

    private static List<String> shortened(List<String> lines, int most) {
        if (lines.size() <= most) {
            return lines;
        }
        List<String> kept = new ArrayList<>(lines.subList(0, most - 1));
        kept.add("…");
        return kept;
    }

    private static void wrapParagraph(String paragraph, int width, List<String> lines) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (String word : paragraph.split(" ", -1)) {
            String rest = word;
            if (used > 0 && used + 1 + width(rest) > width) {
                lines.add(line.toString());
                line.setLength(0);
                used = 0;
            }
            while (width(rest) > width) {
                String head = head(rest, width);
                lines.add(head);
                rest = rest.substring(head.length());
            }
            if (used > 0) {
                line.append(' ');
                used++;
            }
            line.append(rest);
            used += width(rest);
        }
        lines.add(line.toString());
    }

    /// The longest beginning of at most `width` cells that parts no mark from its letter.
    private static String head(String text, int width) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            if (used + cells(point) > width) {
                break;
            }
            used += cells(point);
            end += Character.charCount(point);
        }
        return text.substring(0, end);
    }

    private static void appendVisible(StringBuilder shown, int point, boolean lines) {
        if (lines && point == '\n') {
            shown.append('\n');
        } else if (lines && point == '\t') {
            shown.append("    ");
        } else if (point == '\n' || point == 0x85 || point == 0x2028 || point == 0x2029) {
            shown.append('↵');
        } else if (point < 0x20) {
            shown.appendCodePoint(0x2400 + point);
        } else if (point == 0x7f) {
            shown.append('␡');
        } else if (Visible.redirects(point)) {
            shown.append(String.format(Locale.ROOT, "⟨U+%04X⟩", point));
        } else if (Character.getType(point) == Character.SURROGATE || (point > 0x7f && point < 0xa0)) {
            shown.append('\uFFFD');
        } else {
            shown.appendCodePoint(point);
        }
    }

    private static int cells(int point) {
        if (point < 0x300 || point == EMOJI_SELECTOR) {
            return 1;
        }
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return wide(point) ? 2 : 1;
    }

    private static boolean wide(int point) {
        return (point >= 0x1100 && point <= 0x115f)
                || (point >= 0x2e80 && point <= 0xa4cf && point != 0x303f)
                || (point >= 0xac00 && point <= 0xd7a3)
                || (point >= 0xf900 && point <= 0xfaff)
                || (point >= 0xfe30 && point <= 0xfe6f)
                || (point >= 0xff00 && point <= 0xff60)
                || (point >= 0xffe0 && point <= 0xffe6)
                || (point >= 0x20000 && point <= 0x3fffd)
                || Character.isEmojiPresentation(point)
                || (point >= 0x1f000 && point <= 0x1faff);
    }
}
