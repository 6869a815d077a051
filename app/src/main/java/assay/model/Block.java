package assay.model;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// One transformer block of the Llama family: attention and gated feed-forward, each behind a norm and added
/// back.
///
/// @param inputNorm before attention
/// @param query query projection
/// @param key key projection
/// @param value value projection
/// @param output attention output projection
/// @param postNorm before the feed-forward layer
/// @param feedForward the gated feed-forward layer
/// @param heads head counts
record Block(
        Norm inputNorm,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        Norm postNorm,
        FeedForward feedForward,
        LlamaConfig.Heads heads) {

    /// Root-mean-square norm (arXiv 1910.07467), computed in float32.
    record Norm(String name, Tensor weight, double epsilon) {
        Tensor apply(Tensor x, Overlay overlay) {
            Tensor wide = x.to(torch.ScalarType.Float);
            Tensor inverse = wide.mul(wide)
                    .mean(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
                    .add(new Scalar(epsilon))
                    .rsqrt();
            Tensor scale = overlay.replaced().getOrDefault(name + ".weight", weight);
            return wide.mul(inverse).to(x.scalar_type()).mul(scale);
        }
    }

    /// `down(silu(gate(x)) · up(x))`.
    record FeedForward(Linear gate, Linear up, Linear down) {
        Tensor apply(Tensor x, Overlay overlay) {
            return down.apply(torch.silu(gate.apply(x, overlay)).mul(up.apply(x, overlay)), overlay);
        }
    }

    /// Cosines and sines at the rows they are multiplied with.
    record Angles(Tensor cosine, Tensor sine) {
        /// Rotates the last axis of `x` (Hugging Face layout: halves, not pairs).
        Tensor rotate(Tensor x) {
            long half = x.size(-1) / 2;
            Tensor turned = torch.cat(new TensorVector(x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)), -1);
            return x.mul(cosine).add(turned.mul(sine));
        }
    }

    /// Splits heads off the last axis: `[batch position head·headDim]` → `[batch head position headDim]`.
    private Tensor split(Tensor x, long batch, int count) {
        return x.view(batch, -1, count, heads.dimension()).transpose(1, 2);
    }

    /// New keys and values of normed input `[batch position hidden]`.
    KeyValueCache.Layer keysAndValues(Tensor normed, Angles angles, Overlay overlay) {
        long batch = normed.size(0);
        Tensor keys = angles.rotate(split(key.apply(normed, overlay), batch, heads.keyValue()));
        Tensor values = split(value.apply(normed, overlay), batch, heads.keyValue());
        return new KeyValueCache.Layer(keys, values);
    }

    /// Queries of normed input, rotated: `[batch head position headDim]`.
    Tensor queries(Tensor normed, Angles angles, Overlay overlay) {
        return angles.rotate(split(query.apply(normed, overlay), normed.size(0), heads.query()));
    }

    /// Queries of chosen places, rotated, heads merged: `[place hidden]` → `[place head·headDim]`.
    Tensor flatQueries(Tensor normed, Angles angles, Overlay overlay) {
        Tensor split = query.apply(normed, overlay).view(-1, heads.query(), heads.dimension());
        return angles.rotate(split).view(-1, heads.queryWidth());
    }

    /// Rotated queries in padded slots `[batch·slot head·headDim]` → `[batch head slot headDim]`.
    Tensor splitQueries(Tensor padded, long batch) {
        return split(padded, batch, heads.query());
    }

    /// Scaled dot-product attention with grouped heads, heads merged again: `[batch position head·headDim]`.
    Tensor attend(Tensor queries, KeyValueCache.Layer layer, Tensor mask) {
        Tensor attended = torch.scaled_dot_product_attention(
                queries,
                grouped(layer.keys()),
                grouped(layer.values()),
                new TensorOptional(mask),
                0.0,
                false,
                new DoubleOptional(),
                false);
        return attended.transpose(1, 2).reshape(queries.size(0), -1, heads.queryWidth());
    }

    private Tensor grouped(Tensor x) {
        int group = heads.query() / heads.keyValue();
        if (group == 1) {
            return x;
        }
        return x.unsqueeze(2)
                .expand(x.size(0), x.size(1), group, x.size(2), x.size(3))
                .reshape(x.size(0), heads.query(), x.size(2), x.size(3));
    }

    /// Adds attention output and the feed-forward layer to the residual stream.
    Tensor finish(Tensor x, Tensor attended, Overlay overlay) {
        Tensor y = x.add(output.apply(attended, overlay));
        return y.add(feedForward.apply(postNorm.apply(y, overlay), overlay));
    }
}
