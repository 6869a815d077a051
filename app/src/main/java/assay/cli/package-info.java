/// The command line: one class per command that parses, calls a task or the lab, and prints.
/// Knows nothing of tensors or of how anything is computed.
@NullMarked
package assay.cli;

import org.jspecify.annotations.NullMarked;
