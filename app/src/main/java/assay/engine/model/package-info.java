/// Decoder-only language models: their configuration, their weights, and running them on batches of tokens behind
/// cached prefixes. Knows nothing of prompts as explanations, probes or experiments.
@NullMarked
package assay.engine.model;

import org.jspecify.annotations.NullMarked;
