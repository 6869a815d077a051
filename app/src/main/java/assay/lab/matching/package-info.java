/// Reads weighted texts as a stranger would: which description fits, which parts are named, what two readings share.
/// Knows texts and numbers; knows nothing of torch, language models, or where the texts come from.
@NullMarked
package assay.lab.matching;

import org.jspecify.annotations.NullMarked;
