/// Assay beside the programs its user has today: the same inputs, the same precision, taking turns.
/// Knows what is measured and against what; must not know how rounds are taken or how a table of them looks.
@NullMarked
package assay.lab.peers;

import org.jspecify.annotations.NullMarked;
