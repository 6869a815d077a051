/// How results look, for people and programs. Knows records only: computes no result and writes no file.
@NullMarked
package assay.show;

import org.jspecify.annotations.NullMarked;
