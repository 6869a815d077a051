/// Reads and writes adapters and soft prompts as PEFT saves them, and refuses what it would get wrong.
/// Is told the shapes a model expects; knows nothing of how it computes.
@NullMarked
package assay.engine.peft;

import org.jspecify.annotations.NullMarked;
