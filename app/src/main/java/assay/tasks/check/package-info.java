/// Says in seconds whether a model and a target fit together, before anything long is begun. Knows no lists of
/// prompts.
@NullMarked
package assay.tasks.check;

import org.jspecify.annotations.NullMarked;
