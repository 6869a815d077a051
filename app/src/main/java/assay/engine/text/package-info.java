/// Text and token ids: the tokenizer, the chat template, and the slot a prompt sits in.
/// Knows nothing of torch, weights, or what a model does with the ids.
@NullMarked
package assay.engine.text;

import org.jspecify.annotations.NullMarked;
