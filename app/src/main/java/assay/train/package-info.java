/// Trains one behaviour to act like another: an adapter into a soft prompt, a prompt or examples into an adapter.
/// Knows behaviours, probes and gradients; nothing of dictionaries, verdicts or run folders.
@NullMarked
package assay.train;

import org.jspecify.annotations.NullMarked;
