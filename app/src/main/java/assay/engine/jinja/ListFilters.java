package assay.engine.jinja;

import assay.engine.jinja.Sequences.Lazy;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Filters over the items of a list, text or dict.
final class ListFilters {
    /// Names [#filter] knows.
    static final Set<String> NAMES =
            Set.of(("join first last list reverse unique sort min max sum dictsort items groupby "
                            + "batch slice map select reject selectattr rejectattr")
                    .split(" ", -1));

    private static final int MOST_SLICES = 10_000;

    private ListFilters() {}

    static Object filter(String name, Object input, Arguments given) {
        return switch (name) {
            case "join" -> join(input, given.allow("d", "attribute"));
            case "first" -> given.none(end(input, true));
            case "last" -> given.none(end(input, false));
            case "list" -> given.none(new ArrayList<Object>(Values.items(input)));
            case "reverse" -> given.none(reversed(input));
            case "unique" -> new Lazy(unique(input, given.allow("case_sensitive", "attribute")));
            case "sort" -> sorted(input, given.allow("reverse", "case_sensitive", "attribute"));
            case "min", "max" -> extreme(input, given.allow("case_sensitive", "attribute"), name.equals("max"));
            case "sum" -> sum(input, given.allow("attribute", "start"));
            case "dictsort" -> sortedPairs(input, given.allow("case_sensitive", "by", "reverse"));
            case "items" -> given.none(new Lazy(input instanceof Undefined ? List.of() : pairs(input)));
            case "groupby" -> groups(input, given.allow("attribute", "default", "case_sensitive"));
            case "batch" -> new Lazy(batches(input, given.allow("linecount", "fill_with")));
            case "slice" -> new Lazy(slices(input, given.allow("slices", "fill_with")));
            case "map" -> new Lazy(Values.truth(input) ? mapped(input, given) : List.of());
            default -> new Lazy(Values.truth(input) ? selected(name, input, given) : List.of());
        };
    }

    private static String join(Object input, Arguments given) {
        Object attribute = given.or(1, "attribute", Values.NONE);
        List<Object> items = new ArrayList<>();
        for (Object item : Values.items(input)) {
            items.add(attribute instanceof Values.None ? item : field(item, attribute, Values.NONE));
        }
        return Functions.joined(items, Values.text(given.or(0, "d", "")));
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
        List<Object> items = new ArrayList<>(Values.items(input));
        Collections.reverse(items);
        return input instanceof String ? Functions.joined(items, "") : new Lazy(items);
    }

    /// What an item is sorted and compared by: a field of it if one is named, without case unless asked for.
    private static Object key(Object item, Object attribute, boolean cased) {
        Object value = attribute instanceof Values.None ? item : field(item, attribute, Values.NONE);
        return value instanceof String text && !cased ? text.toLowerCase(Locale.ROOT) : value;
    }

    private static List<Object> unique(Object input, Arguments given) {
        boolean cased = Values.truth(given.or(0, "case_sensitive", false));
        Object attribute = given.or(1, "attribute", Values.NONE);
        Map<Object, Object> seen = new LinkedHashMap<>();
        for (Object item : Values.items(input)) {
            Object key = Dicts.hashable(key(item, attribute, cased));
            if (!Values.contains(seen, key)) {
                seen.put(key, item);
            }
        }
        return new ArrayList<>(seen.values());
    }

    private static List<Object> sorted(Object input, Arguments given) {
        boolean cased = Values.truth(given.or(1, "case_sensitive", false));
        Object attribute = given.or(2, "attribute", Values.NONE);
        List<Object> attributes =
                attribute instanceof String names ? List.of((Object[]) names.split(",", -1)) : List.of(attribute);
        Comparator<Object> order = (a, b) -> {
            int result = 0;
            for (int i = 0; result == 0 && i < attributes.size(); i++) {
                result = Values.compare(key(a, attributes.get(i), cased), key(b, attributes.get(i), cased));
            }
            return result;
        };
        List<Object> items = new ArrayList<>(Values.items(input));
        items.sort(Values.truth(given.or(0, "reverse", false)) ? order.reversed() : order);
        return items;
    }

    private static Object extreme(Object input, Arguments given, boolean largest) {
        boolean cased = Values.truth(given.or(0, "case_sensitive", false));
        Object attribute = given.or(1, "attribute", Values.NONE);
        List<?> items = Values.items(input);
        if (items.isEmpty()) {
            return new Undefined("the largest or smallest of nothing");
        }
        Object best = items.getFirst();
        for (Object item : items) {
            int order = Values.compare(key(item, attribute, cased), key(best, attribute, cased));
            best = (largest ? order > 0 : order < 0) ? item : best;
        }
        return best;
    }

    private static Object sum(Object input, Arguments given) {
        Object attribute = given.or(0, "attribute", Values.NONE);
        Object total = given.or(1, "start", 0L);
        for (Object item : Values.items(input)) {
            total = Operators.apply(
                    "+", total, attribute instanceof Values.None ? item : field(item, attribute, Values.NONE));
        }
        return total;
    }

    private static List<Object> pairs(Object input) {
        if (!(input instanceof Map<?, ?> map)) {
            throw Values.fault("a dict with items", Values.kind(input));
        }
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(new Values.Tuple(List.of(key, value))));
        return pairs;
    }

    private static List<Object> sortedPairs(Object input, Arguments given) {
        boolean cased = Values.truth(given.or(0, "case_sensitive", false));
        int place = switch (Values.text(given.or(1, "by", "key"))) {
            case "key" -> 0;
            case "value" -> 1;
            default -> throw Values.fault("dictsort by 'key' or 'value'", "another");
        };
        Comparator<Object> order =
                Comparator.comparing(pair -> key(Values.items(pair).get(place), Values.NONE, cased), Values::compare);
        List<Object> pairs = pairs(input);
        pairs.sort(Values.truth(given.or(2, "reverse", false)) ? order.reversed() : order);
        return pairs;
    }

    private static List<Object> groups(Object input, Arguments given) {
        Object attribute = given.required(0, "attribute");
        Object fallback = given.or(1, "default", Values.NONE);
        boolean cased = Values.truth(given.or(2, "case_sensitive", false));
        List<Object> items = new ArrayList<>(Values.items(input));
        Comparator<Object> order = Comparator.comparing(
                item -> key(field(item, attribute, fallback), Values.NONE, cased), Values::compare);
        items.sort(order);
        List<Object> groups = new ArrayList<>();
        for (int from = 0, to; from < items.size(); from = to) {
            to = from + 1;
            while (to < items.size() && order.compare(items.get(from), items.get(to)) == 0) {
                to++;
            }
            groups.add(new Sequences.Group(
                    field(items.get(from), attribute, fallback), new ArrayList<>(items.subList(from, to))));
        }
        return groups;
    }

    private static List<Object> batches(Object input, Arguments given) {
        long size = Values.integer(given.required(0, "linecount"));
        Object fill = given.or(1, "fill_with", Values.NONE);
        if (size < 1 || size > MOST_SLICES) {
            throw Values.fault("batches of 1 to " + MOST_SLICES, size + "");
        }
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : Values.items(input)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        while (!batch.isEmpty() && batch.size() < size && !(fill instanceof Values.None)) {
            batch.add(fill);
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }

    private static List<Object> slices(Object input, Arguments given) {
        long count = Values.integer(given.required(0, "slices"));
        Object fill = given.or(1, "fill_with", Values.NONE);
        if (count < 1 || count > MOST_SLICES) {
            throw Values.fault("1 to " + MOST_SLICES + " slices", count + "");
        }
        List<?> items = Values.items(input);
        int each = items.size() / (int) count;
        int longer = items.size() % (int) count;
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            if (!(fill instanceof Values.None) && i >= longer) {
                slice.add(fill);
            }
            slices.add(slice);
            from = to;
        }
        return slices;
    }

    private static List<Object> mapped(Object input, Arguments given) {
        boolean byField = given.positional().isEmpty() && given.named().containsKey("attribute");
        Arguments fields = byField ? given.allow("attribute", "default") : given;
        List<Object> out = new ArrayList<>();
        Object first = byField ? fields.required(0, "attribute") : given.required(0, "filter");
        for (Object item : Values.items(input)) {
            out.add(
                    byField
                            ? field(item, first, fields.or(1, "default", Values.NONE))
                            : Functions.filter(Values.string(first), item, given.rest(1), given.named()));
        }
        return out;
    }

    private static List<Object> selected(String name, Object input, Arguments given) {
        boolean attribute = name.endsWith("attr");
        int used = attribute ? 1 : 0;
        Object key = attribute ? given.required(0, "attribute") : Values.NONE;
        List<Object> out = new ArrayList<>();
        for (Object item : Values.items(input)) {
            Object value = attribute ? field(item, key, Values.NONE) : item;
            boolean holds = given.positional().size() > used
                    ? Operators.test(Values.string(given.positional().get(used)), value, given.rest(used + 1))
                    : Values.truth(value);
            if (holds == name.startsWith("select")) {
                out.add(item);
            }
        }
        return out;
    }

    /// The field of an item at a path like `function.name` or `0`.
    ///
    /// @param fallback what to take where there is none, or [Values#NONE] for undefined
    private static Object field(Object item, Object path, Object fallback) {
        Object value = item;
        for (String step : path instanceof String text ? text.split("\\.", -1) : new String[] {Values.text(path)}) {
            value = Evaluator.index(value, step.matches("\\d{1,9}") ? (Object) Long.valueOf(step) : step);
            if (value instanceof Undefined && !(fallback instanceof Values.None)) {
                value = fallback;
            }
        }
        return value;
    }
}
