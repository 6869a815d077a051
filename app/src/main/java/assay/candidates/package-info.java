/// Streams of candidate prompts, from a file or drawn, of any length in flat memory, and the short list of the best.
/// Knows texts and numbers somebody else gave them; must not know how novelty is measured, nor run behaviours.
@NullMarked
package assay.candidates;

import org.jspecify.annotations.NullMarked;
