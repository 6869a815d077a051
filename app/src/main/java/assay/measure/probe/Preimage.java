package assay.measure.probe;

import assay.base.tensor.TensorScope;
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
    /// @param unembedding V `[vocab wide]`, whose first columns are W
    /// @param hidden the model's width
    /// @return `[place hidden]`, owned by the caller's scope; `delta` itself where it is no wider
    public static Tensor of(Tensor delta, Tensor base, Tensor unembedding, long hidden) {
        long beyond = unembedding.size(1) - hidden;
        if (beyond == 0) {
            return delta;
        }
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor plain = unembedding.narrow(1, 0, hidden);
            Tensor mean = SketchMap.mean(base.narrow(1, 0, hidden), plain).unsqueeze(1);
            Tensor weighted = plain.mul(mean);
            Tensor right = weighted.t()
                    .matmul(unembedding)
                    .sub(torch.outer(
                            weighted.sum(0), mean.t().matmul(unembedding).squeeze(0)));
            Tensor metric = right.narrow(1, 0, hidden);
            Tensor diagonal = metric.diag().mean().mul(new Scalar(SketchMap.JITTER));
            Tensor factor = torch.linalg_cholesky(metric.add(torch.eye(hidden).mul(diagonal)));
            Tensor bent = torch.cholesky_solve(right.narrow(1, hidden, beyond), factor);
            Tensor own = delta.narrow(1, hidden, beyond).matmul(bent.t());
            return scope.keep(delta.narrow(1, 0, hidden).add(own));
        }
    }
}
