package assay.engine.jinja;

import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/// What Python's `str` says about letters: their case, what kind they are, and how to pad them.
final class Letters {
    /// Names [#method] knows.
    static final Set<String> METHODS =
            Set.of(("upper lower title capitalize swapcase casefold isdigit isdecimal isnumeric "
                            + "isspace isalpha isalnum islower isupper istitle isascii isidentifier "
                            + "isprintable ljust rjust center zfill expandtabs")
                    .split(" ", -1));

    private static final int WIDEST = 1_000_000;

    private Letters() {}

    static Object method(String name, String text, Arguments given) {
        return switch (name) {
            case "ljust", "rjust", "center" -> padded(name, text, given.allow("width", "fillchar"));
            case "zfill" -> zeros(text, width(given.allow("width").required(0, "width")));
            case "expandtabs" ->
                tabbed(text, Values.integer(given.allow("tabsize").or(0, "tabsize", 8L)));
            default -> given.none(name.startsWith("is") ? is(name, text) : cased(name, text));
        };
    }

    private static String cased(String name, String text) {
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "casefold" -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
            case "title" -> titled(text);
            case "capitalize" -> capitalized(text);
            default -> swapped(text);
        };
    }

    private static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    private static String titled(String text) {
        StringBuilder out = new StringBuilder();
        boolean start = true;
        for (int c : text.codePoints().toArray()) {
            out.append(start ? large(c) : Character.toString(c).toLowerCase(Locale.ROOT));
            start = !isCased(c);
        }
        return out.toString();
    }

    /// The filter `title`, which starts a word behind a space, a hyphen or an opening bracket.
    static String titledByFilter(String text) {
        StringBuilder out = new StringBuilder();
        boolean start = true;
        for (int c : text.codePoints().toArray()) {
            String one = Character.toString(c);
            out.append(start ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            start = Values.isSpace(c) || "-({[<".indexOf(c) >= 0;
        }
        return out.toString();
    }

    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        return large(first) + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
    }

    /// A character as it starts a word: of `ﬁ` that is `Fi`, of `ŉ` it is `ʼN`.
    private static String large(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        if (upper.codePointCount(0, upper.length()) == 1 || Character.toTitleCase(c) != c) {
            return Character.toString(Character.toTitleCase(c));
        }
        int letter = 0;
        while (letter < upper.length() - 1 && !isCased(upper.charAt(letter))) {
            letter++;
        }
        return upper.substring(0, letter + 1) + upper.substring(letter + 1).toLowerCase(Locale.ROOT);
    }

    private static String swapped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            out.append(
                    Character.isUpperCase(c)
                            ? one.toLowerCase(Locale.ROOT)
                            : Character.isLowerCase(c) ? one.toUpperCase(Locale.ROOT) : one);
        });
        return out.toString();
    }

    private static boolean is(String name, String text) {
        return switch (name) {
            case "isascii" -> text.chars().allMatch(c -> c < 128);
            case "isprintable" -> text.codePoints().allMatch(Texts::printable);
            case "islower" -> cased(text, c -> !Character.isUpperCase(c) && !Character.isTitleCase(c));
            case "isupper" -> cased(text, c -> !Character.isLowerCase(c) && !Character.isTitleCase(c));
            case "istitle" -> cased(text, _ -> true) && titled(text).equals(text);
            case "isidentifier" -> text.matches("[\\p{L}_][\\p{L}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
            case "isspace" -> every(text, Values::isSpace);
            case "isalpha" -> every(text, Character::isLetter);
            case "isdecimal" -> every(text, Character::isDigit);
            case "isdigit" -> every(text, Letters::isDigit);
            case "isnumeric" -> every(text, Letters::isNumeric);
            default -> every(text, c -> Character.isLetter(c) || isNumeric(c));
        };
    }

    private static boolean every(String text, IntPredicate holds) {
        return !text.isEmpty() && text.codePoints().allMatch(holds);
    }

    private static boolean cased(String text, IntPredicate holds) {
        return text.codePoints().anyMatch(Letters::isCased) && text.codePoints().allMatch(holds);
    }

    /// Digits include raised ones, but neither fractions nor Roman numbers.
    private static boolean isDigit(int c) {
        return Character.isDigit(c)
                || "²³¹".indexOf(c) >= 0
                || (c >= 0x2070 && c <= 0x2089 && Character.getType(c) == Character.OTHER_NUMBER);
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.OTHER_NUMBER
                || type == Character.LETTER_NUMBER
                || "一二三四五六七八九十百千万億零〇".indexOf(c) >= 0;
    }

    private static int width(Object value) {
        long width = Values.integer(value);
        if (width > WIDEST) {
            throw Values.fault("a width of at most " + WIDEST, width + "");
        }
        return (int) Math.max(width, 0);
    }

    private static String padded(String name, String text, Arguments given) {
        int width = width(given.required(0, "width"));
        String fill = Values.string(given.or(1, "fillchar", " "));
        if (Values.length(fill) != 1) {
            throw Values.fault("one character to pad with", "'" + fill + "'");
        }
        int missing = Math.max(0, width - (int) Values.length(text));
        int left = switch (name) {
            case "ljust" -> 0;
            case "rjust" -> missing;
            default -> missing / 2 + (missing & width & 1);
        };
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    private static String zeros(String text, int width) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        String zeros = "0".repeat(Math.max(0, width - (int) Values.length(text)));
        return text.substring(0, sign) + zeros + text.substring(sign);
    }

    private static String tabbed(String text, long size) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (int c : text.codePoints().toArray()) {
            if (c == '\t') {
                int spaces = size <= 0 ? 0 : (int) (Math.min(size, WIDEST) - column % Math.min(size, WIDEST));
                out.append(" ".repeat(spaces));
                column += spaces;
            } else {
                out.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return Values.limited(out.toString());
    }
}
