/// An adapter into a soft prompt, a prompt or examples into an adapter: from the contexts to the saved, measured
/// result. Knows nothing of how a behaviour is explained.
@NullMarked
package assay.tasks.distil;

import org.jspecify.annotations.NullMarked;
