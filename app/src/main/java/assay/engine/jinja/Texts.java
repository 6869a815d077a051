package assay.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/// The methods of Python's `str` that cut texts up, look into them and put them together.
final class Texts {
    /// Names [#method] knows.
    static final Set<String> METHODS =
            Set.of(("startswith endswith strip lstrip rstrip split rsplit splitlines replace find "
                            + "rfind index rindex partition rpartition format count join removeprefix "
                            + "removesuffix")
                    .split(" ", -1));

    private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

    private Texts() {}

    static Object method(String name, String text, Arguments given) {
        return switch (name) {
            case "strip", "lstrip", "rstrip" ->
                stripped(name, text, given.allow("chars").or(0, "chars", Values.NONE));
            case "split", "rsplit" -> split(text, given.allow("sep", "maxsplit"), name.equals("rsplit"));
            case "splitlines" ->
                lines(text, Values.truth(given.allow("keepends").or(0, "keepends", false)));
            case "replace" -> replaced(text, given.allow("old", "new", "count"), false);
            case "format" -> Formats.braces(text, given);
            case "partition", "rpartition" ->
                parted(name, text, given.allow("sep").required(0, "sep"));
            case "removeprefix", "removesuffix" ->
                without(name, text, Values.string(given.allow("part").required(0, "part")));
            case "join" -> Functions.joined(strings(given.allow("iterable").required(0, "iterable")), text);
            default -> sought(name, text, given.allow("part", "start", "end"));
        };
    }

    private static List<?> strings(Object items) {
        List<?> texts = Values.items(items);
        texts.forEach(Values::string);
        return texts;
    }

    private static String without(String name, String text, String part) {
        if (name.equals("removeprefix")) {
            return text.startsWith(part) ? text.substring(part.length()) : text;
        }
        return text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
    }

    private static Object parted(String name, String text, Object separator) {
        String between = Values.string(separator);
        if (between.isEmpty()) {
            throw Values.fault("a separator to split at", "an empty text");
        }
        int at = name.equals("partition") ? text.indexOf(between) : text.lastIndexOf(between);
        if (at < 0) {
            return new Values.Tuple(name.equals("partition") ? List.of(text, "", "") : List.of("", "", text));
        }
        return new Values.Tuple(List.of(text.substring(0, at), between, text.substring(at + between.length())));
    }

    /// Where or whether a part is in a text, or in its characters from `start` to `end`.
    private static Object sought(String name, String text, Arguments given) {
        long size = Values.length(text);
        long from = place(given.or(1, "start", Values.NONE), 0, size);
        long to = Math.min(place(given.or(2, "end", Values.NONE), size, size), size);
        Object part = given.required(0, "part");
        boolean open = from <= to;
        String window = open ? text.substring(offset(text, from), offset(text, to)) : "";
        if (name.equals("startswith") || name.equals("endswith")) {
            return open && touches(name, window, part);
        }
        String wanted = Values.string(part);
        if (name.equals("count")) {
            long inside = wanted.isEmpty()
                    ? Values.length(window) + 1
                    : (long) pieces(window, wanted, Long.MAX_VALUE).size() - 1;
            return open ? inside : 0L;
        }
        int at = !open ? -1 : name.startsWith("r") ? window.lastIndexOf(wanted) : window.indexOf(wanted);
        if (at < 0 && name.endsWith("index")) {
            throw Values.fault("a text that holds '" + wanted + "'", "one that does not");
        }
        return at < 0 ? -1L : from + window.codePointCount(0, at);
    }

    private static long place(Object given, long absent, long size) {
        if (given instanceof Values.None) {
            return absent;
        }
        long place = Values.integer(given);
        return place < 0 ? Math.max(0, place + size) : place;
    }

    private static int offset(String text, long place) {
        return text.offsetByCodePoints(0, (int) place);
    }

    private static boolean touches(String name, String text, Object part) {
        if (part instanceof Values.Tuple parts) {
            return parts.stream().anyMatch(one -> touches(name, text, Values.string(one)));
        }
        return name.equals("startswith") ? text.startsWith(Values.string(part)) : text.endsWith(Values.string(part));
    }

    /// The lines of a text, ended by whatever Python takes for the end of a line.
    static List<String> lines(String text, boolean withEnds) {
        List<String> lines = new ArrayList<>();
        for (int from = 0, at = 0; at < text.length(); from = at) {
            while (at < text.length() && LINE_ENDS.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            int end = at;
            at += text.startsWith("\r\n", at) ? 2 : at < text.length() ? 1 : 0;
            lines.add(text.substring(from, withEnds ? at : end));
        }
        return lines;
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
        if (separator instanceof Values.None) {
            return fromRight ? wordsFromRight(text, most) : words(text, most < 0 ? Long.MAX_VALUE : most);
        }
        if (Values.string(separator).isEmpty()) {
            throw Values.fault("a separator to split at", "an empty text");
        }
        long cuts = most < 0 ? Long.MAX_VALUE : most;
        return fromRight
                ? piecesFromRight(text, Values.string(separator), cuts)
                : pieces(text, Values.string(separator), cuts);
    }

    private static List<String> wordsFromRight(String text, long most) {
        String rest = Values.stripRight(text);
        List<String> words = new ArrayList<>();
        while (!Values.strip(rest).isEmpty() && words.size() != most) {
            int start = rest.length();
            while (start > 0 && !Values.isSpace(rest.charAt(start - 1))) {
                start--;
            }
            words.addFirst(rest.substring(start));
            rest = Values.stripRight(rest.substring(0, start));
        }
        if (!rest.isEmpty()) {
            words.addFirst(rest);
        }
        return words;
    }

    private static List<String> piecesFromRight(String text, String separator, long most) {
        List<String> pieces = new ArrayList<>();
        String rest = text;
        for (int at = rest.lastIndexOf(separator); at >= 0 && pieces.size() < most; at = rest.lastIndexOf(separator)) {
            pieces.addFirst(rest.substring(at + separator.length()));
            rest = rest.substring(0, at);
        }
        pieces.addFirst(rest);
        return pieces;
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

    /// @param anything whether what is replaced and put in may be other than texts, as in the filter
    static String replaced(String text, Arguments given, boolean anything) {
        Object old = given.required(0, "old");
        Object fresh = given.required(1, "new");
        Object count = given.or(2, "count", Values.NONE);
        long most = count instanceof Values.None || Values.integer(count) < 0 ? Long.MAX_VALUE : Values.integer(count);
        String gone = anything ? Values.text(old) : Values.string(old);
        String put = anything ? Values.text(fresh) : Values.string(fresh);
        if (!gone.isEmpty()) {
            return Functions.joined(pieces(text, gone, most), put);
        }
        List<String> pieces = new ArrayList<>(List.of(""));
        int at = 0;
        for (; pieces.size() < most && at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            pieces.add(text.substring(at, text.offsetByCodePoints(at, 1)));
        }
        if (most > 0) {
            pieces.add(text.substring(at));
        }
        return most == 0 ? text : Functions.joined(pieces, put);
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

    static boolean printable(int c) {
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
}
