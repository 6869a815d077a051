/// From a behaviour to a mixture: candidates run exactly, chosen one by one, weighed by the convex fit, measured on
/// unseen turns. Knows nothing of nulls, verdicts or files.
@NullMarked
package assay.measure.decompose;

import org.jspecify.annotations.NullMarked;
