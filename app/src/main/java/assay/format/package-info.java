/// Reads weight files (safetensors, GGUF) and PEFT adapter folders as named tensors, and refuses what it
/// would
/// get wrong. Knows nothing of how a model computes; it is told the shapes a model expects.
@NullMarked
package assay.format;

import org.jspecify.annotations.NullMarked;
