package assay.show.page;

import assay.base.sparse.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/// Numbers as readers see them: shares in percent, weights with their sign, and a dash where nothing was
/// measured.
public final class Figures {
    /// Stands where a number was not measured or is not finite.
    public static final String NOTHING = "–";

    private Figures() {}

    /// A share in whole percent: 0.763 is `76%`.
    public static String percent(double share) {
        return Double.isFinite(share * 100) ? points(share) + "%" : NOTHING;
    }

    /// A share in percent without its sign: 0.763 is `76`.
    public static String points(double share) {
        return decimal(share * 100, 0);
    }

    /// A share in percent with one decimal, for tables that are read closely: `76.3%`.
    public static String percentFine(double share) {
        return Double.isFinite(share * 100) ? decimal(share * 100, 1) + "%" : NOTHING;
    }

    /// Bounds in percent: `[72, 80]`; nothing when neither was measured.
    public static String bounds(Interval interval) {
        return measured(interval) ? "[" + points(interval.low()) + ", " + points(interval.high()) + "]" : "";
    }

    /// A share with its bounds: `76% [72, 80]`.
    public static String share(Interval interval) {
        return (percent(interval.value()) + " " + bounds(interval)).strip();
    }

    /// A share with its bounds, one decimal: `76.3% [72.1, 80.0]`.
    public static String shareFine(Interval interval) {
        String value = percentFine(interval.value());
        return measured(interval) ? value + " [" + fine(interval.low()) + ", " + fine(interval.high()) + "]" : value;
    }

    /// Bounds as prose: `72 to 80`; nothing when neither was measured.
    public static String range(Interval interval) {
        return measured(interval) ? points(interval.low()) + " to " + points(interval.high()) : "";
    }

    /// A weight with its sign: `+0.66`.
    public static String signed(double weight) {
        if (!Double.isFinite(weight)) {
            return NOTHING;
        }
        String digits = decimal(weight, 2);
        return digits.startsWith("−") ? digits : "+" + digits;
    }

    /// Three significant digits, without an exponent: `0.538`, `31.0`, `1240`.
    public static String plain(double value) {
        if (!Double.isFinite(value)) {
            return NOTHING;
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        if (exact.abs().compareTo(BigDecimal.valueOf(1000)) >= 0) {
            return decimal(value, 0);
        }
        BigDecimal rounded = exact.round(new MathContext(3, RoundingMode.HALF_UP));
        int places = Math.max(0, rounded.scale() + 3 - rounded.precision());
        return rounded.signum() == 0 ? "0" : minus(rounded.setScale(places).toPlainString());
    }

    /// A count with its thousands apart: `20,481`.
    public static String count(long number) {
        return minus(String.format(Locale.ROOT, "%,d", number));
    }

    /// How many of a thing there are: `1 prompt`, `3 prompts`.
    public static String counted(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /// A size on a disk, such as `98.4 MB`.
    public static String bytes(long bytes) {
        double size = bytes;
        List<String> units = List.of("bytes", "kB", "MB", "GB");
        int unit = 0;
        for (; size >= 1000 && unit < units.size() - 1; unit++) {
            size /= 1000;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units.get(unit));
    }

    /// A duration in the unit that suits it: `4.1 s`, `41 s`, `12 min`, `3.2 h`.
    public static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return NOTHING;
        }
        if (seconds < 120) {
            return decimal(seconds, seconds < 10 ? 1 : 0) + " s";
        }
        return seconds < 7200 ? decimal(seconds / 60, 0) + " min" : decimal(seconds / 3600, 1) + " h";
    }

    private static boolean measured(Interval interval) {
        return Double.isFinite(interval.low()) || Double.isFinite(interval.high());
    }

    private static String fine(double share) {
        return decimal(share * 100, 1);
    }

    private static String decimal(double value, int places) {
        if (!Double.isFinite(value)) {
            return NOTHING;
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP);
        return minus(rounded.toPlainString());
    }

    private static String minus(String digits) {
        return digits.replace('-', '−');
    }
}
