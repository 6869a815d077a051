/// The exceptions a user sees. Everything else lives in the rooms below this package.
@NullMarked
package assay;

import org.jspecify.annotations.NullMarked;
