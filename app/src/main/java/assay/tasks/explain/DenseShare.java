package assay.tasks.explain;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Share of a target's squared Fisher norm that dense ridge over a whole dictionary explains, by sketches
/// alone: a guess at what prompts could hold that costs no run.
public final class DenseShare {
    private DenseShare() {}

    /// The ridge is chosen on one group of user turns and the share measured on another; the fit saw neither.
    ///
    /// @param rows sketches of the dictionary `[prompt][number]`, groups of equal length one after the other
    /// @param target sketch of the target
    /// @param groups separate groups of user turns in a sketch
    public static double of(float[][] rows, float[] target, int groups) {
        int size = target.length / groups;
        double ridge = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (double candidate : new double[] {1e-3, 1e-2, 1e-1, 1}) {
            double share = share(rows, target, size * (groups - 2), size, candidate);
            if (share > best) {
                best = share;
                ridge = candidate;
            }
        }
        return share(rows, target, size * (groups - 1), size, ridge);
    }

    /// Fits on the first `from` numbers and measures on the `size` numbers that follow them.
    private static double share(float[][] rows, float[] target, int from, int size, double ridge) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor fit = block(rows, 0, from);
            Tensor kernel = fit.transpose(0, 1).matmul(fit);
            double scale = kernel.diag().mean().item_double();
            Tensor system = kernel.add(torch.eye(from).mul(new Scalar(ridge * scale)));
            Tensor right = Torch.floats(Arrays.copyOf(target, from), from, 1);
            Tensor weights = fit.matmul(torch.cholesky_solve(right, torch.linalg_cholesky(system)));
            Tensor predicted = block(rows, from, size).transpose(0, 1).matmul(weights);
            Tensor held = Torch.floats(Arrays.copyOfRange(target, from, from + size), size, 1);
            double left = held.sub(predicted).pow(new Scalar(2)).sum().item_double();
            return 1 - left / held.pow(new Scalar(2)).sum().item_double();
        }
    }

    private static Tensor block(float[][] rows, int from, int size) {
        float[] values = new float[rows.length * size];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], from, values, i * size, size);
        }
        return Torch.floats(values, rows.length, size);
    }
}
