/// Assay beside the programs its user has today: the same inputs, the same precision, taking turns.
/// Knows what is measured and against what; knows nothing of how a table or a page of it looks.
@NullMarked
package assay.lab.peers;

import org.jspecify.annotations.NullMarked;
