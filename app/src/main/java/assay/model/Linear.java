package assay.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// A linear layer that knows its name, so that an overlay can add to it.
///
/// @param name Hugging Face module name
/// @param weight `[out in]`
/// @param bias `[out]`, if the model has one
record Linear(String name, Tensor weight, @Nullable Tensor bias) {
    /// `x·Wᵀ (+ bias)`, plus what the overlay adds: `scale · (x·Aᵀ)·Bᵀ`, never expanded to a full matrix.
    Tensor apply(Tensor x, Overlay overlay) {
        Tensor matrix = overlay.replaced().getOrDefault(name + ".weight", weight);
        Tensor y = bias == null ? torch.linear(x, matrix) : torch.linear(x, matrix, new TensorOptional(bias));
        Overlay.LowRank delta = overlay.linear().get(name);
        if (delta != null) {
            Tensor low = torch.linear(torch.linear(x, delta.a()), delta.b());
            y = y.add(low.mul(new Scalar(delta.scale())));
        }
        Tensor added = overlay.biases().get(name);
        return added == null ? y : y.add(added);
    }
}
