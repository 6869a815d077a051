package assay.base.run;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/// The one gate to the user's terminal: what a file, a prompt or a model's answer holds cannot move the cursor, hide
/// text, change colours or turn the order of letters around. Such characters are shown as `\u001b`, which also means
/// the same inside a JSON string.
public final class Visible extends FilterWriter {
    private static final int LONGEST = 2_000;

    /// Passes text on to another writer.
    public Visible(Writer out) {
        super(out);
    }

    /// A text of one line at most, of bounded length: of a longer one its begin and end.
    public static String line(String text) {
        String one = text.lines().findFirst().orElse("");
        int half = LONGEST / 2;
        return visible(
                one.length() <= LONGEST ? one : one.substring(0, half) + " … " + one.substring(one.length() - half));
    }

    /// A text whose characters all show; line ends and tabs stay.
    static String visible(CharSequence text) {
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
        return (Character.isISOControl(c) && c != '\n' && c != '\t')
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069')
                || Character.isSurrogate(c);
    }

    @Override
    public void write(int c) throws IOException {
        write(Character.toString((char) c), 0, 1);
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        write(new String(text, from, length), 0, length);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        out.write(visible(text.subSequence(from, from + length)));
    }
}
