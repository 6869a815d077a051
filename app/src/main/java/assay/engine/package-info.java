/// Runs language models and adapters; could be a library of its own.
/// Knows nothing of lists of prompts, of what is explained, or of how it is judged.
@NullMarked
package assay.engine;

import org.jspecify.annotations.NullMarked;
