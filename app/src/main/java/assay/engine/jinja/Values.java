package assay.engine.jinja;

import assay.InputException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What chat template values are and how they behave, as Python's do.
///
/// A value is a String, Boolean, Long, Double, List, Map, [#NONE], [Undefined], [Lazy], [Namespace] or [Callable].
final class Values {
    /// Longest text a template may build.
    private static final int LONGEST = 8_000_000;

    /// Python's `None`.
    static final None NONE = new None();

    private Values() {}

    /// The kind of [#NONE].
    record None() {}

    /// A variable, key or attribute that does not exist: empty as text, false as a condition.
    ///
    /// @param instead what to call where a template calls it all the same
    record Undefined(String what, @Nullable Callable instead) {
        Undefined(String what) {
            this(what, null);
        }
    }

    /// What `namespace()` makes: the one thing a template may change.
    record Namespace(Map<Object, Object> fields) {}

    /// Something a template can call.
    interface Callable {
        Object call(Arguments given);
    }

    /// A sequence that is no list and equals none.
    static final class Sequence extends AbstractList<Object> {
        /// A list; a tuple; a `range`; or what a dict's `keys`, `values` and `items` give, which has no places.
        enum Kind {
            LIST,
            TUPLE,
            RANGE,
            VIEW
        }

        private final Kind kind;
        private final List<?> items;

        Sequence(Kind kind, List<?> items) {
            this.kind = kind;
            this.items = items;
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /// What `map`, `select` and their like give: true even if empty, without length or place, and gone once looped
    /// over.
    static final class Lazy {
        private List<?> rest;

        Lazy(List<?> items) {
            this.rest = items;
        }

        private List<?> take() {
            List<?> taken = rest;
            rest = List.of();
            return taken;
        }
    }

    static Sequence tuple(List<?> items) {
        return new Sequence(Sequence.Kind.TUPLE, items);
    }

    private static Sequence.Kind kind(List<?> list) {
        return list instanceof Sequence sequence ? sequence.kind : Sequence.Kind.LIST;
    }

    static boolean isTuple(Object value) {
        return value instanceof List<?> list && kind(list) == Sequence.Kind.TUPLE;
    }

    /// Whether a value is a list or tuple, which can be added, multiplied and written as JSON.
    static boolean isPlain(Object value) {
        return value instanceof List<?> list && (kind(list) == Sequence.Kind.LIST || isTuple(list));
    }

    /// Whether a list has a first item by `[0]`, as all but views have.
    static boolean hasPlaces(List<?> list) {
        return kind(list) != Sequence.Kind.VIEW;
    }

    static boolean sameKind(List<?> left, List<?> right) {
        return kind(left) == kind(right);
    }

    /// `items`, as the kind of sequence they were taken from.
    static List<?> like(List<?> source, List<Object> items) {
        return source instanceof Sequence sequence ? new Sequence(sequence.kind, items) : items;
    }

    /// A complaint with the line of the template it is about.
    static InputException fault(String expected, String found, int line) {
        return complaint(expected, found, "line " + line);
    }

    /// A complaint about a value met while rendering.
    static InputException fault(String expected, String found) {
        return complaint(expected, found, "while rendering");
    }

    private static InputException complaint(String expected, String found, String where) {
        return new InputException("chat template: expected " + expected + ", found " + found + " (" + where
                + "). Use a template this version reads, or another model.");
    }

    /// A caller's object as a template value.
    static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case Integer number -> (long) number;
            case Float number -> (double) number;
            case List<?> list -> list.stream().map(Values::of).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put(key(of(key)), of(item)));
                yield copy;
            }
            default -> value;
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> !(value instanceof None || value instanceof Undefined);
        };
    }

    /// What kind of thing a value is, in Python's words.
    static String kind(Object value) {
        return switch (value) {
            case Boolean _ -> "a bool";
            case Long _ -> "an int";
            case Double _ -> "a float";
            case String _ -> "a str";
            case Sequence sequence -> isTuple(sequence) ? "a tuple" : "a range or view";
            case List<?> _ -> "a list";
            case Lazy _ -> "what map, select and their like give (add | list)";
            case Loop _ -> "a loop";
            case Map<?, ?> _ -> "a dict";
            case Undefined missing -> "nothing called " + missing.what();
            case Namespace _ -> "a namespace";
            case Callable _ -> "a function";
            default -> "None";
        };
    }

    /// As `str()` would print it; undefined prints nothing.
    static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Undefined _ -> "";
            default -> shown(value);
        };
    }

    /// As `repr()` would print it.
    static String shown(Object value) {
        return switch (value) {
            case String text -> Texts.quoted(text);
            case Undefined _ -> "Undefined";
            case Boolean flag -> flag ? "True" : "False";
            case Long number -> Long.toString(number);
            case Double number -> Numbers.shown(number);
            case None _ -> "None";
            case List<?> list
            when isPlain(list) -> {
                String items =
                        String.join(", ", list.stream().map(Values::shown).toList());
                String close = list.size() == 1 ? ",)" : ")";
                yield limited(isTuple(list) ? "(" + items + close : "[" + items + "]");
            }
            case Map<?, ?> map -> {
                List<String> items = new ArrayList<>();
                map.forEach((key, item) -> items.add(shown(key) + ": " + shown(item)));
                yield limited("{" + String.join(", ", items) + "}");
            }
            default -> throw fault("something printable", kind(value));
        };
    }

    /// The items a loop over a value visits.
    static List<?> items(Object value) {
        return switch (value) {
            case List<?> list -> list;
            case Lazy lazy -> lazy.take();
            case Map<?, ?> map -> List.copyOf(map.keySet());
            case String text -> text.codePoints().mapToObj(Character::toString).toList();
            case Undefined _ -> List.of();
            default -> throw fault("something to loop over", kind(value));
        };
    }

    static long length(Object value) {
        return switch (value) {
            case String text -> text.codePointCount(0, text.length());
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined _ -> 0;
            default -> throw fault("something with a length", kind(value));
        };
    }

    static boolean equal(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return compare(left, right) == 0;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            boolean same = a.size() == b.size() && sameKind(a, b);
            for (int i = 0; same && i < a.size(); i++) {
                same = equal(a.get(i), b.get(i));
            }
            return same;
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a.keySet().equals(b.keySet())
                    && a.keySet().stream().allMatch(key -> equal(field(a, key), field(b, key)));
        }
        return left.equals(right) || (left instanceof Undefined && right instanceof Undefined);
    }

    static int compare(Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
        }
        if (isNumber(left) && isNumber(right)) {
            return left instanceof Double || right instanceof Double
                    ? Double.compare(real(left) + 0.0, real(right) + 0.0)
                    : Long.compare(integer(left), integer(right));
        }
        throw fault("two numbers or texts to compare", kind(left) + " and " + kind(right));
    }

    static boolean contains(Object items, Object item) {
        return switch (items) {
            case String text when item instanceof String part -> text.contains(part);
            case Map<?, ?> map -> map.containsKey(key(item));
            case Lazy lazy -> contains(lazy.take(), item);
            case List<?> list -> list.stream().anyMatch(other -> equal(other, item));
            case Undefined _ -> false;
            default -> throw fault("a text, list or dict to look in", kind(items));
        };
    }

    /// A key of a dict. Python knows more of them, with rules of its own about which are one and the same.
    static Object key(Object key) {
        if (key instanceof String || key instanceof Long || key instanceof None || key instanceof Undefined) {
            return key;
        }
        throw fault("a text, whole number or none as a key", kind(key));
    }

    /// What a dict holds under a key.
    static Object field(Map<?, ?> map, Object key) {
        Object value = map.get(key);
        return value == null ? new Undefined("'" + text(key) + "'") : value;
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    static long integer(Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean flag -> flag ? 1 : 0;
            default -> throw fault("a whole number", kind(value));
        };
    }

    static double real(Object value) {
        return value instanceof Double number ? number : integer(value);
    }

    static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw fault("a text", kind(value));
    }

    /// Refuses a text of a length no conversation has.
    static void requireShort(double length) {
        if (length > LONGEST) {
            throw fault("at most " + LONGEST + " characters", "more");
        }
    }

    /// A text, refused if a template has made it too long.
    static String limited(String text) {
        requireShort(text.length());
        return text;
    }
}
