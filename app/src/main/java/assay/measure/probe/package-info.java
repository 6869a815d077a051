/// The contexts on which behaviours are compared, their fingerprints over these contexts, and sketches of
/// fingerprints. Knows nothing of where prompts come from or what a decomposition is.
@NullMarked
package assay.measure.probe;

import org.jspecify.annotations.NullMarked;
