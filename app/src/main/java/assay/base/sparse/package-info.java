/// Convex weights, greedy pursuit over Gram matrices, spectra and bootstrap intervals on plain arrays.
/// Knows nothing of torch or language models.
@NullMarked
package assay.base.sparse;

import org.jspecify.annotations.NullMarked;
