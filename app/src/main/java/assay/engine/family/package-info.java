/// Which families of models there are, what their files say and call their tensors, and how their blocks are built.
/// Reads configurations and finds weights; runs nothing.
@NullMarked
package assay.engine.family;

import org.jspecify.annotations.NullMarked;
