/// Comparisons that no claim needs: search strategies against each other, predictors against the truth, a zoo of
/// adapters. Knows nothing of verdicts.
@NullMarked
package assay.lab.trials;

import org.jspecify.annotations.NullMarked;
