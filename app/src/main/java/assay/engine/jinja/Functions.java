package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The filters of chat templates, and the methods of texts, lists and dicts.
final class Functions {
    private static final Set<String> MAP_METHODS = Set.of("get", "items", "keys", "values");

    private Functions() {}

    /// The value of `input | name(positional, named)`.
    ///
    /// @throws InputException naming a filter or argument this version does not know
    static Object filter(String name, Object input, List<Object> positional, Map<String, Object> named) {
        Arguments given = new Arguments("filter " + name, positional, named);
        return switch (name) {
            case "trim" -> method("strip", Values.text(input), given);
            case "title" ->
                given.none(Texts.titled(Values.text(input), c -> Values.isSpace(c) || "-({[<".indexOf(c) >= 0));
            case "upper", "lower", "capitalize" -> method(name, Values.text(input), given);
            case "replace" -> method("replace", Values.text(input), given);
            case "string", "safe" -> given.none(Values.text(input));
            case "length", "count" -> given.none(Values.length(input));
            case "default", "d" -> standard(input, given.allow("default_value", "boolean"));
            case "tojson" -> Texts.json(input, given.allow("ensure_ascii", "indent"));
            case "join" -> joined(input, Values.text(given.allow("d").or(0, "d", "")));
            case "first" -> given.none(end(input, true));
            case "last" -> given.none(end(input, false));
            case "list" -> given.none(List.copyOf(Values.items(input)));
            case "reverse" -> given.none(reversed(input));
            case "unique" -> given.none(List.copyOf(new LinkedHashSet<>(Values.items(input))));
            case "sort" -> given.none(sorted(input));
            case "items" -> given.none(input instanceof Undefined ? List.of() : method("items", input, given));
            case "int" -> given.none(whole(input));
            case "float" -> given.none(real(input));
            case "abs" ->
                given.none(
                        Values.isFloat(input)
                                ? (Object) Math.abs(Values.real(input))
                                : (Object) Math.abs(Values.integer(input)));
            case "indent" -> indented(Values.text(input), given.allow("width", "first", "blank"));
            case "map", "select", "reject", "selectattr", "rejectattr" -> each(name, input, given);
            default -> throw Values.fault("a filter this version knows", "'" + name + "'");
        };
    }

    /// The method `name` of a value, if it has one.
    static Optional<Callable> method(Object owner, String name) {
        boolean known = (owner instanceof String && Texts.METHODS.contains(name))
                || (owner instanceof Map<?, ?> && MAP_METHODS.contains(name))
                || (owner instanceof List<?> && (name.equals("index") || name.equals("count")));
        return known
                ? Optional.of((positional, named) -> method(name, owner, new Arguments(name, positional, named)))
                : Optional.empty();
    }

    private static Object method(String name, Object owner, Arguments given) {
        return switch (owner) {
            case String text -> Texts.method(name, text, given);
            case Map<?, ?> map ->
                switch (name) {
                    case "get" -> {
                        Object found = map.get(given.required(0, "key"));
                        yield found == null ? given.or(1, "default", Values.NONE) : found;
                    }
                    case "items" -> {
                        List<Object> items = new ArrayList<>();
                        map.forEach((key, value) -> items.add(new Values.Tuple(List.of(key, value))));
                        yield items;
                    }
                    case "keys" -> List.copyOf(map.keySet());
                    default -> List.copyOf(map.values());
                };
            case List<?> list -> {
                Object wanted = given.required(0, "value");
                List<Integer> places = new ArrayList<>();
                for (int i = 0; i < list.size(); i++) {
                    if (Values.equal(list.get(i), wanted)) {
                        places.add(i);
                    }
                }
                if (name.equals("count")) {
                    yield (long) places.size();
                }
                if (places.isEmpty()) {
                    throw Values.fault("a list that holds " + Values.text(wanted), "none");
                }
                yield (long) places.getFirst();
            }
            default -> throw Values.fault("something with a method " + name, Values.kind(owner));
        };
    }

    static String joined(Object items, String separator) {
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Object item : Values.items(items)) {
            out.append(between).append(Values.text(item));
            between = separator;
            if (out.length() > Values.LONGEST) {
                throw Values.fault("at most " + Values.LONGEST + " characters", "more");
            }
        }
        return out.toString();
    }

    private static Object standard(Object input, Arguments given) {
        Object fallback = given.or(0, "default_value", "");
        boolean falsy = Values.truth(given.or(1, "boolean", false)) && !Values.truth(input);
        return input instanceof Undefined || falsy ? fallback : input;
    }

    private static Object end(Object input, boolean first) {
        List<?> items = Values.items(input);
        if (items.isEmpty()) {
            return new Undefined(first ? "the first of nothing" : "the last of nothing");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static Object reversed(Object input) {
        List<Object> items = new ArrayList<>(Values.items(input));
        Collections.reverse(items);
        return input instanceof String ? joined(items, "") : items;
    }

    private static Object sorted(Object input) {
        List<Object> items = new ArrayList<>(Values.items(input));
        items.sort((a, b) -> a instanceof String x && b instanceof String y
                ? Values.compare(x.toLowerCase(Locale.ROOT), y.toLowerCase(Locale.ROOT))
                : Values.compare(a, b));
        return items;
    }

    private static long whole(Object input) {
        try {
            return switch (input) {
                case String text -> Long.parseLong(Values.strip(text));
                case Double number -> number.longValue();
                case Long number -> number;
                case Boolean flag -> flag ? 1 : 0;
                default -> 0;
            };
        } catch (NumberFormatException notWhole) {
            return (long) real(input);
        }
    }

    private static double real(Object input) {
        try {
            return switch (input) {
                case String text -> Double.parseDouble(Values.strip(text));
                default -> Values.isNumber(input) ? Values.real(input) : 0;
            };
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    private static String indented(String text, Arguments given) {
        Object width = given.or(0, "width", 4L);
        String margin = width instanceof Long spaces ? " ".repeat(Math.clamp(spaces, 0, 1000)) : Values.text(width);
        boolean first = Values.truth(given.or(1, "first", false));
        boolean blank = Values.truth(given.or(2, "blank", false));
        StringBuilder out = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean moved = i == 0 ? first : blank || !lines[i].isEmpty();
            out.append(i == 0 ? "" : "\n").append(moved ? margin : "").append(lines[i]);
        }
        return Values.limited(out.toString());
    }

    private static Object each(String name, Object input, Arguments given) {
        List<Object> out = new ArrayList<>();
        boolean attribute = name.endsWith("attr");
        int used = attribute ? 1 : 0;
        for (Object item : Values.items(input)) {
            Object value = attribute ? field(item, given.required(0, "attribute")) : item;
            if (name.equals("map")) {
                Object key = given.named().get("attribute");
                out.add(key != null ? field(item, key) : mapped(item, given));
                continue;
            }
            boolean holds = given.positional().size() > used
                    ? Operators.test(Values.string(given.positional().get(used)), value, given.rest(used + 1))
                    : Values.truth(value);
            if (holds == name.startsWith("select")) {
                out.add(item);
            }
        }
        return out;
    }

    private static Object mapped(Object item, Arguments given) {
        return filter(Values.string(given.required(0, "filter")), item, given.rest(1), Map.of());
    }

    private static Object field(Object item, Object key) {
        Object value = item instanceof Map<?, ?> map ? map.get(key) : null;
        return value == null ? new Undefined("'" + Values.text(key) + "'") : value;
    }
}
