/// Streams candidate prompts of any number past an atlas in flat memory, and adds the most novel.
/// Knows nothing of targets.
@NullMarked
package assay.tasks.extend;

import org.jspecify.annotations.NullMarked;
