package assay.discover.search;

import java.util.List;
import java.util.function.Consumer;

/// What a search has behind it: all that one needs to go on where another was stopped.
///
/// @param rounds those that are over
/// @param seconds they took
/// @param isOver whether no round follows
public record SearchPast(List<Round> rounds, double seconds, boolean isOver) {
    /// Of a search that begins.
    public static final SearchPast NONE = new SearchPast(List.of(), 0, false);

    /// Keeps its own copy.
    public SearchPast {
        rounds = List.copyOf(rounds);
    }

    /// A round.
    ///
    /// @param looked texts that were looked at for the first time
    /// @param proposed how many of them were predicted
    /// @param found the prompts that were run
    /// @param readings theirs `[prompt width]`
    public record Round(List<String> looked, int proposed, List<PromptSearch.Found> found, float[][] readings) {}

    /// A past, and who keeps what follows it.
    ///
    /// @param keep is handed the past after every round
    public record Kept(SearchPast past, Consumer<SearchPast> keep) {
        /// Of a search that begins and is not kept.
        public static final Kept NOWHERE = new Kept(NONE, _ -> {});
    }

    /// All prompts that were found.
    List<PromptSearch.Found> found() {
        return rounds.stream().flatMap(round -> round.found().stream()).toList();
    }
}
