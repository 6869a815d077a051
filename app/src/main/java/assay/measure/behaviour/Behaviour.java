package assay.measure.behaviour;

import assay.engine.model.Overlay;
import assay.engine.peft.PeftPrompt;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Anything that turns a context into a next-token distribution.
///
/// Every kind is a weighted list of fillings of the slot, each under an overlay on the model: its logits are
/// `Σ coefficient · W·h(filling)`. Where all share the unembedding W, mixing hidden states is mixing
/// logits: `Σ wᵢ·W·hᵢ = W·Σ wᵢ·hᵢ`; an overlay with a W of its own is run by a [Runner] that knows it.
public sealed interface Behaviour permits HardPrompt, SoftPrompt, LoraAdapter, Mixture {
    /// The empty slot: what everything is compared with.
    HardPrompt BASE = new HardPrompt("", new int[0]);

    /// What to call it in reports.
    String name();

    /// The fillings whose hidden states are added up.
    List<Term> terms();

    /// What is laid over the model's weights while its first part runs.
    Overlay overlay();

    /// One part of a behaviour.
    ///
    /// @param filling what stands in the slot
    /// @param coefficient factor of its hidden states
    /// @param overlay what is laid over the model's weights while it runs
    record Term(Filling filling, double coefficient, Overlay overlay) {
        /// A part that runs on the bare model.
        Term(Filling filling, double coefficient) {
            this(filling, coefficient, Overlay.NONE);
        }
    }

    /// What can stand in the slot.
    sealed interface Filling {
        /// Readable text, by its token ids.
        record Text(int[] tokens) implements Filling {}

        /// Trained vectors `[softToken hidden]` in place of token embeddings.
        record Soft(Tensor embeddings, PeftPrompt.Place place) implements Filling {}
    }
}
