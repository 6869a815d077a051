package assay.measure.decompose;

import assay.measure.behaviour.Context;
import java.util.List;

/// The contexts of one split.
///
/// @param foreign contexts whose answers the base or other prompts wrote
/// @param own contexts whose answers the target wrote
public record SplitContexts(List<Context> foreign, List<Context> own) {
    /// Keeps its own copies.
    public SplitContexts {
        foreign = List.copyOf(foreign);
        own = List.copyOf(own);
    }
}
