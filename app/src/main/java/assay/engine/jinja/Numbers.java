package assay.engine.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/// Numbers out of texts and of other numbers, as the filters `int`, `float`, `abs` and `round` make them.
final class Numbers {
    private static final Pattern FLOAT = Pattern.compile(
            "[+-]?(DIGITS(\\.(DIGITS)?)?|\\.DIGITS)([eE][+-]?DIGITS)?".replace("DIGITS", "\\p{Nd}+(?:_\\p{Nd}+)*"));
    private static final Pattern NAMED = Pattern.compile("[+-]?(inf|infinity|nan)");

    private Numbers() {}

    static Object whole(Object input, Arguments given) {
        Object fallback = given.or(0, "default", 0L);
        int base = Math.clamp(Values.integer(given.or(1, "base", 10L)), 2, 36);
        if (input instanceof String text) {
            try {
                return fitting(new BigInteger(digits(Values.strip(text), base), base));
            } catch (NumberFormatException notWhole) {
                return cut(real(input, Double.NaN), fallback);
            }
        }
        return switch (input) {
            case Double number -> cut(number, fallback);
            case Values.Undefined missing -> throw Values.fault("a number", "nothing called " + missing.what());
            default -> Values.isNumber(input) ? (Object) Values.integer(input) : fallback;
        };
    }

    private static Object cut(double number, Object fallback) {
        return Double.isFinite(number) ? (Object) fitting(new BigDecimal(number).toBigInteger()) : fallback;
    }

    private static long fitting(BigInteger number) {
        return Operators.exactly(number::longValueExact);
    }

    /// A number's text without the prefix and the underscores Python allows.
    private static String digits(String text, int base) {
        String prefix = base == 16 ? "0[xX]_?" : base == 8 ? "0[oO]_?" : base == 2 ? "0[bB]_?" : "";
        return text.replaceFirst("^([+-]?)" + prefix + "(?=.)", "$1").replaceAll("(?<=[^\\W_])_(?=[^\\W_])", "");
    }

    static Object real(Object input, Arguments given) {
        Object fallback = given.or(0, "default", 0.0);
        return switch (input) {
            case String text -> {
                String plain = Values.strip(text).toLowerCase(Locale.ROOT);
                yield NAMED.matcher(plain).matches() || FLOAT.matcher(plain).matches()
                        ? (Object) real(text, 0)
                        : fallback;
            }
            case Values.Undefined missing -> throw Values.fault("a number", "nothing called " + missing.what());
            default -> Values.isNumber(input) ? (Object) Values.real(input) : fallback;
        };
    }

    private static double real(Object input, double fallback) {
        String text = Values.strip(Values.text(input)).toLowerCase(Locale.ROOT);
        if (NAMED.matcher(text).matches()) {
            double size = text.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
            return text.startsWith("-") ? -size : size;
        }
        if (!FLOAT.matcher(text).matches()) {
            return fallback;
        }
        StringBuilder plain = new StringBuilder();
        text.replace("_", "")
                .codePoints()
                .forEach(c -> plain.appendCodePoint(Character.isDigit(c) ? '0' + Character.digit(c, 10) : c));
        return Double.parseDouble(plain.toString());
    }

    static Object absolute(Object input) {
        return Values.isFloat(input)
                ? (Object) Math.abs(Values.real(input))
                : (Object) Operators.exactly(() -> Math.absExact(Values.integer(input)));
    }

    /// Halves go to the even neighbour, as in Python.
    static Object rounded(Object input, Arguments given) {
        int places = Math.clamp(Values.integer(given.or(0, "precision", 0L)), -400, 400);
        RoundingMode mode = switch (Values.text(given.or(1, "method", "common"))) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw Values.fault("rounding that is common, ceil or floor", "another");
        };
        if (!Values.isFloat(input)) {
            BigDecimal number = BigDecimal.valueOf(Values.integer(input)).setScale(places, mode);
            return mode == RoundingMode.HALF_EVEN ? (Object) fitting(number.toBigInteger()) : number.doubleValue();
        }
        double number = Values.real(input);
        if (!Double.isFinite(number)) {
            return number;
        }
        if (mode == RoundingMode.HALF_EVEN) {
            double result = new BigDecimal(number).setScale(places, mode).doubleValue();
            return Math.copySign(result, number);
        }
        double scale = Math.pow(10, places);
        return (mode == RoundingMode.CEILING ? Math.ceil(number * scale) : Math.floor(number * scale)) / scale;
    }
}
