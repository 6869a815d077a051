package assay.lab.bench;

import java.util.Locale;

/// What a row must reach.
///
/// @param kind what is compared with the number
/// @param number a factor, or seconds
public record Gate(Kind kind, double number) {
    /// What a row measures.
    public enum Kind {
        /// The peer's time over Assay's: at least the number.
        FASTER,
        /// The time beside a busy machine over the time alone: at most the number.
        SLOWDOWN,
        /// Seconds: at most the number.
        SECONDS
    }

    /// At least so many times faster than the peer.
    public static Gate faster(double times) {
        return new Gate(Kind.FASTER, times);
    }

    /// Whether a median meets it.
    boolean isMet(double found) {
        return kind == Kind.FASTER ? found >= number : found <= number;
    }

    /// As the table has it.
    String text() {
        return switch (kind) {
            case FASTER -> String.format(Locale.ROOT, "≥ %.2g ×", number).replace("1e+01", "10");
            case SLOWDOWN -> String.format(Locale.ROOT, "≤ %.2g ×", number);
            case SECONDS -> String.format(Locale.ROOT, "≤ %.2f s", number);
        };
    }
}
