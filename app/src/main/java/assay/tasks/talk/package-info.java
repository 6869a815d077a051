/// What talking to an explanation needs: answers of base, target, soft prompt and mixture side by side, which prompt
/// spoke, and a mixture that can be changed; start at [Talk].
/// Knows nothing of pages, terminals or how options are written.
@NullMarked
package assay.tasks.talk;

import org.jspecify.annotations.NullMarked;
