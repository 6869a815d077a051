package assay.engine.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values put into a text's places: Python's `%`, `str.format` and `strftime`.
public final class Formats {
    private static final Pattern PERCENT = Pattern.compile(
            "%(?:\\((?<name>[^)]*)\\))?(?<flags>[-+ 0#]*)(?<width>\\d*)(?:\\.(?<digits>\\d*))?(?<kind>.?)",
            Pattern.DOTALL);
    private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(?<field>[^{}]*)\\}|[{}]");
    private static final int WIDEST = 10_000;

    private Formats() {}

    /// `form % given`: a tuple fills several places, a dict places with names, anything else one.
    ///
    /// @throws assay.InputException if places and values do not fit, or for a kind this version does not know
    static String percent(String form, Object given) {
        List<?> values = given instanceof Values.Tuple tuple ? tuple : List.of(given);
        StringBuilder out = new StringBuilder();
        Matcher place = PERCENT.matcher(form);
        int used = 0;
        boolean named = false;
        while (place.find()) {
            if (place.group("kind").equals("%")) {
                place.appendReplacement(out, "%");
                continue;
            }
            Object value;
            if (place.group("name") != null) {
                named = true;
                if (!(given instanceof Map<?, ?> map) || !map.containsKey(place.group("name"))) {
                    throw Values.fault("a value for %(" + place.group("name") + ")", Values.kind(given));
                }
                value = Dicts.present(map.get(place.group("name")));
            } else if (used < values.size()) {
                value = values.get(used++);
            } else {
                throw Values.fault("a value for every place of '" + form + "'", "only " + values.size());
            }
            place.appendReplacement(out, Matcher.quoteReplacement(placed(place, value)));
        }
        if (!named && used < values.size() && !(given instanceof Map<?, ?>)) {
            throw Values.fault("a place in '" + form + "' for every value", "only " + used);
        }
        return place.appendTail(out).toString();
    }

    private static String placed(Matcher place, Object value) {
        String digits = place.group("digits");
        int precision = digits == null ? -1 : digits.isEmpty() ? 0 : number(digits);
        String flags = place.group("flags");
        String plain = switch (place.group("kind")) {
            case "s" -> cut(Values.text(value), precision);
            case "r" -> cut(Values.shown(value), precision);
            case "c" -> value instanceof Long code ? Character.toString(code.intValue()) : Values.string(value);
            case "d", "i", "u" -> Long.toString(truncated(value));
            case "x" -> Long.toString(Values.integer(value), 16);
            case "X" -> Long.toString(Values.integer(value), 16).toUpperCase(Locale.ROOT);
            case "o" -> Long.toString(Values.integer(value), 8);
            case "f", "F" -> fixed(Values.real(value), precision < 0 ? 6 : precision);
            default -> throw Values.fault("a place like %s, %d, %f or %x", "'" + place.group() + "'");
        };
        boolean numeric = "diuxXofF".contains(place.group("kind"));
        if (numeric && !plain.startsWith("-")) {
            plain = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + plain;
        }
        int width = place.group("width").isEmpty() ? 0 : number(place.group("width"));
        String padding = " ".repeat(Math.max(0, width - (int) Values.length(plain)));
        if (flags.contains("-")) {
            return plain + padding;
        }
        if (flags.contains("0") && numeric) {
            int sign = "+- ".indexOf(plain.charAt(0)) >= 0 ? 1 : 0;
            return plain.substring(0, sign) + padding.replace(' ', '0') + plain.substring(sign);
        }
        return padding + plain;
    }

    private static int number(String digits) {
        if (digits.length() > 4) {
            throw Values.fault("a place of at most " + WIDEST + " characters", digits);
        }
        return Integer.parseInt(digits);
    }

    private static String cut(String text, int most) {
        return most < 0 || most >= Values.length(text) ? text : text.substring(0, text.offsetByCodePoints(0, most));
    }

    private static long truncated(Object value) {
        return value instanceof Double number ? number.longValue() : Values.integer(value);
    }

    private static String fixed(double number, int digits) {
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(digits, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : Operators.floating(number);
    }

    /// `form.format(…)` with places `{}`, `{0}` and `{name}`.
    ///
    /// @throws assay.InputException if places and values do not fit, or for a place with more in it
    static String braces(String form, Arguments given) {
        StringBuilder out = new StringBuilder();
        Matcher place = BRACES.matcher(form);
        int used = 0;
        while (place.find()) {
            String field = place.group("field");
            if (field == null) {
                if (place.group().length() == 1) {
                    throw Values.fault("braces in pairs", "'" + place.group() + "' in '" + form + "'");
                }
                place.appendReplacement(out, place.group().substring(1));
                continue;
            }
            if (!field.matches("[\\p{L}\\p{N}_]*")) {
                throw Values.fault("a place like {}, {0} or {name}", "'" + place.group() + "'");
            }
            boolean counted = field.isEmpty() || Character.isDigit(field.charAt(0));
            int index = field.isEmpty() ? used++ : counted ? number(field) : -1;
            boolean there =
                    counted ? index < given.positional().size() : given.named().containsKey(field);
            if (!there) {
                throw Values.fault("a value for every place of '" + form + "'", "none for '" + place.group() + "'");
            }
            Object value =
                    counted ? given.positional().get(index) : given.named().get(field);
            place.appendReplacement(out, Matcher.quoteReplacement(Values.text(Dicts.present(value))));
        }
        return Values.limited(place.appendTail(out).toString());
    }

    /// A moment as Python's `strftime` writes it where the locale is C.
    ///
    /// @throws assay.InputException naming a field this version does not know
    public static String date(String form, LocalDateTime now) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            boolean bare = i + 1 < form.length() && form.charAt(i + 1) == '-';
            i += bare ? 2 : 1;
            String field = field(i < form.length() ? form.charAt(i) : ' ', now);
            out.append(bare ? field.replaceFirst("^[0 ]+(?=\\d)", "") : field);
        }
        return out.toString();
    }

    private static String field(char code, LocalDateTime now) {
        int weekday = now.getDayOfWeek().getValue() % 7;
        return switch (code) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case '%' -> "%";
            case 'z', 'Z' -> "";
            case 'w' -> Integer.toString(weekday);
            case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
            case 'U' -> two((now.getDayOfYear() + 6 - weekday) / 7);
            case 'W' -> two((now.getDayOfYear() + 6 - (weekday + 6) % 7) / 7);
            case 'V' -> two(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> Integer.toString(now.get(IsoFields.WEEK_BASED_YEAR));
            case 'C' -> two(now.getYear() / 100);
            case 'e' -> String.format("%2d", now.getDayOfMonth());
            case 'k' -> String.format("%2d", now.getHour());
            case 'l' -> String.format("%2d", now.get(ChronoField.CLOCK_HOUR_OF_AMPM));
            case 'c' -> date("%a %b %e %H:%M:%S %Y", now);
            case 'x', 'D' -> date("%m/%d/%y", now);
            case 'X', 'T' -> date("%H:%M:%S", now);
            case 'F' -> date("%Y-%m-%d", now);
            case 'R' -> date("%H:%M", now);
            case 'r' -> date("%I:%M:%S %p", now);
            default -> patterned(code, now);
        };
    }

    private static String two(int number) {
        return String.format("%02d", number);
    }

    private static String patterned(char code, LocalDateTime now) {
        String pattern = switch (code) {
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'f' -> "SSSSSS";
            case 'p' -> "a";
            case 'j' -> "DDD";
            default -> throw Values.fault("a date field this version knows", "'%" + code + "'");
        };
        try {
            return DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
        } catch (DateTimeException outOfRange) {
            throw Values.fault("a date that can be written", outOfRange.getMessage() + "");
        }
    }
}
