package assay.tasks.census;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import assay.show.page.Json;
import java.util.List;
import java.util.Optional;

/// One adapter of a shelf.
///
/// @param adapter where it stands, or what a hub calls it
/// @param identity hash of what it does to the weights; empty if it cannot be read
/// @param kind whether it was explained
/// @param found what it is made of
/// @param seconds it took; 0 for a duplicate, which has the figures of the first
/// @param error why nothing was found
public record CensusRow(
        String adapter, String identity, RowKind kind, Optional<Counted.Found> found, double seconds, String error) {
    /// Its line for programs, without a line break.
    public String line(Json json) {
        return json.line(fields());
    }

    Json.Fields fields() {
        return new Json.Fields()
                .with("adapter", adapter)
                .with("identity", identity)
                .with("kind", kind)
                .with("kl", found.map(Counted.Found::kl).orElse(Double.NaN))
                .with("closed", found.map(Counted.Found::closed).orElse(Interval.NONE))
                .with("null", found.map(Counted.Found::random).orElse(Interval.NONE))
                .with("excess", found.map(Counted.Found::excess).orElse(Interval.NONE))
                .with("prompts", prompts())
                .with("words", words())
                .with("seconds", seconds)
                .with("error", error);
    }

    /// The prompts it is made of, the heaviest first.
    public List<WeightedPrompt> prompts() {
        return found.map(Counted.Found::prompts).orElse(List.of());
    }

    /// Words it writes more often than the base.
    public List<String> words() {
        return found.map(Counted.Found::words).orElse(List.of());
    }
}
