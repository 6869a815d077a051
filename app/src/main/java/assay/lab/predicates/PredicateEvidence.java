package assay.lab.predicates;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import java.util.List;
import java.util.OptionalInt;

/// What was measured of one predicate: plain numbers and texts. KL is exact, over the whole vocabulary, in
/// nats per token on test contexts; *closed* is 1 − KL(predicate ‖ model) / KL(predicate ‖ base).
///
/// @param name of the predicate
/// @param prompt its prompt
/// @param category the prompt that asks for any answer of the category
/// @param ability how well the model does it
/// @param excluded prompts of the atlas that were not used
/// @param ordinary on user turns as anybody writes them
/// @param special on user turns and answer starts where the predicate shows
public record PredicateEvidence(
        String name,
        String prompt,
        String category,
        Ability ability,
        Excluded excluded,
        OnContexts ordinary,
        OnContexts special) {
    /// Probability of the listed answers at the start of an answer, mean over special contexts.
    ///
    /// @param base without a prompt
    /// @param category with the prompt of the category
    /// @param predicate with the prompt of the predicate
    /// @param contexts how many contexts of the test split were asked
    public record Ability(Mass base, Mass category, Mass predicate, int contexts) {}

    /// Probability of answers.
    ///
    /// @param holds of those of which the predicate is true
    /// @param fails of those of which it is false
    public record Mass(double holds, double fails) {
        /// Of the listed answers, the share of which the predicate is true; not a number if none is ever
        /// given.
        public double share() {
            return holds / (holds + fails);
        }

        /// Probability of any listed answer.
        public double listed() {
            return holds + fails;
        }
    }

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
    /// @param effort how much was run
    /// @param divergence how far the predicate is from base and category
    /// @param curve closed by a log pool of chosen prompts, for K = 1, 2, …
    /// @param mixture the chosen prompts at the number where the search split stops improving
    /// @param pools log pool against linear pool
    /// @param oracle weights that follow the context
    /// @param rank how many directions the predicate's deltas take
    public record OnContexts(
            Effort effort,
            Gap divergence,
            List<Step> curve,
            List<WeightedPrompt> mixture,
            Pools pools,
            Oracle oracle,
            Rank rank) {
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

    /// How much was run.
    ///
    /// @param fitPlaces places on which weights were fitted
    /// @param testTurns user turns in the test split
    /// @param foreignPlaces places of its foreign contexts
    /// @param ownPlaces places of its own contexts; 0 if there are none
    /// @param candidates prompts run exactly, to choose from
    /// @param randomPrompts prompts run exactly for the null
    /// @param draws random mixtures per K
    public record Effort(
            int fitPlaces,
            int testTurns,
            int foreignPlaces,
            int ownPlaces,
            int candidates,
            int randomPrompts,
            int draws) {}

    /// How far the predicate is from what it can be mistaken for, on foreign test contexts.
    ///
    /// @param base KL(predicate ‖ base)
    /// @param category KL(predicate ‖ prompt of the category)
    /// @param own KL(predicate ‖ base) on own contexts; not a number without any
    /// @param categoryClosed closed by the prompt of the category alone
    public record Gap(double base, double category, double own, Interval categoryClosed) {}

    /// One K.
    ///
    /// @param k number of prompts
    /// @param closed on foreign test contexts
    /// @param own on own test contexts; not a number without any
    /// @param random closed by as many random prompts
    /// @param excess closed − random
    public record Step(int k, Interval closed, Interval own, Interval random, Interval excess) {}

    /// Pools of the prompts that ask for one answer each, of those of which the predicate is true; foreign
    /// test contexts. Both have a free weight per prompt and are fitted on the same places.
    ///
    /// @param said number of such prompts
    /// @param log closed by their log pool, weights free in sign
    /// @param linear closed by their linear pool with the base, weights ≥ 0 that sum to one
    /// @param linearGain linear − log
    /// @param baseWeight weight of the base in the linear pool
    /// @param chosenLinear closed by the linear pool of the chosen prompts of the longest list
    /// @param together closed by the log pool of everything that was run: chosen, said and random prompts
    public record Pools(
            int said,
            Interval log,
            Interval linear,
            Interval linearGain,
            double baseWeight,
            Interval chosenLinear,
            Interval together) {}

    /// The same prompts with weights fitted to every test context by itself: an upper bound.
    ///
    /// @param k number of prompts
    /// @param fixed closed with one list of weights for all contexts
    /// @param free closed with each context's own
    /// @param gain free − fixed
    /// @param randomFixed closed by as many random prompts with one list of weights
    /// @param randomFree closed by random prompts with each context's own weights
    public record Oracle(
            int k, Interval fixed, Interval free, Interval gain, Interval randomFixed, Interval randomFree) {}

    /// How many directions the predicate's changes take over foreign fit and test contexts. Logits are W·h,
    /// so there are at most `width` of them, not `vocabulary`, and at most one per place.
    ///
    /// @param places number of places
    /// @param width numbers in a hidden state
    /// @param vocabulary number of logits
    /// @param logits of the changes of all logits, each less its mean over the vocabulary
    /// @param divergence of the same, weighted by probability: the KL's own metric at the mean of base and
    /// predicate
    public record Rank(int places, int width, int vocabulary, Spread logits, Spread divergence) {}

    /// How energy is spread over directions.
    ///
    /// @param effective e to the entropy of the shares of energy
    /// @param ninety directions that hold 90 % of it
    public record Spread(double effective, int ninety) {}
}
