/// A talk on a terminal or through a pipe: start at [ChatLoop].
/// Knows how lines are read and answers are laid out; what is said comes from `tasks/talk`.
@NullMarked
package assay.cli.chat;

import org.jspecify.annotations.NullMarked;
