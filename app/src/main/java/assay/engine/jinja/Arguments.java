package assay.engine.jinja;

import java.util.List;
import java.util.Map;

/// The arguments a template gives to a filter, method or function.
///
/// @param callee what they are given to, for messages
record Arguments(String callee, List<Object> positional, Map<String, Object> named) {
    /// Refuses arguments other than these, in this order.
    Arguments allow(String... names) {
        List<String> known = List.of(names);
        if (positional.size() > known.size()) {
            throw Values.fault(
                    "at most " + known.size() + " arguments for " + callee, Integer.toString(positional.size()));
        }
        for (String name : named.keySet()) {
            if (!known.contains(name)) {
                throw Values.fault("an argument " + callee + " takes", "'" + name + "'");
            }
        }
        return this;
    }

    /// `value`, refusing any argument.
    Object none(Object value) {
        allow();
        return value;
    }

    /// Any number of arguments, refusing those with names.
    List<Object> unnamed() {
        new Arguments(callee, List.of(), named).allow();
        return positional;
    }

    /// The argument at a place or of a name, or else `fallback`.
    Object or(int index, String name, Object fallback) {
        return index < positional.size() ? positional.get(index) : named.getOrDefault(name, fallback);
    }

    /// Whether the argument at a place or of a name is given and true.
    boolean flag(int index, String name) {
        return Values.truth(or(index, name, false));
    }

    /// The argument at a place or of a name.
    Object required(int index, String name) {
        if (index >= positional.size() && !named.containsKey(name)) {
            throw Values.fault("an argument '" + name + "' for " + callee, "none");
        }
        return or(index, name, Values.NONE);
    }

    /// Positional arguments from a place on.
    List<Object> rest(int from) {
        return positional.subList(Math.min(from, positional.size()), positional.size());
    }
}
