package assay.behaviour;

import assay.model.Overlay;
import java.util.List;

/// Anything that turns a context into a next-token distribution.
///
/// Every kind is an overlay on the model and a weighted list of prompts in the slot: its final hidden state
/// is
/// `Σ coefficient · h(prompt)`. Because all share the unembedding W, mixing hidden states is mixing logits:
/// `Σ wᵢ·W·hᵢ = W·Σ wᵢ·hᵢ`.
public sealed interface Behaviour permits HardPrompt, LoraAdapter, Mixture {
    /// The empty slot: what everything is compared with.
    HardPrompt BASE = new HardPrompt("", new int[0]);

    /// What to call it in reports.
    String name();

    /// The prompts whose hidden states are added up.
    List<Term> terms();

    /// What is laid over the model's weights while it runs.
    Overlay overlay();

    /// One prompt of a behaviour.
    ///
    /// @param prompt token ids standing in the slot
    /// @param coefficient factor of its hidden states
    record Term(int[] prompt, double coefficient) {}
}
