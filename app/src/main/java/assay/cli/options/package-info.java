/// What commands are made of: how one is refused, works with a model and prints, and the options
/// that several have. Knows no command.
@NullMarked
package assay.cli.options;

import org.jspecify.annotations.NullMarked;
