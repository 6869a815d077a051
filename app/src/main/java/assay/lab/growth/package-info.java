/// How costs grow with what is asked for, one axis at a time. Knows the axes and what is done along each; must not
/// know how a curve looks.
@NullMarked
package assay.lab.growth;

import org.jspecify.annotations.NullMarked;
