/// What Assay's page may ask for: past runs, new explanations, talk, a game. Knows what is asked and who
/// answers it, and the files of the page. Must not know how requests are guarded, and computes no figure
/// that a report shows.
@NullMarked
package assay.web.site;

import org.jspecify.annotations.NullMarked;
