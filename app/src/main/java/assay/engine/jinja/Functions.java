package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Sequence;
import assay.engine.jinja.Values.Undefined;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The functions a chat template may call by name, and the methods of values.
final class Functions {
    private static final int LONGEST_RANGE = 100_000;
    private static final LocalDateTime STANDSTILL = LocalDateTime.of(2024, 7, 26, 12, 0);

    /// Attributes Python has that this version must not take for missing ones.
    private static final Set<String> UNREAD = Set.of("""
            encode translate maketrans format_map swapcase casefold isdecimal isnumeric istitle isascii isidentifier
            isprintable ljust rjust center zfill expandtabs partition rpartition rfind rindex
            real imag numerator denominator conjugate bit_length bit_count to_bytes from_bytes is_integer
            as_integer_ratio hex fromhex""".split("\\s+", -1));

    private static final Map<String, Callable> BY_NAME = Map.of(
            "range", Functions::range,
            "namespace", given -> new Values.Namespace(dict(given)),
            "dict", Functions::dict,
            "raise_exception", Functions::refuse);

    private Functions() {}

    /// What a template finds: the functions, and what it is given. A `LocalDateTime` is a clock.
    static Map<String, Object> names(Map<String, Object> given) {
        Map<String, Object> names = new LinkedHashMap<>(BY_NAME);
        names.put("strftime_now", new Undefined("'strftime_now'", clock(STANDSTILL)));
        names.put("tools", Values.NONE);
        names.put("documents", Values.NONE);
        given.forEach(
                (name, value) -> names.put(name, value instanceof LocalDateTime now ? clock(now) : Values.of(value)));
        return names;
    }

    private static Callable clock(LocalDateTime now) {
        return given -> Formats.date(Values.string(given.allow("format").required(0, "format")), now);
    }

    private static Object refuse(Arguments given) {
        throw new InputException("chat template: expected a conversation it accepts, found one it refuses with \""
                + Values.text(given.required(0, "message"))
                + "\" (raise_exception). Change the roles, or use another model.");
    }

    private static Object range(Arguments given) {
        List<Object> bounds = given.allow("start", "stop", "step").positional();
        long start = bounds.size() < 2 ? 0 : Values.integer(bounds.getFirst());
        long stop = Values.integer(bounds.size() < 2 ? given.required(0, "stop") : bounds.get(1));
        long step = bounds.size() < 3 ? 1 : Values.integer(bounds.get(2));
        if (step == 0) {
            throw Values.fault("a range step other than 0", "0");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() == LONGEST_RANGE) {
                throw Values.fault("a range of at most " + LONGEST_RANGE + " numbers", "more");
            }
            numbers.add(i);
        }
        return new Sequence(Sequence.Kind.RANGE, numbers);
    }

    /// What `dict(…)` and `namespace(…)` make of names.
    private static Map<Object, Object> dict(Arguments given) {
        if (!given.positional().isEmpty()) {
            throw Values.fault(
                    "arguments with names for " + given.callee(),
                    Values.kind(given.positional().getFirst()));
        }
        return new LinkedHashMap<>(given.named());
    }

    /// The method `name` of a value, if it has one.
    static Optional<Callable> method(Object owner, String name) {
        boolean known = owner instanceof String || Values.isNumber(owner);
        if (known && UNREAD.contains(name)) {
            throw Values.fault("an attribute this version knows", "'" + name + "' of " + Values.kind(owner));
        }
        return switch (owner) {
            case String text -> Texts.method(name).map(method -> given -> method.apply(text, given));
            case Map<?, ?> map -> ofMap(name, map);
            case List<?> list when Values.isPlain(list) -> ofList(name, list);
            default -> Optional.empty();
        };
    }

    private static Optional<Callable> ofMap(String name, Map<?, ?> map) {
        return Optional.ofNullable(
                switch (name) {
                    case "get" ->
                        given -> {
                            Object found = map.get(
                                    Values.key(given.allow("key", "default").required(0, "key")));
                            return found == null ? given.or(1, "default", Values.NONE) : found;
                        };
                    case "items" -> given -> given.none(new Sequence(Sequence.Kind.VIEW, pairs(map)));
                    case "keys" -> given -> given.none(new Sequence(Sequence.Kind.VIEW, List.copyOf(map.keySet())));
                    case "values" -> given -> given.none(new Sequence(Sequence.Kind.VIEW, List.copyOf(map.values())));
                    case "copy" -> given -> given.none(new LinkedHashMap<Object, Object>(map));
                    default -> null;
                });
    }

    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Values.tuple(List.of(key, value))));
        return pairs;
    }

    private static Optional<Callable> ofList(String name, List<?> list) {
        return Optional.ofNullable(
                switch (name) {
                    case "count" -> given -> places(list, given).count();
                    case "index" ->
                        given -> places(list, given)
                                .findFirst()
                                .orElseThrow(() -> Values.fault("a list that holds the value", "one that does not"));
                    case "copy" -> given -> given.none(new ArrayList<Object>(list));
                    default -> null;
                });
    }

    private static Stream<Long> places(List<?> list, Arguments given) {
        Object wanted = given.allow("value").required(0, "value");
        return LongStream.range(0, list.size())
                .filter(i -> Values.equal(list.get((int) i), wanted))
                .boxed();
    }
}
