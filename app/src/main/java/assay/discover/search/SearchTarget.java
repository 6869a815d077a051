package assay.discover.search;

import assay.measure.behaviour.Behaviour;
import java.util.function.Predicate;

/// What prompts are searched for.
///
/// @param sketch of it, on the atlas's search split
/// @param forbidden prompts that must be neither used nor found
public record SearchTarget(Behaviour target, float[] sketch, Predicate<String> forbidden) {}
