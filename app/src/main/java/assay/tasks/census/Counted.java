package assay.tasks.census;

import assay.base.sparse.Interval;
import assay.discover.atlas.QuantisedRows;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.judge.Explanation;
import assay.tasks.explain.Glance;
import java.util.List;
import java.util.Optional;

/// What was found of one adapter.
///
/// @param found its explanation at a glance, unless it failed
/// @param kind explained, or why not
/// @param error in words, if it failed
/// @param seconds it took
public record Counted(Optional<Found> found, RowKind kind, String error, double seconds) {
    /// An explanation at a glance, as it is kept and sent.
    ///
    /// @param kl KL(adapter ‖ base) on foreign test contexts, nats per token
    /// @param closed by the chosen prompts
    /// @param random closed by as many random prompts
    /// @param excess closed minus random
    /// @param prompts the heaviest first
    /// @param words it writes more often than the base, most telling first
    /// @param sketch of what it does, one row
    public record Found(
            double kl,
            Interval closed,
            Interval random,
            Interval excess,
            List<WeightedPrompt> prompts,
            List<String> words,
            QuantisedRows sketch) {
        /// Keeps its own copies.
        public Found {
            prompts = List.copyOf(prompts);
            words = List.copyOf(words);
        }

        static Found of(Glance glance) {
            Explanation.Step step = glance.step();
            return new Found(
                    glance.divergence().foreign(),
                    step.closed(),
                    step.random(),
                    step.excess(),
                    glance.prompts(),
                    glance.words(),
                    QuantisedRows.of(glance.sketch()));
        }

        /// Whether no prompts say what it does: as many random ones close as much, for all that was
        /// seen.
        boolean saysNothing() {
            return !(excess.low() > 0);
        }
    }

    static Counted failed(RowKind kind, String error, double seconds) {
        return new Counted(Optional.empty(), kind, error, seconds);
    }
}
