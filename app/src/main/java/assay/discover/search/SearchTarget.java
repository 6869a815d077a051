package assay.discover.search;

import assay.measure.behaviour.Behaviour;
import java.util.function.Predicate;

/// What prompts are searched for.
///
/// @param ground what it is compared with
/// @param sketch of it, less that of the ground, on the atlas's search split
/// @param forbidden prompts that must be neither used nor found
public record SearchTarget(Behaviour target, Behaviour ground, float[] sketch, Predicate<String> forbidden) {
    /// Compares with the model's base.
    public SearchTarget(Behaviour target, float[] sketch, Predicate<String> forbidden) {
        this(target, Behaviour.BASE, sketch, forbidden);
    }
}
