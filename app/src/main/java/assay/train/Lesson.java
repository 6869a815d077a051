package assay.train;

import assay.measure.behaviour.Context;
import java.util.List;

/// One user turn with all its contexts: they share a question, so they are read together.
///
/// @param contexts answers the base, other prompts or the teacher wrote to it
public record Lesson(List<Context> contexts) {
    /// Keeps its own copy.
    public Lesson {
        contexts = List.copyOf(contexts);
    }

    /// Places compared.
    public int places() {
        return contexts.stream().mapToInt(Context::places).sum();
    }
}
