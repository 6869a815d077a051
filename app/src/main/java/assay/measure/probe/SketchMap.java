package assay.measure.probe;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.measure.behaviour.Context;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A random projection of fingerprints that keeps their Fisher inner products: `sketch = Aᵀ·(H_b −
/// H_0)·(L·B)` with Gaussian A over positions, Gaussian B over the width, and `L·Lᵀ = Wᵀ(diag p̄ − p̄p̄ᵀ)W`
/// the Fisher metric of the base's mean distribution. Half its squared norm approximates the summed KL to
/// the base.
///
/// Positions are projected in [#GROUPS] separate groups of user turns, so that a fit on some groups can be
/// checked on the others.
///
/// @param whitened L·B `[hidden, COLUMNS]`, row-major
/// @param seed of A
public record SketchMap(float[] whitened, long seed) {
    /// Separate groups of user turns.
    public static final int GROUPS = 4;
    /// Rows of the projection over positions, per group.
    public static final int ROWS = 16;
    /// Columns of the projection over the width.
    public static final int COLUMNS = 48;
    /// Numbers in a sketch.
    public static final int SIZE = GROUPS * ROWS * COLUMNS;
    /// Share of the metric's mean diagonal added before its Cholesky factor is taken.
    static final double JITTER = 1e-4;

    /// Makes the map of a probe: the metric is the base's on these places.
    ///
    /// @param base hidden states of the base `[place hidden]`
    /// @param unembedding that turns them into logits
    public static SketchMap make(Tensor base, Unembedding unembedding, long seed) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Means means = Means.of(base, unembedding);
            Tensor center = unembedding.weightedSum(means.once());
            Tensor metric = unembedding.moment(means.twice()).sub(torch.outer(center, center));
            Tensor diagonal = metric.diag().mean().mul(new Scalar(JITTER));
            Tensor factor =
                    torch.linalg_cholesky(metric.add(torch.eye(metric.size(0)).mul(diagonal)));
            Tensor columns = Torch.floats(
                    gaussian(seed + 1, Math.toIntExact(base.size(1)) * COLUMNS, 1 / Math.sqrt(COLUMNS)),
                    base.size(1),
                    COLUMNS);
            return new SketchMap(Torch.toFloats(factor.matmul(columns)), seed);
        }
    }

    /// The mean distribution over some places `[vocab]`, as changes of hidden states feel it once and twice
    /// ([Unembedding#felt]): without a cap both are the same.
    record Means(Tensor once, Tensor twice) {
        /// Owned by the caller's scope.
        static Means of(Tensor base, Unembedding unembedding) {
            try (TensorScope scope = new TensorScope()) {
                Tensor once = torch.zeros(unembedding.tokens());
                Tensor twice = unembedding.isCapped() ? torch.zeros(unembedding.tokens()) : once;
                for (long start = 0; start < base.size(0); start += 64) {
                    try (TensorScope _ = new TensorScope()) {
                        long count = Math.min(64, base.size(0) - start);
                        Tensor states = base.narrow(0, start, count).to(torch.ScalarType.Float);
                        Tensor logits = unembedding.logits(states);
                        Tensor share =
                                unembedding.felt(torch.log_softmax(logits, -1).exp(), logits);
                        once.add_(share.sum(0));
                        if (unembedding.isCapped()) {
                            twice.add_(unembedding.felt(share, logits).sum(0));
                        }
                    }
                }
                Scalar places = new Scalar((double) base.size(0));
                scope.keep(once.div_(places));
                return new Means(once, unembedding.isCapped() ? scope.keep(twice.div_(places)) : once);
            }
        }
    }

    /// Sketches a fingerprint.
    ///
    /// @param delta `[place hidden]`, the behaviour's hidden states minus the base's
    /// @param contexts the contexts of the places, in order
    /// @return [#SIZE] numbers, group by group
    public float[] sketch(Tensor delta, List<Context> contexts) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return Torch.toFloats(project(delta, contexts));
        }
    }

    /// As [#sketch], differentiable in `delta`: `[1 number]`, owned by the caller's scope.
    Tensor project(Tensor delta, List<Context> contexts) {
        try (TensorScope scope = new TensorScope()) {
            Tensor narrow =
                    delta.to(torch.ScalarType.Float).matmul(Torch.floats(whitened, whitened.length / COLUMNS, COLUMNS));
            int places = Math.toIntExact(delta.size(0));
            Tensor rows = Torch.floats(rows(contexts, places), GROUPS * ROWS, places);
            return scope.keep(rows.matmul(narrow).reshape(1, SIZE));
        }
    }

    /// Aᵀ `[group·row, place]`: Gaussian inside a place's own group, zero elsewhere.
    private float[] rows(List<Context> contexts, int places) {
        float[] normal = gaussian(seed, places * ROWS, 1 / Math.sqrt(ROWS));
        float[] rows = new float[GROUPS * ROWS * places];
        int place = 0;
        for (int turn = 0; turn < contexts.size(); turn++) {
            int group = turn % GROUPS;
            for (int i = 0; i < contexts.get(turn).places(); i++, place++) {
                for (int row = 0; row < ROWS; row++) {
                    rows[(group * ROWS + row) * places + place] = normal[place * ROWS + row];
                }
            }
        }
        return rows;
    }

    private static float[] gaussian(long seed, int count, double scale) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }
}
