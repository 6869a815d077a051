/// Anything that turns a context into a next-token distribution: hard prompts, adapters, mixtures; running
/// them and talking through them.
/// Knows nothing of probes, searches or statistics.
@NullMarked
package assay.behaviour;

import org.jspecify.annotations.NullMarked;
