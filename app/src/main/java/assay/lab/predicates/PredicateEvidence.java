package assay.lab.predicates;

import assay.base.sparse.Interval;
import java.util.List;
import java.util.OptionalInt;

/// What was measured of one predicate. KL is exact, over the whole vocabulary, in nats per token on foreign test
/// contexts; *closed* is 1 − KL(predicate ‖ model) / KL(predicate ‖ base).
///
/// @param skill how well the model does it
/// @param excluded prompts of the atlas that were not used, because they say what is to be explained
/// @param ordinary on user turns as anybody writes them
/// @param special on user turns and answer starts where the predicate shows
public record PredicateEvidence(String name, Skill skill, int excluded, OnContexts ordinary, OnContexts special) {
    /// Of the probability of all listed answers, the share of those of which the predicate is true; not a number if
    /// none is ever given.
    ///
    /// @param category asked for any answer of the category
    /// @param predicate asked for one of which the predicate is true
    public record Skill(double category, double predicate) {}

    /// What was measured on contexts of one kind.
    ///
    /// @param klBase KL(predicate ‖ base)
    /// @param klCategory KL(predicate ‖ prompt of the category)
    /// @param curve closed by a log pool of chosen prompts, for K = 1, 2, …
    /// @param sayLog closed by the log pool of prompts that ask for one true answer each, weights free in sign
    /// @param sayLinear closed by their linear pool with the base, weights ≥ 0 that sum to one
    /// @param oracle closed by up to five chosen prompts with weights fitted to every test context by itself: an
    /// upper bound
    /// @param effectiveRank how many directions the predicate's deltas take
    public record OnContexts(
            double klBase,
            double klCategory,
            List<Step> curve,
            Interval sayLog,
            Interval sayLinear,
            Interval oracle,
            double effectiveRank) {
        /// The smallest K that closes at least `gate`, if any does.
        public OptionalInt promptsToReach(double gate) {
            return curve.stream()
                    .filter(step -> step.closed().value() >= gate)
                    .mapToInt(Step::k)
                    .findFirst();
        }
    }

    /// One K.
    ///
    /// @param closed by them
    /// @param random closed by as many random prompts
    public record Step(int k, Interval closed, Interval random) {}
}
