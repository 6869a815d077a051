package assay.engine.jinja;

import assay.InputException;
import assay.engine.jinja.Sequences.Special;
import assay.engine.jinja.Values.Callable;
import assay.engine.jinja.Values.Undefined;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// `+ - * / // % ** ~` between template values and the tests behind `is`, as Python and Jinja work them out.
final class Operators {
    private static final int MOST_ITEMS = 200_000;
    private static final Set<String> PLAIN_TESTS =
            Set.of(("defined undefined none string mapping iterable sequence number integer float "
                            + "boolean true false callable odd even lower upper")
                    .split(" ", -1));

    private Operators() {}

    static Object apply(String operator, Object left, Object right) {
        if (operator.equals("~")) {
            return Values.limited(Values.text(left) + Values.text(right));
        }
        if (operator.equals("+") && left instanceof String a && right instanceof String b) {
            return Values.limited(a + b);
        }
        if (operator.equals("%") && left instanceof String form) {
            return Values.limited(Formats.percent(form, right));
        }
        if (operator.equals("+")
                && left instanceof List<?> a
                && right instanceof List<?> b
                && Sequences.isPlain(a)
                && Sequences.sameKind(a, b)) {
            if (a.size() + b.size() > MOST_ITEMS) {
                throw Values.fault("a list of at most " + MOST_ITEMS + " items", "more");
            }
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return a instanceof Values.Tuple ? new Values.Tuple(both) : both;
        }
        if (operator.equals("*") && (left instanceof String || Sequences.isPlain(left)) && isWhole(right)) {
            return repeated(left, Values.integer(right));
        }
        if (operator.equals("*") && (right instanceof String || Sequences.isPlain(right)) && isWhole(left)) {
            return repeated(right, Values.integer(left));
        }
        if (!Values.isNumber(left) || !Values.isNumber(right)) {
            throw Values.fault("values '" + operator + "' works on", Values.kind(left) + " and " + Values.kind(right));
        }
        boolean real = Values.isFloat(left)
                || Values.isFloat(right)
                || operator.equals("/")
                || (operator.equals("**") && Values.integer(right) < 0);
        return real
                ? (Object) real(operator, Values.real(left), Values.real(right))
                : (Object) whole(operator, Values.integer(left), Values.integer(right));
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Boolean;
    }

    private static Object repeated(Object value, long times) {
        if (value instanceof String text) {
            if (times > 0 && text.length() * (double) times > Values.LONGEST) {
                throw Values.fault("at most " + Values.LONGEST + " characters", "more");
            }
            return times <= 0 || text.isEmpty() ? "" : text.repeat(Math.toIntExact(times));
        }
        List<?> items = Values.items(value);
        if (times > 0 && items.size() * (double) times > MOST_ITEMS) {
            throw Values.fault("a list of at most " + MOST_ITEMS + " items", "more");
        }
        List<Object> many = new ArrayList<>();
        for (long i = 0; i < times; i++) {
            many.addAll(items);
        }
        return Sequences.like(items, many);
    }

    private static double real(String operator, double left, double right) {
        if (left == 0 && right < 0 && operator.equals("**")) {
            throw Values.fault("a divisor other than 0", "0 to a negative power");
        }
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw Values.fault("a divisor other than 0", "0");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.rint((left - remainder(left, right)) / right);
            case "%" -> remainder(left, right);
            default -> power(left, right);
        };
    }

    /// What is left with the sign of the divisor, as Python has it.
    private static double remainder(double left, double right) {
        double rest = left % right;
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : Math.copySign(rest, rest == 0 ? right : rest);
    }

    private static double power(double left, double right) {
        double result = Math.pow(left, right);
        if (Double.isFinite(left) && Double.isFinite(right) && !Double.isFinite(result)) {
            throw Values.fault("a power that is a number", "one that is too large or not real");
        }
        return result;
    }

    private static long whole(String operator, long left, long right) {
        if (right == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw Values.fault("a divisor other than 0", "0");
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
        if (PLAIN_TESTS.contains(name) != arguments.isEmpty()) {
            throw unknown(name, arguments.size());
        }
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof Values.None;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" ->
                value instanceof String
                        || value instanceof Sequences.Lazy
                        || value instanceof Loop
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "sequence" ->
                value instanceof String
                        || (value instanceof List<?> && !(value instanceof Special view && !view.hasPlaces()))
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof Callable;
            case "odd" -> Values.equal(apply("%", number(value), 2L), 1L);
            case "even" -> Values.equal(apply("%", number(value), 2L), 0L);
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
        if (arguments.size() != 1) {
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
            case "sameas" -> same(value, other);
            default -> throw unknown(name, 1);
        };
    }

    /// Python asks whether both are one thing in memory; numbers and texts are one thing if they are equal.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Object value, Object other) {
        if (value instanceof List<?> || value instanceof Map<?, ?>) {
            return value == other;
        }
        return value.getClass() == other.getClass() && Values.equal(value, other);
    }

    private static Object number(Object value) {
        if (!Values.isNumber(value)) {
            throw Values.fault("a number", Values.kind(value));
        }
        return value;
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
        BigDecimal single = new BigDecimal(number).round(new MathContext(1));
        String shortest = single.doubleValue() == number
                ? String.format(Locale.ROOT, "%s.0E%d", single.unscaledValue(), -single.scale())
                : Double.toString(number);
        String[] parts = shortest.split("E", -1);
        int exponent = Integer.parseInt(parts[1]);
        String digits = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
        return digits + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
