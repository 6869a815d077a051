package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Sequences.Special;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The filters of chat templates, the methods of texts, lists and dicts, and `joiner`.
public final class Functions {
    private static final Set<String> MAP_METHODS = Set.of("get", "items", "keys", "values", "copy");
    private static final Set<String> LIST_METHODS = Set.of("index", "count", "copy");
    private static final Set<String> TEXT_ONLY = Set.of("encode", "translate", "maketrans", "format_map");
    private static final Set<String> NUMBER_ONLY =
            Set.of(("real imag numerator denominator conjugate bit_length bit_count to_bytes "
                            + "from_bytes is_integer as_integer_ratio hex fromhex")
                    .split(" ", -1));

    private Functions() {}

    /// The value of `input | name(positional, named)`.
    ///
    /// @throws InputException naming a filter or argument this version does not know
    static Object filter(String name, Object input, List<Object> positional, Map<String, Object> named) {
        Arguments given = new Arguments("filter " + name, positional, named);
        return switch (name) {
            case "trim" -> method("strip", Values.text(input), given);
            case "title" -> given.none(Letters.titledByFilter(Values.text(input)));
            case "upper", "lower", "capitalize" -> method(name, Values.text(input), given);
            case "replace" -> Texts.replaced(Values.text(input), given.allow("old", "new", "count"), true);
            case "center" ->
                Letters.method(
                        name, Values.text(input), new Arguments(name, List.of(given.or(0, "width", 80L)), Map.of()));
            case "format" -> format(Values.text(input), given);
            case "attr" -> attribute(input, Values.string(given.allow("name").required(0, "name")));
            case "string", "safe" -> given.none(Values.text(input));
            case "length", "count" -> given.none(Values.length(input));
            case "default", "d" -> standard(input, given.allow("default_value", "boolean"));
            case "tojson" -> Json.of(input, given);
            case "int" -> Numbers.whole(input, given.allow("default", "base"));
            case "float" -> Numbers.real(input, given.allow("default"));
            case "abs" -> given.none(Numbers.absolute(input));
            case "round" -> Numbers.rounded(input, given.allow("precision", "method"));
            case "indent" -> indented(Values.text(input), given.allow("width", "first", "blank"));
            case String known when ListFilters.NAMES.contains(known) -> ListFilters.filter(known, input, given);
            default -> throw Values.fault("a filter this version knows", "'" + name + "'");
        };
    }

    /// The method `name` of a value, if it has one.
    ///
    /// @throws InputException if Python has one and this version has not
    static Optional<Callable> method(Object owner, String name) {
        Set<String> known = switch (owner) {
            case String _ -> Texts.METHODS;
            case Map<?, ?> _ -> MAP_METHODS;
            case List<?> list when Sequences.isPlain(list) -> LIST_METHODS;
            default -> Set.of();
        };
        boolean letters = owner instanceof String && Letters.METHODS.contains(name);
        if (letters || known.contains(name)) {
            return Optional.of((positional, named) -> method(name, owner, new Arguments(name, positional, named)));
        }
        boolean python = owner instanceof String ? TEXT_ONLY.contains(name) : NUMBER_ONLY.contains(name);
        if (python && (owner instanceof String || Values.isNumber(owner))) {
            throw Values.fault("an attribute this version knows", "'" + name + "' of " + Values.kind(owner));
        }
        return Optional.empty();
    }

    private static Object method(String name, Object owner, Arguments given) {
        return switch (owner) {
            case String text when Letters.METHODS.contains(name) -> Letters.method(name, text, given);
            case String text -> Texts.method(name, text, given);
            case Map<?, ?> map -> ofMap(name, map, given);
            case List<?> list -> ofList(name, list, given);
            default -> throw Values.fault("something with a method " + name, Values.kind(owner));
        };
    }

    private static Object ofMap(String name, Map<?, ?> map, Arguments given) {
        if (name.equals("get")) {
            Object key = Dicts.hashable(given.allow("key", "default").required(0, "key"));
            Object found = map.get(Dicts.keyIn(map, key));
            return found == null ? given.or(1, "default", Values.NONE) : found;
        }
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(
                switch (name) {
                    case "keys" -> key;
                    case "values" -> value;
                    default -> new Values.Tuple(List.of(key, value));
                }));
        return given.none(name.equals("copy") ? new LinkedHashMap<Object, Object>(map) : Special.view(name, items));
    }

    private static Object ofList(String name, List<?> list, Arguments given) {
        if (name.equals("copy")) {
            return given.none(new ArrayList<Object>(list));
        }
        Object wanted = given.allow("value").required(0, "value");
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (Values.equal(list.get(i), wanted)) {
                places.add(i);
            }
        }
        if (name.equals("count")) {
            return (long) places.size();
        }
        if (places.isEmpty()) {
            throw Values.fault("a list that holds " + Values.text(wanted), "none");
        }
        return (long) places.getFirst();
    }

    /// What `joiner(…)` makes: nothing the first time it is called, then a separator.
    public static Callable joiner(Arguments given) {
        Object separator = given.allow("sep").or(0, "sep", ", ");
        Iterator<Object> first = List.<Object>of("").iterator();
        return (_, _) -> first.hasNext() ? first.next() : separator;
    }

    private static String format(String form, Arguments given) {
        if (!given.positional().isEmpty() && !given.named().isEmpty()) {
            throw Values.fault("values by place or by name", "both");
        }
        return Formats.percent(form, given.named().isEmpty() ? new Values.Tuple(given.positional()) : given.named());
    }

    private static Object attribute(Object owner, String name) {
        Optional<Callable> method = method(owner, name);
        return method.isPresent() ? method.get() : new Undefined("'" + name + "'");
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

    private static String indented(String text, Arguments given) {
        Object width = given.or(0, "width", 4L);
        String margin = width instanceof Long spaces ? " ".repeat(Math.clamp(spaces, 0, 1000)) : Values.text(width);
        boolean first = Values.truth(given.or(1, "first", false));
        boolean blank = Values.truth(given.or(2, "blank", false));
        StringBuilder out = new StringBuilder();
        List<String> lines = Texts.lines(text + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            boolean moved = i == 0 ? first : blank || !lines.get(i).isEmpty();
            out.append(i == 0 ? "" : "\n").append(moved ? margin : "").append(lines.get(i));
        }
        return Values.limited(out.toString());
    }
}
