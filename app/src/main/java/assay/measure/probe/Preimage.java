package assay.measure.probe;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Changes of hidden states as wide as the model's, for those of behaviours with an unembedding of their own: the
/// ones whose logits under the model's W are nearest to theirs, in the KL's metric at the base. Sketches need
/// them; nothing that is reported is computed from them.
public final class Preimage {
    private Preimage() {}

    /// `argmin ‖W·x − V·d‖` in the metric of the base's mean distribution, for every row d of a difference.
    ///
    /// @param delta `[place wide]`
    /// @param base hidden states of the base `[place wide]`, zero beyond the model's width
    /// @param unembedding of V `[vocab wide]`, whose first columns are W
    /// @param hidden the model's width
    /// @return `[place hidden]`, owned by the caller's scope; `delta` itself where it is no wider
    public static Tensor of(Tensor delta, Tensor base, Unembedding unembedding, long hidden) {
        long beyond = unembedding.width() - hidden;
        if (beyond == 0) {
            return delta;
        }
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor wide = unembedding.matrix();
            Unembedding plain = new Unembedding(wide.narrow(1, 0, hidden), unembedding.cap());
            SketchMap.Means means = SketchMap.Means.of(base.narrow(1, 0, hidden), plain);
            Tensor once = means.once().unsqueeze(1);
            Tensor weighted = plain.matrix().mul(means.twice().unsqueeze(1));
            Tensor right = weighted.t()
                    .matmul(wide)
                    .sub(torch.outer(
                            plain.matrix().mul(once).sum(0),
                            once.t().matmul(wide).squeeze(0)));
            Tensor metric = right.narrow(1, 0, hidden);
            Tensor diagonal = metric.diag().mean().mul(new Scalar(SketchMap.JITTER));
            Tensor factor = torch.linalg_cholesky(metric.add(torch.eye(hidden).mul(diagonal)));
            Tensor bent = torch.cholesky_solve(right.narrow(1, hidden, beyond), factor);
            Tensor own = delta.narrow(1, hidden, beyond).matmul(bent.t());
            return scope.keep(delta.narrow(1, 0, hidden).add(own));
        }
    }
}
