package assay.lab.claims;

import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.List;

/// What became of a claim, and why.
///
/// @param ruling the outcome, and why it is not a plain yes
/// @param because the evidence in plain words
/// @param evidence the figures it rests on
public record ClaimVerdict(Claim claim, Ruling ruling, String because, List<Figure> evidence) {
    /// The outcome.
    public Outcome holds() {
        return ruling.outcome();
    }

    /// Why it is not a plain yes.
    public Cause cause() {
        return ruling.cause();
    }

    /// A figure a verdict rests on.
    ///
    /// @param name what it is
    /// @param value as printed
    /// @param gate what it had to be, or an empty text
    /// @param command what makes it again
    public record Figure(String name, String value, String gate, String command) {}
}
