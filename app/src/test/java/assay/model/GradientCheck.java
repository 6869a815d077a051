package assay.model;

import assay.tensor.TensorScope;
import assay.tensor.Torch;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// A scalar function of input embeddings, its slope along a random direction and what automatic
/// differentiation says of
/// it.
///
/// @param model the model differentiated
/// @param overlay an adapter over it
/// @param batch sequences whose embeddings are the inputs
record GradientCheck(LanguageModel model, Overlay overlay, TokenBatch batch) {
    private static Tensor random(int seed, Tensor like) {
        float[] values = new float[Math.toIntExact(like.numel())];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, values.length).view(like.sizes());
    }

    private Tensor value(Tensor embeddings) {
        Positions places = Positions.last(batch);
        Tensor hidden = model.hiddenOfEmbeddings(embeddings, batch.lengths(), null, overlay, places);
        return hidden.mul(random(1, hidden)).sum();
    }

    /// Central difference along the direction, per unit step.
    double slope(double step) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor at = model.embed(batch, overlay);
            Tensor ahead = random(2, at).mul(new Scalar(step));
            return (value(at.add(ahead)).item_double() - value(at.sub(ahead)).item_double()) / (2 * step);
        }
    }

    /// The gradient's component along the direction.
    double gradient() {
        try (TensorScope _ = TensorScope.withGradients()) {
            Tensor at = model.embed(batch, overlay).detach().requires_grad_(true);
            value(at).backward();
            return at.grad().mul(random(2, at)).sum().item_double();
        }
    }
}
