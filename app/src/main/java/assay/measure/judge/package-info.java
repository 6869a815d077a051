/// What an explanation found, set against its nulls and ceilings, and judged: claims, gates and rules are here.
/// Knows nothing of files, pages or commands.
@NullMarked
package assay.measure.judge;

import org.jspecify.annotations.NullMarked;
