/// Study files: what is to be measured, under which gates; everything wrong with one is told at once, with its line.
/// Knows nothing of how anything is run.
@NullMarked
package assay.lab.studyfile;

import org.jspecify.annotations.NullMarked;
