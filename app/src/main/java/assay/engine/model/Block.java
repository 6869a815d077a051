package assay.engine.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// One transformer block: attention and gated feed-forward, each behind a norm and added back.
///
/// The residual stream stays in float32 whatever the weights are in: sixty additions in bfloat16 would cost
/// more accuracy than all its matrix products.
///
/// @param inputNorm before attention
/// @param attention mixes places
/// @param postNorm before the feed-forward layer
/// @param feedForward works on each place by itself
record Block(Norm inputNorm, Attention attention, Norm postNorm, FeedForward feedForward) {

    /// Root-mean-square norm (arXiv 1910.07467), computed in float32.
    ///
    /// @param weight `[hidden]` float32
    record Norm(String name, Tensor weight, double epsilon) {
        /// Norms `x` `[place hidden]` float32 and rounds the result to `type`.
        Tensor apply(Tensor x, Overlay overlay, torch.ScalarType type) {
            Tensor inverse = x.mul(x)
                    .mean(new long[] {-1}, true, new ScalarTypeOptional())
                    .add_(new Scalar(epsilon))
                    .rsqrt_();
            Tensor scale = overlay.replaced().getOrDefault(name + ".weight", weight);
            return x.mul(inverse).mul_(scale.to(torch.ScalarType.Float)).to(type);
        }
    }

    /// `down(silu(gate(x)) · up(x))`.
    record FeedForward(Linear gate, Linear up, Linear down) {
        Tensor apply(Tensor x, Overlay overlay) {
            Tensor gated = gate.apply(x, overlay);
            Tensor opened = gated.requires_grad() ? torch.silu(gated) : torch.silu_(gated);
            return down.apply(opened.mul_(up.apply(x, overlay)), overlay);
        }
    }

    /// Adds what attention found and the feed-forward layer to the residual stream `[place hidden]` float32.
    Tensor finish(Tensor x, Tensor attended, Overlay overlay) {
        Tensor y = widened(attended).add_(x);
        return widened(feedForward.apply(postNorm.apply(y, overlay, attended.scalar_type()), overlay))
                .add_(y);
    }

    /// In float32 by itself first: libtorch takes four times as long to add numbers of two formats.
    private static Tensor widened(Tensor x) {
        return x.to(torch.ScalarType.Float);
    }
}
