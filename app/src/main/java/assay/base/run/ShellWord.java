package assay.base.run;

import java.util.regex.Pattern;

/// A word of a command line, quoted where a shell would read it otherwise.
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+=,-]+", Pattern.UNICODE_CHARACTER_CLASS);

    private ShellWord() {}

    /// The word of a text.
    public static String of(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
