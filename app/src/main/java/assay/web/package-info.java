/// A local page for the browser. Knows what it shows and what may be asked of it; computes nothing by
/// itself.
@NullMarked
package assay.web;

import org.jspecify.annotations.NullMarked;
