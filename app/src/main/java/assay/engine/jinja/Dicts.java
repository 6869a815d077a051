package assay.engine.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Python's dicts do that Java's maps do not.
public final class Dicts {
    private Dicts() {}

    /// What `dict(…)` and `namespace(…)` make of dicts, pairs and names.
    public static Map<Object, Object> of(String name, List<Object> positional, Map<String, Object> named) {
        Map<Object, Object> made = new LinkedHashMap<>();
        Object first = new Arguments(name, positional, Map.of()).allow("from").or(0, "from", List.of());
        if (first instanceof Map<?, ?> map) {
            made.putAll(map);
        } else {
            for (Object pair : Values.items(first)) {
                List<?> both = Values.items(pair);
                if (both.size() != 2) {
                    throw Values.fault("pairs of a key and a value", both.size() + " values");
                }
                made.put(keyIn(made, hashable(both.getFirst())), both.getLast());
            }
        }
        made.putAll(named);
        return made;
    }

    static boolean equal(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Object key : left.keySet()) {
            Object other = right.get(keyIn(right, key));
            if (other == null || !Values.equal(present(left.get(key)), other)) {
                return false;
            }
        }
        return true;
    }

    /// The key of a dict that equals another: `1`, `1.0` and `True` are one key.
    static Object keyIn(Map<?, ?> map, Object key) {
        if (!Values.isNumber(key) || map.containsKey(key)) {
            return key;
        }
        for (Object known : map.keySet()) {
            if (Values.isNumber(known) && Values.equal(known, key)) {
                return known;
            }
        }
        return key;
    }

    /// A key of a dict, refused if Python would.
    static Object hashable(Object key) {
        if (key instanceof Map<?, ?> || (key instanceof List<?> && !(key instanceof Values.Tuple))) {
            throw Values.fault("a key that cannot change", Values.kind(key));
        }
        return key;
    }

    /// What a dict holds under a key it has; dicts here hold no null, but Java does not know.
    static Object present(@Nullable Object value) {
        return value == null ? Values.NONE : value;
    }
}
