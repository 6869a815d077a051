/// The ground floor: plumbing, solvers on plain arrays, native memory. Knows nothing of language models.
@NullMarked
package assay.base;

import org.jspecify.annotations.NullMarked;
