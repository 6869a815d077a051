/// Predicts from how the model reads a prompt what the prompt would do, and so what it would add to a mixture.
/// Knows sketches; knows nothing of how prompts are proposed.
@NullMarked
package assay.discover.predict;

import org.jspecify.annotations.NullMarked;
