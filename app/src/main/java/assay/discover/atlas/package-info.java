/// The dictionary of a model, and what it is made of: grammars, the model's own writing, sketches, the screen.
/// Knows nothing of how a mixture is fitted or judged.
@NullMarked
package assay.discover.atlas;

import org.jspecify.annotations.NullMarked;
