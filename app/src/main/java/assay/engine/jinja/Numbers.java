package assay.engine.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/// Numbers worked out, made of texts, rounded and written, as Python does it.
final class Numbers {
    private static final int MOST_DIGITS = 400;

    private Numbers() {}

    static double real(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "%" -> Math.copySign(modulo(left, right), right);
            default -> Math.rint((left - modulo(left, right)) / right);
        };
    }

    /// The rest of a division, with the divisor's sign.
    private static double modulo(double left, double right) {
        double rest = left % right;
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
    }

    /// The filter `round`.
    static Object rounded(Object input, Arguments given) {
        int digits = Math.clamp(Values.integer(given.or(0, "precision", 0L)), -300, 300);
        String method = Values.string(given.or(1, "method", "common"));
        if (method.equals("common") && Values.isWhole(input) && digits >= 0) {
            return input;
        }
        double number = Values.real(input);
        if (!Double.isFinite(number)) {
            throw Values.fault("a finite number", shown(number));
        }
        double unit = Math.pow(10, digits);
        return switch (method) {
            case "common" ->
                new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
            case "ceil" -> Math.ceil(number * unit) / unit;
            case "floor" -> Math.floor(number * unit) / unit;
            default -> throw Values.fault("rounding by common, ceil or floor", "'" + method + "'");
        };
    }

    static long whole(String operator, long left, long right) {
        return exactly(() -> switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDivExact(left, right);
            default -> Math.floorMod(left, right);
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

    static Object negated(Object number) {
        return number instanceof Double real
                ? (Object) (-real)
                : exactly(() -> Math.negateExact(Values.integer(number)));
    }

    static Object absolute(Object number) {
        return number instanceof Double real
                ? (Object) Math.abs(real)
                : exactly(() -> Math.absExact(Values.integer(number)));
    }

    /// The filter `int`.
    static Object whole(Object input, Arguments given) {
        Object fallback = given.allow("default").or(0, "default", 0L);
        if (Values.isWhole(input)) {
            return Values.integer(input);
        }
        if (input instanceof String text && plain(text).matches("[+-]?\\p{Nd}+")) {
            return exactly(() -> new BigDecimal(plain(text)).longValueExact());
        }
        OptionalDouble real = number(input);
        return real.isPresent() && Double.isFinite(real.getAsDouble())
                ? exactly(
                        () -> new BigDecimal(real.getAsDouble()).toBigInteger().longValueExact())
                : fallback;
    }

    /// The filter `float`.
    static Object real(Object input, Arguments given) {
        Object fallback = given.allow("default").or(0, "default", 0.0);
        OptionalDouble real = number(input);
        return real.isPresent() ? real.getAsDouble() : fallback;
    }

    /// What Python's `float` makes of a value, if it makes anything.
    private static OptionalDouble number(Object input) {
        if (input instanceof Values.Undefined missing) {
            throw Values.fault("a number", "nothing called " + missing.what());
        }
        if (Values.isNumber(input)) {
            return OptionalDouble.of(Values.real(input));
        }
        if (!(input instanceof String text)) {
            return OptionalDouble.empty();
        }
        String plain = plain(text);
        if (plain.matches("(?i)[+-]?(inf|infinity|nan)")) {
            throw Values.fault("a finite number", "'" + plain + "'");
        }
        try {
            double size = new BigDecimal(plain).doubleValue();
            return OptionalDouble.of(plain.startsWith("-") ? -Math.abs(size) : size);
        } catch (NumberFormatException noNumber) {
            return OptionalDouble.empty();
        }
    }

    /// A number's text without the space around it and the underscores Python allows between digits.
    private static String plain(String text) {
        if (text.length() > MOST_DIGITS) {
            throw Values.fault("a number of at most " + MOST_DIGITS + " digits", text.length() + " characters");
        }
        return Texts.stripped(text, true, true, Texts::isSpace).replaceAll("(?<=\\p{Nd})_(?=\\p{Nd})", "");
    }

    /// A float as Python's `repr` writes it.
    static String shown(double number) {
        double size = Math.abs(number);
        if (size == 0) {
            return Double.toString(number);
        }
        if (!(size >= Double.MIN_NORMAL && size <= Double.MAX_VALUE)) {
            throw Values.fault("a float of a usual size", Double.toString(number));
        }
        if (size >= 1e-4 && size < 1e16) {
            String plain =
                    new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String[] parts = Double.toString(number).split("E", -1);
        return parts[0].replaceFirst("\\.0$", "") + String.format(Locale.ROOT, "e%+03d", Integer.parseInt(parts[1]));
    }
}
