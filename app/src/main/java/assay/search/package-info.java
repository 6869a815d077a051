/// Finds prompts that no dictionary holds: a predictor of fingerprints, the strategies that propose prompts,
/// and the search that runs the promising ones.
///
/// It knows sketches and prompts; it must not know which mixture is reported in the end, nor any test split.
@NullMarked
package assay.search;

import org.jspecify.annotations.NullMarked;
