/// What is explained, on what, by which weights, against which controls.
/// Knows nothing of where prompts come from, of pages or of files.
@NullMarked
package assay.measure;

import org.jspecify.annotations.NullMarked;
