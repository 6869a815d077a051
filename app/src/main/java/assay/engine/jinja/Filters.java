package assay.engine.jinja;

import assay.engine.jinja.Values.Lazy;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The filters of chat templates.
final class Filters {
    private Filters() {}

    /// The value of `input | name(given)`.
    static Object filter(String name, Object input, Arguments given) {
        return switch (name) {
            case "trim" -> method("strip", input, given);
            case "upper", "lower", "capitalize" -> method(name, input, given);
            case "title" -> given.none(Texts.titledByFilter(Values.text(input)));
            case "replace" -> Texts.replaced(Values.text(input), given, Values::text);
            case "format" -> Formats.percent(Values.text(input), Values.tuple(given.unnamed()));
            case "string", "safe" -> given.none(Values.text(input));
            case "length", "count" -> given.none(Values.length(input));
            case "default", "d" -> standard(input, given.allow("default_value", "boolean"));
            case "tojson" -> Json.of(input, given);
            case "int" -> Numbers.whole(input, given);
            case "float" -> Numbers.real(input, given);
            case "abs" -> given.none(Numbers.absolute(input));
            case "round" -> Numbers.rounded(input, given.allow("precision", "method"));
            case "sum" -> sum(input, given.allow("attribute", "start"));
            case "min", "max" -> extreme(input, given.allow("case_sensitive", "attribute"), name.equals("max"));
            case "indent" -> indented(Values.string(input), given.allow("width", "first", "blank"));
            case "join" -> join(input, given.allow("d", "attribute"));
            case "first" -> given.none(end(input, true));
            case "last" -> given.none(end(input, false));
            case "list" -> given.none(new ArrayList<Object>(Values.items(input)));
            case "reverse" -> given.none(reversed(input));
            case "unique" -> new Lazy(unique(input, given.allow("case_sensitive", "attribute")));
            case "sort" -> sorted(input, given.allow("reverse", "case_sensitive", "attribute"));
            case "dictsort" -> sortedPairs(input, given.allow("case_sensitive", "by", "reverse"));
            case "items" -> given.none(new Lazy(input instanceof Undefined ? List.of() : pairs(input)));
            case "batch" -> new Lazy(batches(input, given.allow("linecount")));
            case "map" -> new Lazy(Values.truth(input) ? mapped(input, given) : List.of());
            case "select", "reject", "selectattr", "rejectattr" ->
                new Lazy(Values.truth(input) ? selected(name, input, given) : List.of());
            default -> throw Values.fault("a filter this version knows", "'" + name + "'");
        };
    }

    private static Object method(String name, Object input, Arguments given) {
        return Texts.method(name).orElseThrow().apply(Values.text(input), given);
    }

    private static Object standard(Object input, Arguments given) {
        boolean falsy = given.flag(1, "boolean") && !Values.truth(input);
        return input instanceof Undefined || falsy ? given.or(0, "default_value", "") : input;
    }

    private static String indented(String text, Arguments given) {
        Object width = given.or(0, "width", 4L);
        String margin = width instanceof Long spaces ? " ".repeat(Math.clamp(spaces, 0, 1000)) : Values.text(width);
        boolean first = given.flag(1, "first");
        boolean blank = given.flag(2, "blank");
        StringBuilder out = new StringBuilder();
        List<String> lines = Texts.lines(text + "\n");
        for (int i = 0; i < lines.size(); i++) {
            boolean moved = i == 0 ? first : blank || !lines.get(i).isEmpty();
            out.append(i == 0 ? "" : "\n").append(moved ? margin : "").append(lines.get(i));
        }
        return Values.limited(out.toString());
    }

    private static String join(Object input, Arguments given) {
        Object attribute = given.or(1, "attribute", Values.NONE);
        List<?> items = Values.items(input).stream()
                .map(item -> field(item, attribute, Values.NONE))
                .toList();
        return Texts.joined(items, Values.text(given.or(0, "d", "")));
    }

    private static Object end(Object input, boolean first) {
        if (!first && input instanceof Lazy) {
            throw Values.fault("a list to find the last of", Values.kind(input));
        }
        List<?> items = Values.items(input);
        if (items.isEmpty()) {
            return new Undefined(first ? "the first of nothing" : "the last of nothing");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static Object reversed(Object input) {
        return input instanceof String text
                ? Texts.reversed(text)
                : new Lazy(Values.items(input).reversed());
    }

    /// Items by a field of theirs if one is named, without case unless asked for.
    private static Comparator<Object> order(Object attribute, boolean cased) {
        return (a, b) -> Values.compare(key(a, attribute, cased), key(b, attribute, cased));
    }

    private static Object key(Object item, Object attribute, boolean cased) {
        Object value = field(item, attribute, Values.NONE);
        return value instanceof String text && !cased ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static List<Object> unique(Object input, Arguments given) {
        boolean cased = given.flag(0, "case_sensitive");
        Object attribute = given.or(1, "attribute", Values.NONE);
        Map<Object, Object> seen = new LinkedHashMap<>();
        for (Object item : Values.items(input)) {
            seen.putIfAbsent(Values.key(key(item, attribute, cased)), item);
        }
        return new ArrayList<>(seen.values());
    }

    private static Object extreme(Object input, Arguments given, boolean largest) {
        Comparator<Object> order = order(given.or(1, "attribute", Values.NONE), given.flag(0, "case_sensitive"));
        Object best = new Undefined("the largest or smallest of nothing");
        for (Object item : Values.items(input)) {
            boolean first = best instanceof Undefined;
            best = first || (largest ? order.compare(item, best) > 0 : order.compare(item, best) < 0) ? item : best;
        }
        return best;
    }

    private static Object sum(Object input, Arguments given) {
        Object attribute = given.or(0, "attribute", Values.NONE);
        Object total = given.or(1, "start", 0L);
        for (Object item : Values.items(input)) {
            total = Operators.apply("+", total, field(item, attribute, Values.NONE));
        }
        return total;
    }

    private static List<Object> sorted(Object input, Arguments given) {
        boolean cased = given.flag(1, "case_sensitive");
        Comparator<Object> order = order(given.or(2, "attribute", Values.NONE), cased);
        List<Object> items = new ArrayList<>(Values.items(input));
        items.sort(given.flag(0, "reverse") ? order.reversed() : order);
        return items;
    }

    private static List<Object> pairs(Object input) {
        if (!(input instanceof Map<?, ?> map)) {
            throw Values.fault("a dict with items", Values.kind(input));
        }
        return Functions.pairs(map);
    }

    private static List<Object> sortedPairs(Object input, Arguments given) {
        long place = switch (Values.text(given.or(1, "by", "key"))) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw Values.fault("dictsort by 'key' or 'value'", "another");
        };
        Comparator<Object> order = order(place, given.flag(0, "case_sensitive"));
        List<Object> pairs = pairs(input);
        pairs.sort(given.flag(2, "reverse") ? order.reversed() : order);
        return pairs;
    }

    private static List<Object> batches(Object input, Arguments given) {
        long size = Math.min(Values.integer(given.required(0, "linecount")), Integer.MAX_VALUE);
        if (size < 1) {
            throw Values.fault("batches of at least 1", size + "");
        }
        List<?> items = Values.items(input);
        List<Object> batches = new ArrayList<>();
        for (long i = 0; i < items.size(); i += size) {
            batches.add(List.copyOf(items.subList((int) i, (int) Math.min(items.size(), i + size))));
        }
        return batches;
    }

    private static List<Object> mapped(Object input, Arguments given) {
        List<Object> out = new ArrayList<>();
        if (given.positional().isEmpty() && given.named().containsKey("attribute")) {
            Object attribute = given.allow("attribute", "default").required(0, "attribute");
            Object fallback = given.or(1, "default", Values.NONE);
            Values.items(input).forEach(item -> out.add(field(item, attribute, fallback)));
            return out;
        }
        String name = Values.string(given.required(0, "filter"));
        Arguments more = new Arguments("filter " + name, given.rest(1), given.named());
        Values.items(input).forEach(item -> out.add(Filters.filter(name, item, more)));
        return out;
    }

    private static List<Object> selected(String name, Object input, Arguments given) {
        int used = name.endsWith("attr") ? 1 : 0;
        Object attribute = used == 1 ? given.required(0, "attribute") : Values.NONE;
        List<Object> out = new ArrayList<>();
        for (Object item : Values.items(input)) {
            Object value = field(item, attribute, Values.NONE);
            boolean holds = given.positional().size() > used
                    ? Operators.test(Values.string(given.positional().get(used)), value, given.rest(used + 1))
                    : Values.truth(value);
            if (holds == name.startsWith("select")) {
                out.add(item);
            }
        }
        return out;
    }

    /// The field of an item at a path like `function.name` or `0`; the item itself if the path is none.
    ///
    /// @param fallback what to take where there is none, or [Values#NONE] for undefined
    private static Object field(Object item, Object path, Object fallback) {
        if (path instanceof Values.None) {
            return item;
        }
        Object value = item;
        for (String step : Values.text(path).split("\\.", -1)) {
            value = Evaluator.index(value, step.matches("\\d{1,9}") ? (Object) Long.valueOf(step) : step);
            if (value instanceof Undefined && !(fallback instanceof Values.None)) {
                value = fallback;
            }
        }
        return value;
    }
}
