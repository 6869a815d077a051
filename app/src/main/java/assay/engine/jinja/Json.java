package assay.engine.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Values as Python's `json.dumps` writes them, with what transformers' `tojson` may be told.
final class Json {
    private final boolean ascii;
    private final Optional<String> indent;
    private final String between;
    private final String colon;
    private final boolean sorted;
    private final StringBuilder out = new StringBuilder();

    private Json(Arguments given) {
        this.ascii = Values.truth(given.or(0, "ensure_ascii", false));
        Object margin = given.or(1, "indent", Values.NONE);
        this.indent = switch (margin) {
            case Values.None _ -> Optional.empty();
            case String text -> Optional.of(text);
            default -> Optional.of(" ".repeat(Math.clamp(Values.integer(margin), 0, 100)));
        };
        Object separators = given.or(2, "separators", Values.NONE);
        if (separators instanceof Values.None) {
            this.between = indent.isPresent() ? "," : ", ";
            this.colon = ": ";
        } else {
            List<?> pair = Values.items(separators);
            if (pair.size() != 2) {
                throw Values.fault("two separators", pair.size() + "");
            }
            this.between = Values.string(pair.get(0));
            this.colon = Values.string(pair.get(1));
        }
        this.sorted = Values.truth(given.or(3, "sort_keys", false));
    }

    /// @throws assay.InputException if the value holds something JSON cannot
    static String of(Object value, Arguments given) {
        Json json = new Json(given.allow("ensure_ascii", "indent", "separators", "sort_keys"));
        json.write(value, 0);
        return json.out.toString();
    }

    private void write(Object value, int depth) {
        if (out.length() > Values.LONGEST) {
            throw Values.fault("at most " + Values.LONGEST + " characters", "more");
        }
        switch (value) {
            case String text -> quote(text);
            case List<?> list
            when Sequences.isPlain(list) -> {
                open('[', list.isEmpty(), depth);
                for (int i = 0; i < list.size(); i++) {
                    next(i, depth);
                    write(list.get(i), depth + 1);
                }
                close(']', list.isEmpty(), depth);
            }
            case Map<?, ?> map -> {
                open('{', map.isEmpty(), depth);
                List<Object> keys = new ArrayList<>(map.keySet());
                if (sorted) {
                    keys.sort(Values::compare);
                }
                for (int i = 0; i < keys.size(); i++) {
                    next(i, depth);
                    quote(key(keys.get(i)));
                    out.append(colon);
                    write(Dicts.present(map.get(keys.get(i))), depth + 1);
                }
                close('}', map.isEmpty(), depth);
            }
            default -> out.append(plain(value));
        }
    }

    private static String key(Object key) {
        return key instanceof String text ? text : plain(key);
    }

    private static String plain(Object value) {
        return switch (value) {
            case Values.None _ -> "null";
            case Boolean flag -> flag.toString();
            case Long number -> number.toString();
            case Double number when number.isNaN() -> "NaN";
            case Double number when number.isInfinite() -> number > 0 ? "Infinity" : "-Infinity";
            case Double number -> Operators.floating(number);
            default -> throw Values.fault("something JSON can hold", Values.kind(value));
        };
    }

    private void open(char bracket, boolean empty, int depth) {
        out.append(bracket);
        if (!empty) {
            line(depth + 1);
        }
    }

    private void next(int index, int depth) {
        if (index > 0) {
            out.append(between);
            line(depth + 1);
        }
    }

    private void close(char bracket, boolean empty, int depth) {
        if (!empty) {
            line(depth);
        }
        out.append(bracket);
    }

    private void line(int depth) {
        indent.ifPresent(margin -> out.append('\n').append(margin.repeat(depth)));
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int named = "\"\\\n\r\t\f\b".indexOf(c);
            if (named >= 0) {
                out.append('\\').append("\"\\nrtfb".charAt(named));
            } else if (c < 0x20 || (ascii && c > 0x7e)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
