/// What an explanation found, set against its nulls and judged claim by claim.
/// Knows nothing of files, pages or commands.
@NullMarked
package assay.judge;

import org.jspecify.annotations.NullMarked;
