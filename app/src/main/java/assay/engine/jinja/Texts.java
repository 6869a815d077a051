package assay.engine.jinja;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The methods of Python's `str` that chat templates use.
final class Texts {
    /// One character of what Python takes for space.
    static final String SPACE = "[" + Texts.SPACING + "]";

    private static final String SPACING = "\\s\\x1c-\\x1f\\x85\\p{Z}";

    private static final Pattern SPACES = Pattern.compile(SPACE + "+");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Z}&&[^ ]]");
    private static final Pattern LINE_END = Pattern.compile("\r\n|[\n\r\u000b\f\u001c-\u001e\u0085\u2028\u2029]");
    private static final Pattern CASED = Pattern.compile("[\\p{IsLowercase}\\p{IsUppercase}\\p{Lt}]+");
    private static final Pattern WORD = Pattern.compile("[^-({\\[<" + SPACING + "]+");

    static final Map<String, BiFunction<String, Arguments, Object>> METHODS = Map.ofEntries(
            entry("upper", (text, given) -> given.none(text.toUpperCase(Locale.ROOT))),
            entry("lower", (text, given) -> given.none(text.toLowerCase(Locale.ROOT))),
            entry("capitalize", (text, given) -> given.none(capitalized(text))),
            entry("title", (text, given) -> given.none(titled(text))),
            entry("isspace", (text, given) -> given.none(text.matches(SPACE + "+"))),
            entry("isalpha", (text, given) -> given.none(text.matches("\\p{L}+"))),
            entry("isalnum", (text, given) -> given.none(text.matches("[\\p{L}\\p{N}]+"))),
            entry("isdigit", (text, given) -> given.none(text.matches("[\\p{Nd}²³¹⁰⁴-⁹₀-₉]+"))),
            entry("islower", (text, given) -> given.none(isLower(text))),
            entry("isupper", (text, given) -> given.none(isUpper(text))),
            entry("strip", (text, given) -> stripped(text, given, true, true)),
            entry("lstrip", (text, given) -> stripped(text, given, true, false)),
            entry("rstrip", (text, given) -> stripped(text, given, false, true)),
            entry("split", (text, given) -> split(text, given, false)),
            entry("rsplit", (text, given) -> split(text, given, true)),
            entry("splitlines", (text, given) -> given.none(lines(text))),
            entry("replace", (text, given) -> replaced(text, given, Values::string)),
            entry("join", (text, given) -> joinedTexts(given, text)),
            entry("format", Formats::braces),
            entry("startswith", (text, given) -> anyPart(given, text::startsWith)),
            entry("endswith", (text, given) -> anyPart(given, text::endsWith)),
            entry("count", (text, given) -> pieces(text, part(given), -1).size() - 1L),
            entry("find", (text, given) -> place(text, text.indexOf(part(given)))),
            entry("removeprefix", (text, given) -> without(text, part(given), true)),
            entry("removesuffix", (text, given) -> without(text, part(given), false)),
            entry("index", (text, given) -> found(given, place(text, text.indexOf(part(given))))));

    private Texts() {}

    /// The method of a name, if texts have it here.
    static Optional<BiFunction<String, Arguments, Object>> method(String name) {
        return Optional.ofNullable(METHODS.get(name));
    }

    private static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String first = Character.toString(text.codePointAt(0));
        String large = Character.toString(Character.toTitleCase(first.codePointAt(0)));
        if (large.equals(first) && first.toUpperCase(Locale.ROOT).length() > first.length()) {
            throw Values.fault("a letter with one capital", "'" + first + "'");
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return large + lower.substring(first.toLowerCase(Locale.ROOT).length());
    }

    private static String titled(String text) {
        return CASED.matcher(text).replaceAll(word -> Matcher.quoteReplacement(capitalized(word.group())));
    }

    /// The filter `title`, which starts a word behind a space, a hyphen or an opening bracket.
    static String titledByFilter(String text) {
        return WORD.matcher(text).replaceAll(word -> {
            int first = word.group().offsetByCodePoints(0, 1);
            return Matcher.quoteReplacement(word.group().substring(0, first).toUpperCase(Locale.ROOT)
                    + word.group().substring(first).toLowerCase(Locale.ROOT));
        });
    }

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    static boolean isLower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    private static String stripped(String text, Arguments given, boolean left, boolean right) {
        Object chars = given.allow("chars").or(0, "chars", Values.NONE);
        return chars instanceof Values.None
                ? stripped(text, left, right, Texts::isSpace)
                : stripped(text, left, right, c -> Values.string(chars).indexOf(c) >= 0);
    }

    static String stripped(String text, boolean left, boolean right, IntPredicate goes) {
        int start = 0;
        int end = text.length();
        while (left && start < end && goes.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && goes.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static String part(Arguments given) {
        return Values.string(given.allow("part").required(0, "part"));
    }

    /// Whether it holds for the text given, or for one of a tuple of texts.
    private static boolean anyPart(Arguments given, Predicate<String> holds) {
        Object part = given.allow("part").required(0, "part");
        return Values.isTuple(part)
                ? Values.items(part).stream().anyMatch(one -> holds.test(Values.string(one)))
                : holds.test(Values.string(part));
    }

    /// A place in characters, of one in Java's units; -1 stays.
    private static long place(String text, int at) {
        return at < 0 ? at : text.codePointCount(0, at);
    }

    private static long found(Arguments given, long place) {
        if (place < 0) {
            throw Values.fault("a text that holds '" + part(given) + "'", "one that does not");
        }
        return place;
    }

    private static List<String> split(String text, Arguments given, boolean fromRight) {
        Object separator = given.allow("sep", "maxsplit").or(0, "sep", Values.NONE);
        long most = Values.integer(given.or(1, "maxsplit", -1L));
        if (!fromRight) {
            return separator instanceof Values.None ? words(text, most) : pieces(text, Values.string(separator), most);
        }
        String mirrored = reversed(text);
        List<String> pieces = separator instanceof Values.None
                ? words(mirrored, most)
                : pieces(mirrored, reversed(Values.string(separator)), most);
        return pieces.reversed().stream().map(Texts::reversed).toList();
    }

    static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static List<String> words(String text, long most) {
        List<String> words =
                new ArrayList<>(List.of(SPACES.split(stripped(text, true, false, Texts::isSpace), limit(most))));
        if (words.getLast().isEmpty()) {
            words.removeLast();
        }
        return words;
    }

    private static List<String> pieces(String text, String separator, long most) {
        requireSomething(separator);
        return List.of(Pattern.compile(separator, Pattern.LITERAL).split(text, limit(most)));
    }

    private static int limit(long most) {
        return most < 0 ? -1 : (int) Math.min(most + 1, Integer.MAX_VALUE);
    }

    private static void requireSomething(String part) {
        if (part.isEmpty()) {
            throw Values.fault("at least one character to look for", "an empty text");
        }
    }

    /// The lines of a text, ended by whatever Python takes for the end of a line.
    static List<String> lines(String text) {
        List<String> lines = List.of(LINE_END.split(text, -1));
        return lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
    }

    /// @param asText what becomes of the text replaced and the one put in
    static String replaced(String text, Arguments given, Function<Object, String> asText) {
        given.allow("old", "new", "count");
        String put = asText.apply(given.required(1, "new"));
        Object count = given.or(2, "count", Values.NONE);
        long most = count instanceof Values.None ? -1 : Values.integer(count);
        return joined(pieces(text, asText.apply(given.required(0, "old")), most), put);
    }

    private static String joinedTexts(Arguments given, String separator) {
        List<?> items = Values.items(given.allow("iterable").required(0, "iterable"));
        items.forEach(Values::string);
        return joined(items, separator);
    }

    static String joined(List<?> items, String separator) {
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Object item : items) {
            out.append(between).append(Values.text(item));
            between = separator;
            Values.requireShort(out.length());
        }
        return out.toString();
    }

    /// A text as Python's `repr` writes it.
    static String quoted(String text) {
        String quote = text.contains("'") && !text.contains("\"") ? "\"" : "'";
        return quote
                + UNPRINTABLE.matcher(escaped(text, quote)).replaceAll(found -> hexadecimal(found.group()))
                + quote;
    }

    private static String hexadecimal(String character) {
        int c = character.codePointAt(0);
        return String.format(c < 256 ? "\\\\x%02x" : c < 65536 ? "\\\\u%04x" : "\\\\U%08x", c);
    }

    /// A text with backslashes as Python and JSON both have them.
    static String escaped(String text, String quote) {
        return text.replace("\\", "\\\\")
                .replace(quote, "\\" + quote)
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    private static String without(String text, String end, boolean first) {
        if (first) {
            return text.startsWith(end) ? text.substring(end.length()) : text;
        }
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }
}
