package assay.discover.predict;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Sketches measured by what sets prompts apart.
///
/// Most of what a prompt changes, nearly every prompt changes: in plain sketches a lighthouse keeper is most like a
/// greedy old man, because both are somebody. In the metric of the dictionary's own inverse covariance (Mahalanobis
/// 1936), without the direction of its mean, the lighthouse is what counts. Plain sketches say how much a mixture
/// closes; whitened ones name what it is made of.
public final class Whitening implements AutoCloseable {
    /// Added to every direction's variance, as a share of the mean variance: directions that hardly vary in the
    /// dictionary are mostly rounding.
    private static final double FLOOR = 0.3;

    /// Stands for zero where something is divided by it.
    private static final double SMALLEST = 1e-12;

    private final Tensor factor;
    private final Tensor common;

    /// The metric of a dictionary.
    ///
    /// @param sketches `[prompt, number]`, at least two
    public Whitening(float[][] sketches) {
        if (sketches.length < 2) {
            throw new IllegalArgumentException(
                    "whitening: expected at least two sketches, found " + sketches.length + ".");
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor all = Torch.floats(sketches);
            Tensor mean = all.mean(0);
            Tensor centred = all.sub(mean);
            Tensor covariance = centred.t().matmul(centred).div(new Scalar((double) sketches.length));
            double floor = Math.max(FLOOR * covariance.diag().mean().item_double(), SMALLEST);
            Tensor ridge = torch.eye(sketches[0].length).mul(new Scalar(floor));
            factor = torch.linalg_cholesky(covariance.add(ridge));
            factor.retainReference();
            Tensor direction = solved(mean.unsqueeze(0));
            double length = Math.sqrt(direction.square().sum().item_double());
            common = direction.div(new Scalar(Math.max(length, SMALLEST)));
            common.retainReference();
        }
    }

    /// Sketches in this metric: their plain inner products are those of the metric.
    ///
    /// @param sketches `[sketch, number]`
    /// @return the same shape
    public float[][] of(float[][] sketches) {
        if (sketches.length == 0) {
            return sketches;
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor white = solved(Torch.floats(sketches));
            Tensor along = white.matmul(common.t());
            return Torch.toRows(white.sub(along.matmul(common)));
        }
    }

    /// One sketch.
    public float[] of(float[] sketch) {
        return of(new float[][] {sketch})[0];
    }

    /// `x · L⁻ᵀ` for rows x.
    private Tensor solved(Tensor rows) {
        return torch.linalg_solve_triangular(factor, rows.t(), false).t();
    }

    @Override
    public void close() {
        factor.releaseReference();
        common.releaseReference();
    }
}
