package assay.engine.jinja;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Values as Python's `json.dumps` writes them, with what transformers' `tojson` may be told.
///
/// @param ascii whether other scripts are escaped
/// @param indent what a line starts with for each level, or null for all on one line
/// @param between what stands between items
/// @param colon what stands between a key and its value
/// @param sorted whether keys are sorted
record Json(boolean ascii, @Nullable String indent, String between, String colon, boolean sorted) {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f]");
    private static final Pattern NOT_ASCII = Pattern.compile("[^ -~]");

    static String of(Object value, Arguments given) {
        given.allow("ensure_ascii", "indent", "separators", "sort_keys");
        String indent = switch (given.or(1, "indent", Values.NONE)) {
            case Values.None _ -> null;
            case String text -> text;
            case Object spaces -> " ".repeat(Math.clamp(Values.integer(spaces), 0, 100));
        };
        Object separators = given.or(2, "separators", Values.NONE);
        List<?> pair = separators instanceof Values.None
                ? List.of(indent == null ? ", " : ",", ": ")
                : Values.items(separators);
        if (pair.size() != 2) {
            throw Values.fault("two separators", pair.size() + "");
        }
        return new Json(
                        given.flag(0, "ensure_ascii"),
                        indent,
                        Values.string(pair.getFirst()),
                        Values.string(pair.getLast()),
                        given.flag(3, "sort_keys"))
                .written(value, 0);
    }

    private String written(Object value, int depth) {
        return switch (value) {
            case String text -> quoted(text);
            case Values.None _ -> "null";
            case Boolean flag -> flag.toString();
            case Double number -> Numbers.shown(number);
            case Long number -> number.toString();
            case Map<?, ?> map -> {
                Stream<?> keys = map.keySet().stream();
                yield bracketed(
                        '{',
                        (sorted ? keys.sorted(Values::compare) : keys)
                                .map(key -> quoted(key instanceof String text ? text : written(key, 0))
                                        + colon
                                        + written(Values.field(map, key), depth + 1))
                                .toList(),
                        '}',
                        depth);
            }
            case List<?> list
            when Values.isPlain(list) ->
                bracketed(
                        '[', list.stream().map(item -> written(item, depth + 1)).toList(), ']', depth);
            default -> throw Values.fault("something JSON can hold", Values.kind(value));
        };
    }

    private String bracketed(char open, List<String> items, char close, int depth) {
        return items.isEmpty()
                ? "" + open + close
                : Values.limited(
                        open + line(depth + 1) + String.join(between + line(depth + 1), items) + line(depth) + close);
    }

    private String line(int depth) {
        return indent == null ? "" : "\n" + indent.repeat(depth);
    }

    private String quoted(String text) {
        String escaped = Texts.escaped(text, "\"").replace("\f", "\\f").replace("\b", "\\b");
        return '"'
                + (ascii ? NOT_ASCII : CONTROL).matcher(escaped).replaceAll(found -> hexadecimal(found.group()))
                + '"';
    }

    private static String hexadecimal(String character) {
        return character.chars().mapToObj(c -> String.format("\\\\u%04x", c)).collect(Collectors.joining());
    }
}
