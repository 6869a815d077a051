package assay.engine.model;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A scalar function of input embeddings, its slope along a random direction and what automatic
/// differentiation says of it.
///
/// @param model the model differentiated
/// @param overlay an adapter over it
/// @param batch sequences whose embeddings are the inputs
record GradientCheck(LanguageModel model, Overlay overlay, TokenBatch batch) {
    /// With a small LoRA over the second block's queries (and keys and values, where they are one layer), made
    /// of random numbers.
    static GradientCheck of(LanguageModel model, TokenBatch batch) {
        torch.ScalarType type = model.dtype().scalarType();
        String module = model.tensorShapes().keySet().stream()
                .filter(
                        name -> name.matches(
                                "model\\.layers\\.1\\.(self_attn\\.(q|qkv)_proj|attn\\.c_attn|attention\\.query_key_value)\\.weight"))
                .map(name -> name.replace(".weight", ""))
                .findFirst()
                .orElseThrow();
        long rows = Objects.requireNonNull(model.tensorShapes().get(module + ".weight"))
                .getFirst();
        Tensor a = random(3, 2, model.hidden()).to(type);
        Tensor b = random(4, rows, 2).to(type);
        Overlay overlay =
                new Overlay(Map.of(module, new Overlay.LowRank(a, b, 0.1)), Optional.empty(), Map.of(), Map.of());
        return new GradientCheck(model, overlay, batch);
    }

    private static Tensor random(int seed, long... shape) {
        float[] values = new float[Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact))];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, shape);
    }

    private Tensor value(Tensor embeddings) {
        Positions places = Positions.last(batch);
        Tensor hidden = model.hiddenOfEmbeddings(embeddings, batch.lengths(), null, overlay, places);
        return hidden.mul(random(1, hidden.size(0), hidden.size(1))).sum();
    }

    /// Central difference along the direction, per unit step.
    double slope(double step) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor at = model.embed(batch, overlay);
            Tensor ahead = random(2, at.size(0), at.size(1), at.size(2)).mul(new Scalar(step));
            return (value(at.add(ahead)).item_double() - value(at.sub(ahead)).item_double()) / (2 * step);
        }
    }

    /// The gradient's component along the direction.
    double gradient() {
        try (TensorScope _ = TensorScope.withGradients()) {
            Tensor at = model.embed(batch, overlay).detach().requires_grad_(true);
            value(at).backward();
            return at.grad()
                    .mul(random(2, at.size(0), at.size(1), at.size(2)))
                    .sum()
                    .item_double();
        }
    }
}
