package assay.measure.judge;

import assay.base.sparse.Interval;
import java.util.List;

/// A list that closes nearly what the mixture does, for a reader: fewer prompts, that do more alone, with positive
/// weights, in natural sentences of known words (docs/decisions/0031-a-list-that-says-what-it-is.md).
///
/// @param prompts those that say what the target is, the strongest alone first; then those that only correct, by the
/// size
/// of their weights
/// @param closed on foreign test contexts, as on the curve
/// @param cost what it gives up of what the mixture closes on the fit split
public record PlainList(List<Prompt> prompts, Interval closed, double cost) {
    /// Nothing was found.
    public static final PlainList NONE = new PlainList(List.of(), Interval.NONE, 0);

    /// Keeps its own copy.
    public PlainList {
        prompts = List.copyOf(prompts);
    }

    /// One prompt of the list.
    ///
    /// @param weight its weight, free in sign
    /// @param alone closed by this prompt alone, on the fit split
    /// @param part what it is there for
    public record Prompt(String prompt, double weight, double alone, Part part) {}

    /// What a prompt is there for.
    public enum Part {
        /// It does something of what the target does by itself.
        WHAT_IT_IS,
        /// It corrects the others.
        CORRECTION
    }

    /// Prompts that say what the target is.
    public List<Prompt> saying() {
        return prompts.stream()
                .filter(prompt -> prompt.part() == Part.WHAT_IT_IS)
                .toList();
    }

    /// Prompts that only correct.
    public List<Prompt> correcting() {
        return prompts.stream()
                .filter(prompt -> prompt.part() == Part.CORRECTION)
                .toList();
    }
}
