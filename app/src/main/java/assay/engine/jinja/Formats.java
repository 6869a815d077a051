package assay.engine.jinja;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values put into a text's places: Python's `%`, `str.format` and `strftime`, as far as chat templates use them.
final class Formats {
    private static final Pattern PERCENT =
            Pattern.compile("%(?<layout>[+ ]?(?:[-0]?[1-9]\\d?)?)(?:\\.(?<digits>\\d\\d?))?(?<kind>.?)");
    private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(?<field>[^{}]*)\\}|[{}]");
    private static final Pattern FIELD = Pattern.compile("%(-?)(.?)", Pattern.DOTALL);

    /// Codes of `strftime` and what Java calls them.
    private static final Map<String, String> DATES = Map.ofEntries(
            entry("Y", "uuuu"),
            entry("y", "uu"),
            entry("m", "MM"),
            entry("d", "dd"),
            entry("e", "ppd"),
            entry("j", "DDD"),
            entry("B", "MMMM"),
            entry("b", "MMM"),
            entry("A", "EEEE"),
            entry("a", "EEE"),
            entry("H", "HH"),
            entry("I", "hh"),
            entry("M", "mm"),
            entry("S", "ss"),
            entry("p", "a"),
            entry("F", "uuuu-MM-dd"),
            entry("T", "HH:mm:ss"),
            entry("%", "%"));

    private Formats() {}

    /// `form % given`: a tuple fills several places, anything else one.
    static String percent(String form, Object given) {
        List<?> values = Values.isTuple(given) ? Values.items(given) : List.of(given);
        StringBuilder out = new StringBuilder();
        Matcher place = PERCENT.matcher(form);
        int used = 0;
        while (place.find()) {
            String put = "%";
            if (!place.group().equals("%%")) {
                if (used == values.size()) {
                    throw Values.fault("a value for every place of '" + form + "'", "only " + used);
                }
                put = placed(place, values.get(used++));
            }
            place.appendReplacement(out, Matcher.quoteReplacement(put));
        }
        if (used < values.size() && !(given instanceof Map<?, ?>)) {
            throw Values.fault("a place in '" + form + "' for every value", "only " + used);
        }
        return Values.limited(place.appendTail(out).toString());
    }

    /// Java lays out whole numbers as Python does, and floats once they are rounded as Python rounds them.
    private static String placed(Matcher place, Object value) {
        String layout = place.group("layout");
        String digits = place.group("digits");
        String kind = place.group("kind");
        if (kind.equals("f") && Double.isFinite(Values.real(value))) {
            int scale = digits == null ? 6 : Integer.parseInt(digits);
            BigDecimal number = new BigDecimal(Values.real(value)).setScale(scale, RoundingMode.HALF_EVEN);
            return String.format(Locale.ROOT, "%" + layout + "." + scale + "f", number);
        }
        if (digits == null && kind.equals("d")) {
            long number = value instanceof Double real ? real.longValue() : Values.integer(value);
            return String.format(Locale.ROOT, "%" + layout + "d", number);
        }
        if (digits == null && layout.isEmpty() && kind.equals("s")) {
            return Values.text(value);
        }
        throw Values.fault("a place like %s, %5d or %.2f", "'" + place.group() + "'");
    }

    /// `form.format(…)` with places `{}`, `{0}` and `{name}`.
    static String braces(String form, Arguments given) {
        StringBuilder out = new StringBuilder();
        Matcher place = BRACES.matcher(form);
        int used = 0;
        while (place.find()) {
            String field = place.group("field");
            if (field == null && place.group().length() == 1) {
                throw Values.fault("braces in pairs", "'" + place.group() + "' in '" + form + "'");
            }
            String put = field == null
                    ? place.group().substring(1)
                    : Values.text(given.required(field.isEmpty() ? used++ : place(field), field));
            place.appendReplacement(out, Matcher.quoteReplacement(put));
        }
        return Values.limited(place.appendTail(out).toString());
    }

    /// The number a field is, or none there is for a name.
    private static int place(String field) {
        if (!field.matches("\\d{1,4}|[\\p{L}_][\\p{L}\\p{N}_]*")) {
            throw Values.fault("a place like {}, {0} or {name}", "'{" + field + "}'");
        }
        return Character.isDigit(field.charAt(0)) ? Integer.parseInt(field) : Integer.MAX_VALUE;
    }

    /// A moment as Python's `strftime` writes it where the locale is C.
    static String date(String form, LocalDateTime now) {
        return FIELD.matcher(form).replaceAll(field -> {
            String pattern = DATES.get(field.group(2));
            if (pattern == null) {
                throw Values.fault("a date field this version knows", "'" + field.group() + "'");
            }
            String written = DateTimeFormatter.ofPattern(pattern, Locale.US).format(now);
            return Matcher.quoteReplacement(
                    field.group(1).isEmpty() ? written : written.replaceFirst("^[0 ]+(?=\\d)", ""));
        });
    }
}
