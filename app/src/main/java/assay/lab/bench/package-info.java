/// How anything is measured: rounds in turns, what the machine could do at most, the same inputs for both sides.
/// Knows a row by what it can be asked; must not know which rows there are.
@NullMarked
package assay.lab.bench;

import org.jspecify.annotations.NullMarked;
