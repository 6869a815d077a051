package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Namespace;
import assay.engine.jinja.Values.Undefined;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/// `+ - * / // % ** ~` between template values and the tests behind `is`, as Python and Jinja work them out.
final class Operators {
    private static final int MOST_ITEMS = 200_000;

    private Operators() {}

    static Object apply(String operator, Object left, Object right) {
        if (operator.equals("~")) {
            return Values.limited(Values.text(left) + Values.text(right));
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            return Values.limited(a + b);
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
            if (a.size() + b.size() > MOST_ITEMS) {
                throw Values.fault("a list of at most " + MOST_ITEMS + " items", "more");
            }
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return a instanceof Values.Tuple ? new Values.Tuple(both) : both;
        }
        if (operator.equals("*") && left instanceof String text && right instanceof Long times) {
            if (times > 0 && text.length() * Math.min((double) times, Values.LONGEST) > Values.LONGEST) {
                throw Values.fault("at most " + Values.LONGEST + " characters", "more");
            }
            return times <= 0 || text.isEmpty() ? "" : text.repeat(Math.toIntExact(times));
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw Values.fault("values '" + operator + "' works on", Values.kind(left) + " and " + Values.kind(right));
        }
        boolean real = Values.isFloat(left) || Values.isFloat(right) || operator.equals("/");
        return real
                ? (Object) real(operator, Values.real(left), Values.real(right))
                : (Object) whole(operator, Values.integer(left), Values.integer(right));
    }

    private static double real(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw Values.fault("a divisor other than 0", "0");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }

    private static long whole(String operator, long left, long right) {
        if (right == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw Values.fault("a divisor other than 0", "0");
        }
        if (operator.equals("**") && right < 0) {
            throw Values.fault("an exponent of at least 0", Long.toString(right));
        }
        return exactly(() -> switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDivExact(left, right);
            case "%" -> Math.floorMod(left, right);
            default -> Math.powExact(left, Math.toIntExact(right));
        });
    }

    /// A whole number, refused if it does not fit 64 bits.
    static long exactly(LongSupplier sum) {
        try {
            return sum.getAsLong();
        } catch (ArithmeticException overflow) {
            throw Values.fault("whole numbers of at most 64 bits", "larger ones");
        }
    }

    /// Whether `value is name arguments` holds.
    ///
    /// @throws InputException naming a test this version does not know
    static boolean test(String name, Object value, List<Object> arguments) {
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof Values.None;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" ->
                value instanceof String
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "sequence" ->
                value instanceof String
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof Callable;
            case "odd" -> Math.floorMod(Values.integer(value), 2L) == 1;
            case "even" -> Math.floorMod(Values.integer(value), 2L) == 0;
            case "lower" -> cased(value, false);
            case "upper" -> cased(value, true);
            default -> compared(name, value, arguments);
        };
    }

    private static boolean cased(Object value, boolean upper) {
        String text = Values.text(value);
        String changed = upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
        return text.equals(changed) && !text.toUpperCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT));
    }

    private static boolean compared(String name, Object value, List<Object> arguments) {
        if (value instanceof Namespace || arguments.size() != 1) {
            throw unknown(name, arguments.size());
        }
        Object other = arguments.getFirst();
        return switch (name) {
            case "equalto", "eq", "==" -> Values.equal(value, other);
            case "ne", "!=" -> !Values.equal(value, other);
            case "in" -> Values.contains(other, value);
            case "lt", "<", "lessthan" -> Values.compare(value, other) < 0;
            case "le", "<=" -> Values.compare(value, other) <= 0;
            case "gt", ">", "greaterthan" -> Values.compare(value, other) > 0;
            case "ge", ">=" -> Values.compare(value, other) >= 0;
            case "divisibleby" -> Values.equal(apply("%", value, other), 0L);
            case "sameas" -> value.getClass() == other.getClass() && Values.equal(value, other);
            default -> throw unknown(name, 1);
        };
    }

    private static InputException unknown(String name, int arguments) {
        return Values.fault("a test this version knows", "'is " + name + "' with " + arguments + " arguments");
    }

    /// A float as Python's `repr` writes it.
    static String floating(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(number);
        if (size == 0 || (size >= 1e-4 && size < 1e16)) {
            String plain =
                    new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
            String sign = number == 0 && 1 / number < 0 && !plain.startsWith("-") ? "-" : "";
            return sign + (plain.contains(".") ? plain : plain + ".0");
        }
        String[] parts = Double.toString(number).split("E", -1);
        int exponent = Integer.parseInt(parts[1]);
        String digits = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
        return digits + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
