/// What every run needs besides machine learning: a folder, provenance, progress, interruption, files
/// written whole,
/// and where models lie.
/// Knows nothing of tensors, prompts or mixtures, and no other room.
@NullMarked
package assay.run;

import org.jspecify.annotations.NullMarked;
