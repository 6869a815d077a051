/// Where candidate prompts come from: a grammar, the model's own writing, and the dictionary that remembers
/// both.
/// Knows nothing of how a mixture is fitted or judged.
@NullMarked
package assay.discover;

import org.jspecify.annotations.NullMarked;
