package assay.measure.judge;

import assay.base.sparse.Interval;

/// An adapter explained by way of a soft prompt, and what each step of that way loses. All intervals are of
/// what is closed on the same foreign test contexts.
///
/// @param distillation adapter → soft prompt
/// @param ofSoft soft prompt → mixture, with its own nulls
/// @param soft adapter by soft prompt
/// @param mixture adapter by the mixture chosen for the soft prompt
/// @param mixtureFull adapter by the longest mixture fitted to the soft prompt
/// @param direct adapter by the mixture chosen for the adapter itself
/// @param lacking which part of the adapter the soft prompt, its mixture and the direct mixture lack
/// @param nats KL(adapter ‖ base), KL(adapter ‖ soft prompt), KL(adapter ‖ chosen mixture of the soft prompt)
public record Chain(
        Distillation distillation,
        Explanation ofSoft,
        Interval soft,
        Interval mixture,
        Interval mixtureFull,
        Interval direct,
        Lacking lacking,
        Nats nats) {
    /// Divergences from the adapter on the foreign test contexts, nats per token.
    ///
    /// @param base of the base
    /// @param soft of the soft prompt
    /// @param mixture of the mixture chosen for the soft prompt
    /// @param direct of the mixture chosen for the adapter itself
    public record Nats(double base, double soft, double mixture, double direct) {}
}
