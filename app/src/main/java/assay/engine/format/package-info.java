/// Reads weight files (safetensors, GGUF) as named tensors, and refuses what it would get wrong.
/// Knows nothing of how a model computes.
@NullMarked
package assay.engine.format;

import org.jspecify.annotations.NullMarked;
