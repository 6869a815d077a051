package assay.engine.model;

import assay.base.tensor.Fused;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// A linear layer that knows its name, so that an overlay can add to it.
///
/// @param name Hugging Face module name
/// @param weight `[out in]` of this part
/// @param bias `[out]` likewise, if the model has one
/// @param part which outputs of the layer of this name these are, where several layers share one; null for all
record Linear(
        String name,
        Tensor weight,
        @Nullable Tensor bias,
        @Nullable Part part) {
    /// Some outputs of a layer: so many from a number on, in each of equal groups.
    record Part(long from, long count, long groups) {
        /// Those rows of a matrix or numbers of a vector of the whole layer.
        Tensor of(Tensor whole) {
            if (groups == 1) {
                return whole.narrow(0, from, count);
            }
            long size = whole.size(0) / groups;
            Tensor some = whole.view(groups, size, -1).narrow(1, from, count);
            return whole.dim() == 1 ? some.reshape(groups * count) : some.reshape(groups * count, whole.size(1));
        }
    }

    Linear(String name, Tensor weight, @Nullable Tensor bias) {
        this(name, weight, bias, null);
    }

    /// `x·Wᵀ (+ bias)` of `x` `[place in]`, times the overlay's gain, plus what it adds:
    /// `scale · (x·Aᵀ)·Bᵀ`, never expanded to a full matrix.
    Tensor apply(Tensor x, Overlay overlay) {
        if (overlay.isEmpty()) {
            return product(x, weight, bias);
        }
        @Nullable Tensor replacedBias = overlay.replaced().get(name + ".bias");
        @Nullable Tensor replaced = overlay.replaced().get(name + ".weight");
        Tensor matrix = replaced == null ? weight : mine(replaced);
        @Nullable Tensor added = replacedBias == null ? bias : mine(replacedBias);
        @Nullable Tensor gain = overlay.gains().get(name);
        Tensor y = gain == null ? product(x, matrix, added) : gained(x, matrix, mine(gain), added);
        Overlay.LowRank delta = overlay.linear().get(name);
        if (delta != null) {
            boolean isPart = overlay.places() < x.size(0);
            Tensor low = torch.linear(isPart ? x.narrow(0, 0, overlay.places()) : x, delta.a());
            Tensor changed = isPart ? y.narrow(0, 0, overlay.places()) : y;
            changed.addmm_(low, mine(delta.b()).t(), new Scalar(1), new Scalar(delta.scale()));
        }
        @Nullable Tensor more = overlay.biases().get(name);
        return more == null ? y : y.add_(mine(more));
    }

    private static Tensor gained(Tensor x, Tensor matrix, Tensor gain, @Nullable Tensor bias) {
        Tensor y = torch.linear(x, alike(x, matrix)).mul_(gain);
        return bias == null ? y : y.add_(bias);
    }

    private static Tensor alike(Tensor x, Tensor matrix) {
        return matrix.element_size() == x.element_size() ? matrix : matrix.to(x.scalar_type());
    }

    private Tensor mine(Tensor rows) {
        return part == null ? rows : part.of(rows);
    }

    /// `x·Wᵀ (+ bias)`; a matrix of 16 bits a number is widened to what is multiplied with it.
    static Tensor product(Tensor x, Tensor matrix, @Nullable Tensor bias) {
        if (Fused.isForFew(x)) {
            Tensor y = Fused.product(x, matrix);
            return bias == null ? y : y.add_(bias);
        }
        Tensor like = alike(x, matrix);
        return bias == null ? torch.linear(x, like) : torch.linear(x, like, new TensorOptional(bias));
    }
}
