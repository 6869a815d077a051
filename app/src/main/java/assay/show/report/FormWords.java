package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.form.FormChange;
import assay.show.page.Figures;
import java.util.Locale;

/// Forms of writing in words: expected numbers of a hundred places.
final class FormWords {
    private FormWords() {}

    /// `digits: 12 of 100 tokens, the base 2.1 (+9.9 [+8.0, +11]; random prompts −0.40 to +1.1); not yet in these
    /// prompts:
    /// +3.0 [+2.1, +4.0]`.
    static String sentence(FormChange change) {
        String base = hundred(change.base());
        String told = change.kind().words() + ": " + hundred(change.target()) + " of 100 "
                + change.kind().place().words() + ", the base " + base + " (" + signed(change.change())
                + "; random prompts " + range(change.random()) + ")";
        return isMissing(change.lacking()) ? told + "; not yet in these prompts: " + signed(change.lacking()) : told;
    }

    /// Whether the difference from the mixture is more than chance.
    private static boolean isMissing(Interval lacking) {
        return lacking.low() > 0 || lacking.high() < 0;
    }

    /// So many of a hundred places: two digits, or hundredths.
    static String hundred(double share) {
        double many = 100 * share;
        if (!Double.isFinite(many)) {
            return Figures.NOTHING;
        }
        int places = Math.abs(many) >= 9.95 ? 0 : Math.abs(many) >= 0.995 ? 1 : 2;
        String digits = String.format(Locale.ROOT, "%." + places + "f", many);
        return (digits.equals("0.00") || digits.equals("-0.00") ? "0" : digits).replace('-', '−');
    }

    /// A difference with its bounds.
    static String signed(Interval change) {
        return Double.isFinite(change.value())
                ? signed(change.value()) + " [" + signed(change.low()) + ", " + signed(change.high()) + "]"
                : Figures.NOTHING;
    }

    /// What lies between the least and the largest.
    static String range(Interval random) {
        return Double.isFinite(random.low()) ? signed(random.low()) + " to " + signed(random.high()) : Figures.NOTHING;
    }

    private static String signed(double difference) {
        String digits = hundred(difference);
        return difference > 0 && !digits.equals("0") ? "+" + digits : digits;
    }
}
