/// A study from its file to its verdict.
/// Knows how evidence is made and kept; must not know how a claim is ruled on.
@NullMarked
package assay.lab.verdict;

import org.jspecify.annotations.NullMarked;
