/// What every run needs besides machine learning: a folder, provenance, progress, interruption, files written
/// whole, and the wording of refusals. Knows nothing of tensors, models or prompts.
@NullMarked
package assay.base.run;

import org.jspecify.annotations.NullMarked;
