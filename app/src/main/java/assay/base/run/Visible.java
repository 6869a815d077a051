package assay.base.run;

import java.util.Locale;

/// What a file, a prompt or a model's answer holds, as it is shown on the user's terminal: it cannot move the cursor,
/// hide text, change colours or turn the order of letters around. Such characters are shown as `\u001b`, which also
/// means the same inside a JSON string. Pages for the terminal have pictures for them instead.
public final class Visible {
    private static final int LONGEST = 2_000;

    private Visible() {}

    /// A text of one line at most, of bounded length: of a longer one its begin and end.
    public static String line(String text) {
        String one = text.lines().findFirst().orElse("");
        int half = LONGEST / 2;
        return text(
                one.length() <= LONGEST ? one : one.substring(0, half) + " … " + one.substring(one.length() - half));
    }

    /// A text whose characters all show; line ends and tabs stay.
    public static String text(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                out.append(c).append(text.charAt(++i));
            } else if (hidden(c)) {
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
