/// Scoped native memory, number formats, and the settings torch needs to behave on this machine.
/// Knows nothing of language models or files.
@NullMarked
package assay.base.tensor;

import org.jspecify.annotations.NullMarked;
