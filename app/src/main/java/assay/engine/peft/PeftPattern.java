package assay.engine.peft;

import assay.InputException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression from an adapter's configuration, in Python's spelling, that must match a whole module
/// name.
///
/// The file comes from a stranger, so a match may look at a limited number of characters only.
///
/// @param path the configuration, for messages
/// @param field the field it came from, for messages
/// @param regex compiled
record PeftPattern(Path path, String field, Pattern regex) {
    private static final int LONGEST = 4096;
    private static final int MOST_STEPS = 1_000_000;

    /// @throws InputException if it is no regular expression
    static PeftPattern compile(Path path, String field, String regex) {
        try {
            if (regex.length() > LONGEST) {
                throw PeftConfig.refusal(
                        path,
                        field + " of at most " + LONGEST + " characters",
                        regex.length() + "",
                        "Correct the file.");
            }
            String java = regex.replace("(?P<", "(?<").replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>");
            return new PeftPattern(path, field, Pattern.compile(java));
        } catch (PatternSyntaxException | StackOverflowError broken) {
            String found =
                    broken instanceof PatternSyntaxException syntax ? syntax.getDescription() : "too deep a nesting";
            throw PeftConfig.refusal(path, "a regular expression in " + field, found, "Correct the file.");
        }
    }

    /// Whether the whole name matches.
    boolean matches(String name) {
        return matcher(name).matches();
    }

    /// @throws InputException in a later match that takes too many steps
    Matcher matcher(String name) {
        return regex.matcher(new Counted(name, this, new int[] {MOST_STEPS}));
    }

    private InputException tooSlow() {
        return PeftConfig.refusal(
                path,
                "a regular expression in " + field + " that matches a name in " + MOST_STEPS + " steps",
                "one that does not",
                "Simplify it.");
    }

    private record Counted(String text, PeftPattern pattern, int[] left) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw pattern.tooSlow();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
