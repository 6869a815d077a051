/// One explanation from end to end, and the making of an atlas: read `Explain` first.
/// Knows how the rooms fit together, and nothing of how options are written on a command line.
@NullMarked
package assay.study;

import org.jspecify.annotations.NullMarked;
