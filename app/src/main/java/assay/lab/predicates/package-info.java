/// The counter-example: a behaviour that is a predicate ("a state with an odd number of votes"), an OR over answers,
/// set against mixtures of logits, which are an AND. Knows nothing of files or verdicts.
@NullMarked
package assay.lab.predicates;

import org.jspecify.annotations.NullMarked;
