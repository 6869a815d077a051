package assay.engine.model;

import assay.base.tensor.Device;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/// What an adapter adds to a model while it runs; the base weights are never touched.
///
/// Keys are Hugging Face module names such as `model.layers.0.self_attn.q_proj`.
///
/// @param linear low-rank additions to linear layers
/// @param embedding low-rank addition to the input embedding, if any
/// @param replaced full replacements of weights, by weight name (`lm_head.weight`, `model.norm.weight`, …)
/// @param biases biases added to linear layers, by module name, each `[out]`
/// @param gains what outputs of linear layers, and numbers of input embeddings, are multiplied by before anything is
/// added, by module name, each `[out]` float32 (DoRA, arXiv 2402.09353)
/// @param places how many first places of a batch it is laid over; [#EVERYWHERE] for all
public record Overlay(
        Map<String, LowRank> linear,
        Optional<LowRank> embedding,
        Map<String, Tensor> replaced,
        Map<String, Tensor> biases,
        Map<String, Tensor> gains,
        int places) {
    /// All places of a batch.
    public static final int EVERYWHERE = Integer.MAX_VALUE;

    /// Laid over all places.
    public Overlay(
            Map<String, LowRank> linear,
            Optional<LowRank> embedding,
            Map<String, Tensor> replaced,
            Map<String, Tensor> biases,
            Map<String, Tensor> gains) {
        this(linear, embedding, replaced, biases, gains, EVERYWHERE);
    }

    /// Without gains.
    public Overlay(
            Map<String, LowRank> linear,
            Optional<LowRank> embedding,
            Map<String, Tensor> replaced,
            Map<String, Tensor> biases) {
        this(linear, embedding, replaced, biases, Map.of());
    }

    /// The base model as it is.
    public static final Overlay NONE = new Overlay(Map.of(), Optional.empty(), Map.of(), Map.of());

    /// `ΔW = scale · B·A`, kept as factors (LoRA, arXiv 2106.09685).
    ///
    /// @param a `[rank in]`; for an embedding `[rank vocab]`
    /// @param b `[out rank]`
    /// @param scale α/r, or α/√r for rank-stabilised LoRA
    public record LowRank(Tensor a, Tensor b, double scale) {
        private LowRank on(Device device) {
            return new LowRank(device.here(a), device.here(b), scale);
        }
    }

    /// Makes copies immutable.
    public Overlay {
        linear = Map.copyOf(linear);
        replaced = Map.copyOf(replaced);
        biases = Map.copyOf(biases);
        gains = Map.copyOf(gains);
    }

    /// Whether it changes the matrix that turns hidden states into logits.
    public boolean changesUnembedding() {
        return linear.containsKey("lm_head")
                || gains.containsKey("lm_head")
                || replaced.keySet().stream().anyMatch(name -> name.startsWith("lm_head."));
    }

    /// A hash of what it does to the weights, whatever its factors are ([Fingerprint]); none where it does nothing.
    public Optional<String> sha256() {
        return isEmpty() ? Optional.empty() : Optional.of(Fingerprint.of(this));
    }

    /// Whether it adds low-rank changes to linear layers and does nothing else.
    public boolean isLowRank() {
        return embedding.isEmpty() && replaced.isEmpty() && biases.isEmpty() && gains.isEmpty();
    }

    /// The same laid over the first places of a batch alone, so that what runs with and without it can share a pass:
    /// of one token a row, over the first rows.
    ///
    /// @throws IllegalArgumentException if it does more than add low-rank changes
    public Overlay onFirst(int count) {
        if (!isLowRank() || changesUnembedding()) {
            throw new IllegalArgumentException("overlay: expected low-rank changes alone.");
        }
        return new Overlay(linear, embedding, replaced, biases, gains, count);
    }

    /// The same with its tensors on a device.
    Overlay on(Device device) {
        if (device.isCpu() || isEmpty()) {
            return this;
        }
        return new Overlay(
                moved(linear, low -> low.on(device)),
                embedding.map(low -> low.on(device)),
                moved(replaced, device::here),
                moved(biases, device::here),
                moved(gains, device::here),
                places);
    }

    private static <T> Map<String, T> moved(Map<String, T> parts, UnaryOperator<T> moving) {
        Map<String, T> moved = new HashMap<>();
        parts.forEach((name, part) -> moved.put(name, moving.apply(part)));
        return moved;
    }

    boolean isEmpty() {
        return linear.isEmpty() && embedding.isEmpty() && replaced.isEmpty() && biases.isEmpty() && gains.isEmpty();
    }
}
