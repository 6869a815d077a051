/// Finds prompts that no dictionary holds: strategies that propose them, and the search that runs the promising
/// ones. Must not know which mixture is reported in the end, nor any test split.
@NullMarked
package assay.discover.search;

import org.jspecify.annotations.NullMarked;
