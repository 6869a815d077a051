/// Where prompts come from.
/// Knows sketches and prompts; never sees a test split, so it cannot report what it chose.
@NullMarked
package assay.discover;

import org.jspecify.annotations.NullMarked;
