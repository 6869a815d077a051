/// Decoder-only language models: reading their configuration and weights, and running them on token batches
/// behind
/// cached prefixes.
/// Knows nothing of prompts as explanations, probes or experiments.
@NullMarked
package assay.model;

import org.jspecify.annotations.NullMarked;
