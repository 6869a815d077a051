package assay.measure.behaviour;

import assay.engine.model.Overlay;
import assay.engine.peft.PeftPrompt;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Anything that turns a context into a next-token distribution.
///
/// Every kind is an overlay on the model and a weighted list of fillings of the slot: its final hidden state
/// is `Σ coefficient · h(filling)`. Because all share the unembedding W, mixing hidden states is mixing
/// logits: `Σ wᵢ·W·hᵢ = W·Σ wᵢ·hᵢ`.
public sealed interface Behaviour permits HardPrompt, SoftPrompt, LoraAdapter, Mixture {
    /// The empty slot: what everything is compared with.
    HardPrompt BASE = new HardPrompt("", new int[0]);

    /// What to call it in reports.
    String name();

    /// The fillings whose hidden states are added up.
    List<Term> terms();

    /// What is laid over the model's weights while it runs.
    Overlay overlay();

    /// One part of a behaviour.
    ///
    /// @param filling what stands in the slot
    /// @param coefficient factor of its hidden states
    record Term(Filling filling, double coefficient) {}

    /// What can stand in the slot.
    sealed interface Filling {
        /// Readable text, by its token ids.
        record Text(int[] tokens) implements Filling {}

        /// Trained vectors `[softToken hidden]` in place of token embeddings.
        record Soft(Tensor embeddings, PeftPrompt.Place place) implements Filling {}
    }
}
