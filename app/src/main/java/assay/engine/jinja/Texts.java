package assay.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/// The methods of Python's `str` that chat templates use, and values written as JSON.
final class Texts {
    /// Names [#method] knows.
    static final Set<String> METHODS = Set.of(
            "startswith",
            "endswith",
            "strip",
            "lstrip",
            "rstrip",
            "split",
            "rsplit",
            "splitlines",
            "replace",
            "upper",
            "lower",
            "title",
            "capitalize",
            "find",
            "count",
            "join",
            "removeprefix",
            "removesuffix",
            "isdigit",
            "isspace");

    private Texts() {}

    static Object method(String name, String text, Arguments given) {
        return switch (name) {
            case "upper" -> given.none(text.toUpperCase(Locale.ROOT));
            case "lower" -> given.none(text.toLowerCase(Locale.ROOT));
            case "title" -> given.none(titled(text, c -> !Character.isLetter(c)));
            case "capitalize" -> given.none(titled(text, _ -> false));
            case "isdigit" -> given.none(!text.isEmpty() && text.codePoints().allMatch(Character::isDigit));
            case "isspace" -> given.none(!text.isEmpty() && text.codePoints().allMatch(Values::isSpace));
            case "strip", "lstrip", "rstrip" ->
                stripped(name, text, given.allow("chars").or(0, "chars", Values.NONE));
            case "split", "rsplit" -> split(text, given.allow("sep", "maxsplit"), name.equals("rsplit"));
            case "splitlines" ->
                given.none(text.isEmpty() ? List.of() : List.copyOf(text.lines().toList()));
            case "replace" -> replaced(text, given.allow("old", "new", "count"));
            case "join" -> Functions.joined(strings(given.allow("iterable").required(0, "iterable")), text);
            default -> withPart(name, text, given.allow("part").required(0, "part"));
        };
    }

    private static List<?> strings(Object items) {
        Values.items(items).forEach(Values::string);
        return Values.items(items);
    }

    private static Object withPart(String name, String text, Object part) {
        if (part instanceof List<?> parts && (name.equals("startswith") || name.equals("endswith"))) {
            return parts.stream().anyMatch(one -> Values.truth(withPart(name, text, one)));
        }
        String sought = Values.string(part);
        return switch (name) {
            case "startswith" -> text.startsWith(sought);
            case "endswith" -> text.endsWith(sought);
            case "find" -> {
                int at = text.indexOf(sought);
                yield at < 0 ? -1L : (long) text.codePointCount(0, at);
            }
            case "count" ->
                sought.isEmpty()
                        ? Values.length(text) + 1
                        : (long) pieces(text, sought, Long.MAX_VALUE).size() - 1;
            case "removeprefix" -> text.startsWith(sought) ? text.substring(sought.length()) : text;
            default -> text.endsWith(sought) ? text.substring(0, text.length() - sought.length()) : text;
        };
    }

    /// @param ends whether a word ends with this character, so that the next one is written large
    static String titled(String text, IntPredicate ends) {
        StringBuilder out = new StringBuilder();
        boolean start = true;
        for (int c : text.codePoints().toArray()) {
            out.append(
                    start
                            ? Character.toString(Character.toTitleCase(c))
                            : Character.toString(c).toLowerCase(Locale.ROOT));
            start = ends.test(c);
        }
        return out.toString();
    }

    private static String stripped(String name, String text, Object chars) {
        IntPredicate goes = chars instanceof Values.None
                ? Values::isSpace
                : c -> Values.string(chars).indexOf(c) >= 0;
        int[] points = text.codePoints().toArray();
        int start = 0;
        int end = points.length;
        while (!name.equals("rstrip") && start < end && goes.test(points[start])) {
            start++;
        }
        while (!name.equals("lstrip") && end > start && goes.test(points[end - 1])) {
            end--;
        }
        return new String(points, start, end - start);
    }

    private static List<String> split(String text, Arguments given, boolean fromRight) {
        Object separator = given.or(0, "sep", Values.NONE);
        long most = Values.integer(given.or(1, "maxsplit", -1L));
        if (fromRight && most >= 0) {
            throw Values.fault("split, or rsplit without a limit", "rsplit with a limit");
        }
        if (separator instanceof Values.None) {
            return words(text, most < 0 ? Long.MAX_VALUE : most);
        }
        if (Values.string(separator).isEmpty()) {
            throw Values.fault("a separator to split at", "an empty text");
        }
        return pieces(text, Values.string(separator), most < 0 ? Long.MAX_VALUE : most);
    }

    private static List<String> words(String text, long most) {
        List<String> words = new ArrayList<>();
        String rest = Values.stripLeft(text);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !Values.isSpace(rest.charAt(end))) {
                end++;
            }
            if (words.size() == most) {
                words.add(rest);
                return words;
            }
            words.add(rest.substring(0, end));
            rest = Values.stripLeft(rest.substring(end));
        }
        return words;
    }

    private static List<String> pieces(String text, String separator, long most) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && pieces.size() < most; at = text.indexOf(separator, from)) {
            pieces.add(text.substring(from, at));
            from = at + separator.length();
        }
        pieces.add(text.substring(from));
        return pieces;
    }

    private static String replaced(String text, Arguments given) {
        String old = Values.text(given.required(0, "old"));
        String fresh = Values.text(given.required(1, "new"));
        Object count = given.or(2, "count", Values.NONE);
        long most = count instanceof Values.None || Values.integer(count) < 0 ? Long.MAX_VALUE : Values.integer(count);
        if (old.isEmpty()) {
            throw Values.fault("a text to replace", "an empty one");
        }
        return Functions.joined(pieces(text, old, most), fresh);
    }

    /// A text as Python's `repr` writes it.
    static String quoted(String text) {
        char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (printable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(c < 256 ? "\\x%02x" : c < 65536 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        });
        return out.append(quote).toString();
    }

    private static boolean printable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /// A value as Python's `json.dumps(value, ensure_ascii=False, indent=…)` writes it.
    static String json(Object value, Arguments given) {
        if (!given.positional().isEmpty() || Values.truth(given.or(0, "ensure_ascii", false))) {
            throw Values.fault("tojson with at most indent=…", "other arguments");
        }
        Object indent = given.named().getOrDefault("indent", Values.NONE);
        StringBuilder out = new StringBuilder();
        write(value, indent instanceof Values.None ? -1 : Math.clamp(Values.integer(indent), 0, 100), 0, out);
        return Values.limited(out.toString());
    }

    private static void write(Object value, int indent, int depth, StringBuilder out) {
        switch (value) {
            case String text -> quote(text, out);
            case Boolean flag -> out.append(flag);
            case List<?> list -> {
                String between = "";
                out.append('[');
                for (Object item : list) {
                    out.append(between);
                    line(indent, depth + 1, out);
                    write(item, indent, depth + 1, out);
                    between = indent < 0 ? ", " : ",";
                }
                close(list.isEmpty(), ']', indent, depth, out);
            }
            case Map<?, ?> map -> {
                String between = "";
                out.append('{');
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(between);
                    line(indent, depth + 1, out);
                    quote(Values.string(entry.getKey()), out);
                    out.append(": ");
                    write(entry.getValue(), indent, depth + 1, out);
                    between = indent < 0 ? ", " : ",";
                }
                close(map.isEmpty(), '}', indent, depth, out);
            }
            default -> {
                if (!(value instanceof Values.None) && !Values.isNumber(value)) {
                    throw Values.fault("something JSON can hold", Values.kind(value));
                }
                out.append(value instanceof Values.None ? "null" : Values.text(value));
            }
        }
    }

    private static void line(int indent, int depth, StringBuilder out) {
        if (indent >= 0) {
            out.append('\n').append(" ".repeat(indent * depth));
        }
    }

    private static void close(boolean empty, char bracket, int indent, int depth, StringBuilder out) {
        if (!empty) {
            line(indent, depth, out);
        }
        out.append(bracket);
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(c -> {
            int named = "\"\\\n\r\t\f\b".indexOf(c);
            if (named >= 0) {
                out.append('\\').append("\"\\nrtfb".charAt(named));
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        out.append('"');
    }
}
