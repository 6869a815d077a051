package assay.engine.model;

import assay.base.tensor.Dtype;
import assay.base.tensor.Fused;
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
/// @param part the only outputs that are computed, where layers are kept as one matrix; null for all
record Linear(
        String name,
        Tensor weight,
        @Nullable Tensor bias,
        @Nullable Part part) {
    /// Some outputs of a layer.
    record Part(long from, long count) {
        private Tensor of(Tensor rows) {
            return rows.narrow(0, from, count);
        }
    }

    Linear(String name, Tensor weight, @Nullable Tensor bias) {
        this(name, weight, bias, null);
    }

    /// `x·Wᵀ (+ bias)` of `x` `[place in]`, times the overlay's gain, plus what it adds:
    /// `scale · (x·Aᵀ)·Bᵀ`, never expanded to a full matrix.
    Tensor apply(Tensor x, Overlay overlay) {
        if (overlay.isEmpty()) {
            return product(x, mine(weight), bias == null ? null : mine(bias));
        }
        @Nullable Tensor replacedBias = overlay.replaced().get(name + ".bias");
        Tensor matrix = overlay.replaced().getOrDefault(name + ".weight", weight);
        @Nullable Tensor whole = replacedBias == null ? bias : replacedBias;
        @Nullable Tensor gain = overlay.gains().get(name);
        Tensor y = gain == null
                ? product(x, mine(matrix), whole == null ? null : mine(whole))
                : gained(x, mine(matrix), mine(gain), whole == null ? null : mine(whole));
        Overlay.LowRank delta = overlay.linear().get(name);
        if (delta != null) {
            boolean isPart = overlay.places() < x.size(0);
            Tensor low = torch.linear(isPart ? x.narrow(0, 0, overlay.places()) : x, delta.a());
            Tensor changed = isPart ? y.narrow(0, 0, overlay.places()) : y;
            changed.addmm_(low, mine(delta.b()).t(), new Scalar(1), new Scalar(delta.scale()));
        }
        @Nullable Tensor added = overlay.biases().get(name);
        return added == null ? y : y.add_(mine(added));
    }

    private static boolean isForFew(Tensor x, Tensor matrix) {
        return x.size(0) <= Fused.FEW
                && x.element_size() == Dtype.BFLOAT16.bytes()
                && matrix.element_size() == Dtype.BFLOAT16.bytes()
                && Fused.applies();
    }

    private static Tensor gained(Tensor x, Tensor matrix, Tensor gain, @Nullable Tensor bias) {
        Tensor y = torch.linear(x, matrix).mul_(gain);
        return bias == null ? y : y.add_(bias);
    }

    private Tensor mine(Tensor rows) {
        return part == null ? rows : part.of(rows);
    }

    /// `x·Wᵀ (+ bias)`.
    static Tensor product(Tensor x, Tensor matrix, @Nullable Tensor bias) {
        if (isForFew(x, matrix)) {
            Tensor y = Fused.product(x, matrix);
            return bias == null ? y : y.add_(bias);
        }
        return bias == null ? torch.linear(x, matrix) : torch.linear(x, matrix, new TensorOptional(bias));
    }
}
