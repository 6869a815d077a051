package assay.measure.judge;

import assay.base.sparse.Interval;
import java.util.List;

/// What random prompts are expected to close of a target, told from the spectrum of the dictionary
/// before any of them is run (docs/theory-of-the-null.md), and how few directions that takes.
///
/// Shares are of the squared length in the Fisher metric of the base, which is what the KL is to second
/// order. Intervals are over groups of user turns: weights are fitted on all groups but one and
/// measured on that one, each in turn.
///
/// @param width D: numbers from which all logits follow, and all mixtures of logits
/// @param vocabulary V: logits
/// @param effectiveRank directions that what prompts change is spread over, e to the entropy of their
/// shares
/// @param dense what all prompts together are expected to close, with the best ridge
/// @param needed random prompts expected to close nine tenths of that; 0 if none up to [#MOST] do
/// @param curve by number of prompts, ascending
public record ExpectedNull(
        int width, int vocabulary, double effectiveRank, double dense, int needed, List<Expected> curve) {
    /// Nothing could be told.
    public static final ExpectedNull NONE = new ExpectedNull(0, 0, Double.NaN, Double.NaN, 0, List.of());

    /// Most random prompts that are asked about.
    public static final int MOST = NullTheory.SAMPLE / 2;

    /// Share of the dense ceiling that [#needed] prompts reach.
    public static final double NEARLY = 0.9;

    /// One number of prompts.
    public record Expected(int k, Interval closed) {}

    /// Keeps its own copy.
    public ExpectedNull {
        curve = List.copyOf(curve);
    }

    /// What `k` random prompts are expected to close, if it was asked.
    public Interval at(int k) {
        return curve.stream()
                .filter(one -> one.k() == k)
                .map(Expected::closed)
                .findFirst()
                .orElse(Interval.NONE);
    }
}
