package assay.engine.model;

import assay.base.tensor.Fused;
import assay.engine.family.Design;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// One transformer block: attention and gated feed-forward, each with norms before or after it, and added back.
///
/// The residual stream stays in float32 whatever the weights are in: sixty additions in bfloat16 would cost
/// more accuracy than all its matrix products.
///
/// @param norms before and after both
/// @param attention mixes places
/// @param feedForward works on each place by itself
/// @param residualScale what both are multiplied with before they are added
record Block(Norms norms, Attention attention, PerPlace feedForward, double residualScale) {

    /// The norms there are.
    ///
    /// @param isParallel whether both layers see the same numbers
    record Norms(
            Optional<Norm> beforeAttention,
            Optional<Norm> afterAttention,
            Optional<Norm> beforeFeedForward,
            Optional<Norm> afterFeedForward,
            boolean isParallel) {
        /// One layer after the other.
        Norms(
                Optional<Norm> beforeAttention,
                Optional<Norm> afterAttention,
                Optional<Norm> beforeFeedForward,
                Optional<Norm> afterFeedForward) {
            this(beforeAttention, afterAttention, beforeFeedForward, afterFeedForward, false);
        }

        /// What attention gets of the residual stream `x` `[place hidden]` float32.
        Tensor before(Tensor x, Overlay overlay, torch.ScalarType type) {
            return normed(beforeAttention, x, overlay, type);
        }

        private static Tensor normed(Optional<Norm> norm, Tensor x, Overlay overlay, torch.ScalarType type) {
            return norm.map(one -> one.apply(x, overlay, type)).orElseGet(() -> x.to(type));
        }
    }

    /// Root-mean-square norm (arXiv 1910.07467), or with a bias LayerNorm (arXiv 1607.06450), computed in float32.
    ///
    /// @param weight `[hidden]` float32
    /// @param bias likewise; null for a root-mean-square norm
    /// @param offset added to the weight
    /// @param factor the result is multiplied with
    record Norm(String name, Tensor weight, @Nullable Tensor bias, double epsilon, double offset, double factor) {
        Norm(String name, Tensor weight, double epsilon) {
            this(name, weight, null, epsilon, 0, 1);
        }

        /// Norms `x` `[… hidden]` float32 and rounds the result to `type`.
        Tensor apply(Tensor x, Overlay overlay, torch.ScalarType type) {
            Tensor scale =
                    overlay.replaced().getOrDefault(name + ".weight", weight).to(torch.ScalarType.Float);
            if (offset != 0) {
                scale = scale.add(new Scalar(offset));
            }
            if (factor != 1) {
                scale = scale.mul(new Scalar(factor));
            }
            if (bias != null) {
                Tensor shift = overlay.replaced().getOrDefault(name + ".bias", bias);
                return centred(x, scale, shift.to(torch.ScalarType.Float), type);
            }
            if (Fused.applies(x)) {
                return Fused.normed(x, scale, epsilon, type);
            }
            Tensor inverse = x.mul(x)
                    .mean(new long[] {-1}, true, new ScalarTypeOptional())
                    .add_(new Scalar(epsilon))
                    .rsqrt_();
            return x.mul(inverse).mul_(scale).to(type);
        }

        private Tensor centred(Tensor x, Tensor scale, Tensor shift, torch.ScalarType type) {
            Tensor far = x.sub(x.mean(new long[] {-1}, true, new ScalarTypeOptional()));
            Tensor inverse = far.mul(far)
                    .mean(new long[] {-1}, true, new ScalarTypeOptional())
                    .add_(new Scalar(epsilon))
                    .rsqrt_();
            return far.mul(inverse).mul_(scale).add_(shift).to(type);
        }
    }

    /// What works on each place by itself.
    interface PerPlace {
        /// What it makes of normed states.
        ///
        /// @param x `[place hidden]`
        Tensor apply(Tensor x, Overlay overlay);
    }

    /// `down(activation(gate(x)) · up(x))`, or `down(activation(up(x)))` without a gate.
    record FeedForward(@Nullable Linear gate, Linear up, Linear down, Design.Activation activation)
            implements PerPlace {
        @Override
        public Tensor apply(Tensor x, Overlay overlay) {
            if (gate == null) {
                return down.apply(activation.apply(up.apply(x, overlay)), overlay);
            }
            Tensor gated = gate.apply(x, overlay);
            Tensor wide = up.apply(x, overlay);
            boolean isFused = activation == Design.Activation.SILU && Fused.applies(x);
            return down.apply(
                    isFused ? Fused.swish(gated, wide) : activation.apply(gated).mul_(wide), overlay);
        }
    }

    /// Adds what attention found and the feed-forward layer to the residual stream `[place hidden]` float32, in place
    /// where no gradient is wanted.
    Tensor finish(Tensor x, Tensor attended, Overlay overlay) {
        if (norms.isParallel()) {
            Tensor same = Norms.normed(norms.beforeFeedForward(), x, overlay, attended.scalar_type());
            Tensor found = feedForward.apply(same, overlay);
            return added(found, norms.afterFeedForward(), added(attended, norms.afterAttention(), x, overlay), overlay);
        }
        Tensor y = added(attended, norms.afterAttention(), x, overlay);
        Tensor normed = Norms.normed(norms.beforeFeedForward(), y, overlay, attended.scalar_type());
        return added(feedForward.apply(normed, overlay), norms.afterFeedForward(), y, overlay);
    }

    private Tensor added(Tensor found, Optional<Norm> after, Tensor x, Overlay overlay) {
        if (after.isEmpty() && residualScale == 1 && Fused.applies(x)) {
            return Fused.add(x, found);
        }
        Tensor wide = widened(found);
        Tensor normed = after.map(norm -> norm.apply(wide, overlay, torch.ScalarType.Float))
                .orElse(wide);
        Tensor scaled = residualScale == 1 ? normed : normed.mul(new Scalar(residualScale));
        return scaled.add_(x);
    }

    /// In float32 by itself first: libtorch takes four times as long to add numbers of two formats.
    private static Tensor widened(Tensor x) {
        return x.to(torch.ScalarType.Float);
    }
}
