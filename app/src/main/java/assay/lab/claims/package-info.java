/// Judges the claims S1 to S6 on the evidence of a study: gates, rules and causes.
/// Knows records and numbers only; must not know how evidence was made.
@NullMarked
package assay.lab.claims;

import org.jspecify.annotations.NullMarked;
