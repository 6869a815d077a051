package assay.tasks.talk;

import assay.measure.behaviour.Sampling;
import java.util.Set;

/// A request for answers.
///
/// @param sampling how they are drawn; all columns draw with the same dice
/// @param columns who is to answer
public record Ask(Conversation conversation, Sampling sampling, Set<Column> columns) {
    /// Keeps its own copy.
    public Ask {
        columns = Set.copyOf(columns);
    }
}
