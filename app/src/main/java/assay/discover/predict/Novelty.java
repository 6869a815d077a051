package assay.discover.predict;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.QuantisedRows;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How far a sketch lies outside what an atlas spans: its ridge leverage sᵀ·(G + λI)⁻¹·s with G = Σ s·sᵀ over the
/// atlas's sketches and λ = 1 % of G's mean eigenvalue (Alaoui & Mahoney, *Fast randomized kernel ridge regression
/// with statistical guarantees*, 2015).
///
/// Below 1 for everything the atlas holds; unbounded outside. What is held: one float matrix over the numbers of a
/// sketch, 38 MB for 3,072; making it takes three of them in double for a moment, 230 MB.
public final class Novelty implements AutoCloseable {
    private static final double RIDGE = 0.01;
    private static final int CHUNK = 512;

    private final Tensor whitening;

    /// Novelty over the span of some sketches.
    public Novelty(QuantisedRows sketches) {
        int numbers = sketches.columns();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor gram = gram(sketches);
            double ridge = Math.max(RIDGE * gram.diag().mean().item_double(), 1e-12);
            Tensor identity = torch.eye(numbers).to(torch.ScalarType.Double);
            Tensor factor = torch.linalg_cholesky(gram.add_(identity.mul(new Scalar(ridge))));
            whitening = torch.linalg_solve_triangular(factor, identity, false)
                    .to(torch.ScalarType.Float)
                    .t()
                    .contiguous();
            whitening.retainReference();
        }
    }

    /// Novelty of every sketch.
    ///
    /// @param sketches `[prompt number]`
    public float[] of(Tensor sketches) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return Torch.toFloats(sketches.matmul(whitening).square().sum(1));
        }
    }

    /// What the novelty of a sketch of the span would be if the span had been made without it (Sherman & Morrison,
    /// 1950), λ being the same.
    public static double withoutItself(double novelty) {
        return novelty / Math.max(1e-6, 1 - novelty);
    }

    /// Novelty of every sketch.
    public float[] of(QuantisedRows sketches) {
        float[] all = new float[sketches.rows()];
        for (int start = 0; start < all.length; start += CHUNK) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                float[] some = of(rows(sketches, start));
                System.arraycopy(some, 0, all, start, some.length);
            }
        }
        return all;
    }

    private static Tensor gram(QuantisedRows sketches) {
        int numbers = sketches.columns();
        Tensor gram = torch.zeros(numbers, numbers).to(torch.ScalarType.Double);
        for (int start = 0; start < sketches.rows(); start += CHUNK) {
            try (TensorScope _ = new TensorScope()) {
                Tensor some = rows(sketches, start).to(torch.ScalarType.Double);
                gram.addmm_(some.t(), some);
            }
        }
        return gram;
    }

    /// The next rows `[row number]`, at most [#CHUNK].
    private static Tensor rows(QuantisedRows sketches, int start) {
        return Torch.floats(IntStream.range(start, Math.min(start + CHUNK, sketches.rows()))
                .mapToObj(sketches::row)
                .toArray(float[][]::new));
    }

    @Override
    public void close() {
        whitening.releaseReference();
    }
}
