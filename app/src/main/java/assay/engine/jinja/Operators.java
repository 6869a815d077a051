package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Values.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `+ - * / // % ~` between template values, comparisons and the tests behind `is`, as Python and Jinja work
/// them out.
final class Operators {
    private static final int MOST_ITEMS = 200_000;

    private Operators() {}

    static Object apply(String operator, Object left, Object right) {
        return switch (operator) {
            case "~" -> Values.limited(Values.text(left) + Values.text(right));
            case "+" -> sum(left, right);
            case "*" -> product(left, right);
            case "%" -> left instanceof String form ? Formats.percent(form, right) : number(operator, left, right);
            default -> number(operator, left, right);
        };
    }

    private static Object sum(Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            return Values.limited(a + b);
        }
        boolean lists =
                left instanceof List<?> a && right instanceof List<?> b && Values.isPlain(a) && Values.sameKind(a, b);
        return lists ? repeated(Values.items(left), 1, Values.items(right)) : number("+", left, right);
    }

    private static Object product(Object left, Object right) {
        if (isRepeatable(left) && Values.isWhole(right)) {
            return repeated(left, Values.integer(right));
        }
        return Values.isWhole(left) && isRepeatable(right) ? product(right, left) : number("*", left, right);
    }

    private static boolean isRepeatable(Object value) {
        return value instanceof String || Values.isPlain(value);
    }

    private static Object repeated(Object value, long times) {
        if (!(value instanceof String text)) {
            return repeated(Values.items(value), times, List.of());
        }
        Values.requireShort(text.length() * (double) times);
        return times <= 0 || text.isEmpty() ? "" : text.repeat((int) times);
    }

    /// A list so many times, and another behind it.
    private static List<?> repeated(List<?> list, long times, List<?> behind) {
        if (list.size() * (double) Math.max(times, 0) + behind.size() > MOST_ITEMS) {
            throw Values.fault("a list of at most " + MOST_ITEMS + " items", "more");
        }
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < times && !list.isEmpty(); i++) {
            items.addAll(list);
        }
        items.addAll(behind);
        return Values.like(list, items);
    }

    private static Object number(String operator, Object left, Object right) {
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw Values.fault("values '" + operator + "' works on", Values.kind(left) + " and " + Values.kind(right));
        }
        if (Values.real(right) == 0 && Set.of("/", "//", "%").contains(operator)) {
            throw Values.fault("a divisor other than 0", "0");
        }
        return Values.isWhole(left) && Values.isWhole(right) && !operator.equals("/")
                ? (Object) Numbers.whole(operator, Values.integer(left), Values.integer(right))
                : (Object) Numbers.real(operator, Values.real(left), Values.real(right));
    }

    /// Whether `value is name arguments` holds.
    static boolean test(String name, Object value, List<Object> arguments) {
        return switch (arguments.size()) {
            case 0 -> holds(name, value);
            case 1 -> holds(name, value, arguments.getFirst());
            default -> throw unknown(name, arguments.size());
        };
    }

    private static boolean holds(String test, Object value) {
        return switch (test) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof Values.None;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" ->
                value instanceof List<?> || value instanceof Values.Lazy || value instanceof Loop || isSequence(value);
            case "sequence" -> isSequence(value);
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof Values.Callable || value instanceof Undefined;
            case "odd" -> Values.equal(number("%", value, 2L), 1L);
            case "even" -> Values.equal(number("%", value, 2L), 0L);
            case "lower" -> Texts.isLower(Values.text(value));
            case "upper" -> Texts.isUpper(Values.text(value));
            default -> throw unknown(test, 0);
        };
    }

    /// Whether `value operator other` or `value is operator other` holds.
    static boolean holds(String operator, Object value, Object other) {
        return switch (operator) {
            case "==", "eq", "equalto" -> Values.equal(value, other);
            case "!=", "ne" -> !Values.equal(value, other);
            case "<", "lt", "lessthan" -> Values.compare(value, other) < 0;
            case "<=", "le" -> Values.compare(value, other) <= 0;
            case ">", "gt", "greaterthan" -> Values.compare(value, other) > 0;
            case ">=", "ge" -> Values.compare(value, other) >= 0;
            case "in" -> Values.contains(other, value);
            case "not in" -> !Values.contains(other, value);
            case "sameas" -> value.getClass() == other.getClass() && Values.equal(value, other);
            case "divisibleby" -> Values.equal(number("%", value, other), 0L);
            default -> throw unknown(operator, 1);
        };
    }

    private static InputException unknown(String name, int arguments) {
        return Values.fault("a test this version knows", "'is " + name + "' with " + arguments + " arguments");
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || (value instanceof List<?> list && Values.hasPlaces(list))
                || value instanceof Map<?, ?>
                || value instanceof Undefined;
    }
}
