package assay.engine.jinja;

import assay.InputException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What chat template values are and how they behave, as Python's do.
///
/// A value is a String, Boolean, Long, Double, List, Map, [#NONE], [Undefined], [Namespace] or [Callable].
public final class Values {
    /// Longest text or list a template may build.
    static final int LONGEST = 8_000_000;

    /// Python's `None`.
    public static final None NONE = new None();

    private Values() {}

    /// A Python tuple: a list that prints with round brackets and equals no list.
    static class Tuple extends AbstractList<Object> {
        private final List<Object> items;

        Tuple(List<Object> items) {
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

    /// The kind of [#NONE].
    public record None() {}

    /// A variable, key or attribute that does not exist: empty as text, false as a condition.
    ///
    /// @param instead what to call where a template calls it all the same
    public record Undefined(String what, @Nullable Callable instead) {
        public Undefined(String what) {
            this(what, null);
        }
    }

    /// What `namespace()` makes: the one thing a template may change.
    public record Namespace(Map<Object, Object> fields) {}

    /// Something a template can call.
    public interface Callable {
        Object call(List<Object> positional, Map<String, Object> named);
    }

    /// A complaint with the line of the template it is about.
    public static InputException fault(String expected, String found, int line) {
        return new InputException("chat template: expected " + expected + ", found " + found + " (line " + line
                + "). Use a template this version reads, or another model.");
    }

    /// A complaint about a value met while rendering.
    public static InputException fault(String expected, String found) {
        return new InputException("chat template: expected " + expected + ", found " + found
                + " (while rendering). Use a template this version reads, or another model.");
    }

    /// A caller's object as a template value.
    public static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case Integer number -> (long) number;
            case Float number -> (double) number;
            case List<?> list -> list.stream().map(Values::of).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put(of(key), of(item)));
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
            case Undefined _ -> false;
            default -> !(value instanceof None);
        };
    }

    /// What kind of thing a value is, in Python's words.
    static String kind(Object value) {
        return switch (value) {
            case Boolean _ -> "a bool";
            case Long _ -> "an int";
            case Double _ -> "a float";
            case String _ -> "a str";
            case Tuple _ -> "a tuple";
            case Sequences.Special _ -> "a range or view";
            case List<?> _ -> "a list";
            case Sequences.Lazy _ -> "what map, select and their like give (add | list)";
            case Loop _ -> "a loop";
            case Map<?, ?> _ -> "a dict";
            case Undefined missing -> "nothing called " + missing.what();
            case Namespace _ -> "a namespace";
            case Callable _ -> "a function";
            default -> "None";
        };
    }

    /// As `str()` would print it; undefined prints nothing.
    public static String text(Object value) {
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag ? "True" : "False";
            case Long number -> Long.toString(number);
            case Double number -> Operators.floating(number);
            case Undefined _ -> "";
            case List<?> _, Map<?, ?> _ -> limited(shown(value));
            case Loop loop -> loop.toString();
            case Sequences.Lazy _, Namespace _, Callable _ -> throw fault("something printable", kind(value));
            default -> "None";
        };
    }

    /// As `repr()` would print it.
    static String shown(Object value) {
        return switch (value) {
            case String text -> Texts.quoted(text);
            case Undefined _ -> "Undefined";
            case Sequences.Special special -> special.shown();
            case List<?> list -> {
                List<String> items = list.stream().map(Values::shown).toList();
                String joined = String.join(", ", items);
                yield list instanceof Tuple ? "(" + joined + (items.size() == 1 ? ",)" : ")") : "[" + joined + "]";
            }
            case Map<?, ?> map -> {
                List<String> items = new ArrayList<>();
                map.forEach((key, item) -> items.add(shown(key) + ": " + shown(item)));
                yield "{" + String.join(", ", items) + "}";
            }
            default -> text(value);
        };
    }

    /// The items a loop over a value visits.
    static List<?> items(Object value) {
        return switch (value) {
            case List<?> list -> list;
            case Sequences.Lazy lazy -> lazy.take();
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
            boolean same = a.size() == b.size() && Sequences.sameKind(a, b);
            for (int i = 0; same && i < a.size(); i++) {
                same = equal(a.get(i), b.get(i));
            }
            return same;
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return Dicts.equal(a, b);
        }
        if (left instanceof Undefined && right instanceof Undefined) {
            return true;
        }
        return left.equals(right);
    }

    static int compare(Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            int[] x = a.codePoints().toArray();
            int[] y = b.codePoints().toArray();
            return java.util.Arrays.compare(x, y);
        }
        if (isNumber(left) && isNumber(right)) {
            return isFloat(left) || isFloat(right)
                    ? Double.compare(real(left) + 0.0, real(right) + 0.0)
                    : Long.compare(integer(left), integer(right));
        }
        if (left instanceof List<?> a
                && right instanceof List<?> b
                && Sequences.isPlain(a)
                && Sequences.sameKind(a, b)) {
            for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
                if (!equal(a.get(i), b.get(i))) {
                    return compare(a.get(i), b.get(i));
                }
            }
            return Integer.compare(a.size(), b.size());
        }
        throw fault("two numbers, texts or lists to compare", kind(left) + " and " + kind(right));
    }

    static boolean contains(Object items, Object item) {
        return switch (items) {
            case String text when item instanceof String part -> text.contains(part);
            case Map<?, ?> map -> map.containsKey(Dicts.keyIn(map, Dicts.hashable(item)));
            case Sequences.Lazy lazy -> contains(lazy.take(), item);
            case List<?> list -> list.stream().anyMatch(other -> equal(other, item));
            case Undefined _ -> false;
            default -> throw fault("a text, list or dict to look in", kind(items));
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    static boolean isFloat(Object value) {
        return value instanceof Double;
    }

    public static long integer(Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean flag -> flag ? 1 : 0;
            default -> throw fault("a whole number", kind(value));
        };
    }

    static double real(Object value) {
        return value instanceof Double number ? number : integer(value);
    }

    public static String string(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw fault("a text", kind(value));
    }

    /// A text, refused if a template has made it too long.
    static String limited(String text) {
        if (text.length() > LONGEST) {
            throw fault("at most " + LONGEST + " characters", text.length() + "");
        }
        return text;
    }

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    static String strip(String text) {
        return stripLeft(stripRight(text));
    }

    static String stripLeft(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripRight(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }
}
