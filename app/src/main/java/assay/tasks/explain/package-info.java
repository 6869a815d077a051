/// One explanation from end to end: start at [Explain].
/// Knows how the rooms below fit together, and nothing of how options are written on a command line.
@NullMarked
package assay.tasks.explain;

import org.jspecify.annotations.NullMarked;
