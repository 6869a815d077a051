/// An open model with what belongs to it, the targets a user can name, and parts of a long run that are finished.
/// Knows nothing of what is done with them.
@NullMarked
package assay.tasks.session;

import org.jspecify.annotations.NullMarked;
