package assay.lab.predicates;

import assay.base.sparse.Interval;
import java.util.List;
import java.util.OptionalInt;

/// What was measured of one predicate: plain numbers and texts. KL is exact, over the whole vocabulary, in
/// nats per token on foreign test contexts; *closed* is 1 − KL(predicate ‖ model) / KL(predicate ‖ base).
///
/// @param name of the predicate
/// @param ability how well the model does it
/// @param excluded prompts of the atlas that were not used
/// @param ordinary on user turns as anybody writes them
/// @param special on user turns and answer starts where the predicate shows
public record PredicateEvidence(
        String name, Ability ability, Excluded excluded, OnContexts ordinary, OnContexts special) {
    /// Of the listed answers at the start of an answer, the share of probability on those of which the
    /// predicate is true, over special contexts; not a number if none is ever given.
    ///
    /// @param category with the prompt that asks for any answer of the category
    /// @param predicate with the prompt of the predicate
    public record Ability(double category, double predicate) {}

    /// Prompts left out because they say what is to be explained.
    ///
    /// @param count how many of the atlas
    /// @param first the first of them, at most twenty, in the order of the atlas
    public record Excluded(int count, List<String> first) {
        /// Keeps its own copy.
        public Excluded {
            first = List.copyOf(first);
        }
    }

    /// What was measured on contexts of one kind.
    ///
    /// @param divergence how far the predicate is from base and category
    /// @param curve closed by a log pool of chosen prompts, for K = 1, 2, …
    /// @param mixture the chosen prompts at the number where the search split stops improving, heaviest
    ///     first
    /// @param pools log pool against linear pool
    /// @param oracle closed by five prompts with weights fitted to every test context by itself: an upper
    ///     bound
    /// @param effectiveRank directions the predicate's changes take over foreign fit and test contexts: e
    ///     to the entropy of the shares of energy, in the KL's own metric at the mean of base and
    ///     predicate
    public record OnContexts(
            Gap divergence,
            List<Step> curve,
            List<String> mixture,
            Pools pools,
            Interval oracle,
            double effectiveRank) {
        /// Keeps its own copies.
        public OnContexts {
            curve = List.copyOf(curve);
            mixture = List.copyOf(mixture);
        }

        /// The smallest K that closes at least `gate` of foreign test contexts, if any does.
        public OptionalInt promptsToReach(double gate) {
            return curve.stream()
                    .filter(step -> step.closed().value() >= gate)
                    .mapToInt(Step::k)
                    .findFirst();
        }
    }

    /// How far the predicate is from what it can be mistaken for.
    ///
    /// @param base KL(predicate ‖ base)
    /// @param category KL(predicate ‖ prompt of the category)
    public record Gap(double base, double category) {}

    /// One K.
    ///
    /// @param k number of prompts
    /// @param closed by the list
    /// @param random closed by as many random prompts
    public record Step(int k, Interval closed, Interval random) {}

    /// Pools of the prompts that ask for one answer each, of those of which the predicate is true. Both
    /// have a free weight per prompt and are fitted on the same places.
    ///
    /// @param log closed by their log pool, weights free in sign
    /// @param linear closed by their linear pool with the base, weights ≥ 0 that sum to one
    public record Pools(Interval log, Interval linear) {}
}
