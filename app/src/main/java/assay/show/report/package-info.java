/// An explanation and a distillation as terminal text, one self-contained page, and one JSON document.
/// Knows nothing of models or torch.
@NullMarked
package assay.show.report;

import org.jspecify.annotations.NullMarked;
