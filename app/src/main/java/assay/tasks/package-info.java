/// What a command does from end to end: read [assay.tasks.explain.Explain] first.
/// Knows nothing of how options are written on a command line, or of studies.
@NullMarked
package assay.tasks;

import org.jspecify.annotations.NullMarked;
