/// Scoped native memory, dtypes and the settings torch needs to behave on this machine.
/// Knows nothing of language models or files.
@NullMarked
package assay.tensor;

import org.jspecify.annotations.NullMarked;
