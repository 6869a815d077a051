/// The parts all pages and texts are made of: markup, tables, plots, columns, figures as readers see them.
/// Knows nothing of what a figure means.
@NullMarked
package assay.show.page;

import org.jspecify.annotations.NullMarked;
