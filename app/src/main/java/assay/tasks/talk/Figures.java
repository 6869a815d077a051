package assay.tasks.talk;

import assay.base.sparse.Interval;

/// What a list of prompts closes on the search split of the model's probe, `1 − KL(target‖mixture) / KL(target‖base)`,
/// with 95 % intervals over user turns.
///
/// Not on the test split: a list changed by hand until a figure is high has been chosen by that figure.
///
/// @param closed on answers written by the base or under other prompts
/// @param own on answers the target wrote; NaN without any
/// @param search on both together, as `search_closed` in a report
/// @param klBase KL(target‖base), nats per token, on both
/// @param klMixture KL(target‖mixture), nats per token, on both
public record Figures(Interval closed, Interval own, double search, double klBase, double klMixture) {}
