/// Judges the claims S1 … S6 on the evidence of a study: gates, rules and causes.
/// Knows records and numbers only; it runs no model, reads no file and must not know how evidence was made.
@NullMarked
package assay.claims;

import org.jspecify.annotations.NullMarked;
