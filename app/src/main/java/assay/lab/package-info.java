/// The research: is the idea true? No user of `explain` needs it. Knows all the tasks; no task knows it.
@NullMarked
package assay.lab;

import org.jspecify.annotations.NullMarked;
