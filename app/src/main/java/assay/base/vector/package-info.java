/// The JDK's vector instructions on plain arrays and native memory. Knows no tensors.
@NullMarked
package assay.base.vector;

import org.jspecify.annotations.NullMarked;
