/// The claims and their evidence as terminal text, one page and one JSON document. Knows records only.
@NullMarked
package assay.lab.scorecard;

import org.jspecify.annotations.NullMarked;
