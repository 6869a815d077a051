/// Steps on many rows of numbers that libtorch takes several passes over memory for, each in one pass.
@NullMarked
package assay.base.fused;

import org.jspecify.annotations.NullMarked;
