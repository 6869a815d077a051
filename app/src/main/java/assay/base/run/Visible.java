package assay.base.run;

import java.util.Locale;

/// What a file, a prompt or a model's answer holds, as it is shown on the user's terminal: it cannot move the cursor,
/// hide text, change colours or turn the order of letters around. Such characters are shown as `\u001b`, which also
/// means the same inside a JSON string. Pages for the terminal have pictures for them instead.
public final class Visible {
    private static final int LONGEST = 2_000;
    private static final char LINE_SEPARATOR = '\u2028';
    private static final char PARAGRAPH_SEPARATOR = '\u2029';

    private Visible() {}

    /// The same in one line of bounded length: line ends and tabs are shown as `\n` and `\t`, and of a longer text its
    /// begin and end.
    public static String line(String text) {
        String one = oneLine(text.replaceFirst("\\R+\\z", ""));
        int half = LONGEST / 2;
        return one.length() <= LONGEST ? one : upTo(one, half) + " … " + from(one, one.length() - half);
    }

    /// The same of any length.
    static String oneLine(String text) {
        return shown(text, true);
    }

    /// The first letters of a text, a pair whole or not at all.
    static String upTo(String text, int end) {
        boolean cutsPair = end < text.length()
                && Character.isLowSurrogate(text.charAt(end))
                && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, cutsPair ? end - 1 : Math.min(end, text.length()));
    }

    private static String from(String text, int begin) {
        return text.substring(Character.isLowSurrogate(text.charAt(begin)) ? begin + 1 : begin);
    }

    /// A text whose characters all show; line ends and tabs stay.
    public static String text(String text) {
        return shown(text, false);
    }

    private static String shown(String text, boolean inOneLine) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                out.append(c).append(text.charAt(++i));
            } else if (inOneLine && (c == '\n' || c == '\t')) {
                out.append(c == '\n' ? "\\n" : "\\t");
            } else if (hidden(c) || (inOneLine && (c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR))) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /// Control characters, overrides of the writing direction, and halves of a pair.
    private static boolean hidden(char c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t') || redirects(c) || Character.isSurrogate(c);
    }

    /// Whether the character changes the direction of what follows, and so could make text read as it is not.
    public static boolean redirects(int point) {
        return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    }
}
