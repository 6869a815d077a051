/// Anything that turns a context into a next-token distribution: hard and soft prompts, adapters, mixtures; running
/// them and letting them write. Knows nothing of probes, searches or statistics.
@NullMarked
package assay.measure.behaviour;

import org.jspecify.annotations.NullMarked;
