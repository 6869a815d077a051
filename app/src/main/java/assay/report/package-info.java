/// An explanation as people and programs read it: terminal text, one self-contained page, one JSON document.
/// Knows nothing of models or torch, computes no result of its own and writes no file.
@NullMarked
package assay.report;

import org.jspecify.annotations.NullMarked;
