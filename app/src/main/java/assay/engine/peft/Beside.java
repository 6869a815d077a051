package assay.engine.peft;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// What stands beside factors, in terms of factors: magnitudes and rows of tokens.
final class Beside {
    private static final int ROWS = 1024;

    private Beside() {}

    /// What DoRA multiplies the base's outputs and the factors by (arXiv 2402.09353): its magnitude over the
    /// length of each row of `W + scale·B·A`, of an embedding of each column; `[out]` float32, owned by the
    /// caller's scope.
    ///
    /// @param weight the base's W
    static Tensor gain(Tensor weight, PeftAdapter.Factors factors, Tensor magnitude, boolean isEmbedding) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor a = factors.a().to(torch.ScalarType.Float);
            Tensor b = factors.b().to(torch.ScalarType.Float).mul(new Scalar(factors.scale()));
            Tensor squares = torch.zeros(isEmbedding ? weight.size(1) : weight.size(0));
            for (long from = 0; from < weight.size(0); from += ROWS) {
                try (TensorScope _ = new TensorScope()) {
                    long count = Math.min(ROWS, weight.size(0) - from);
                    Tensor added = isEmbedding
                            ? a.narrow(1, from, count).t().matmul(b.t())
                            : b.narrow(0, from, count).matmul(a);
                    Tensor whole = weight.narrow(0, from, count)
                            .to(torch.ScalarType.Float)
                            .add(added)
                            .square();
                    if (isEmbedding) {
                        squares.add_(whole.sum(0));
                    } else {
                        squares.narrow(0, from, count).copy_(whole.sum(1));
                    }
                }
            }
            return scope.keep(magnitude.to(torch.ScalarType.Float).div(squares.sqrt()));
        }
    }

    /// Factors whose outputs are multiplied by a gain; owned by the caller's scope.
    static PeftAdapter.Factors gained(PeftAdapter.Factors factors, Tensor gain) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor b = factors.b().to(torch.ScalarType.Float).mul(gain.unsqueeze(1));
            return new PeftAdapter.Factors(
                    factors.a(), scope.keep(b.to(factors.b().scalar_type())), factors.scale());
        }
    }

    /// Rows of tokens that take the place of the base's, as factors of their differences; owned by the caller's scope.
    ///
    /// @param weight the base's `[vocab hidden]`
    /// @param rows `[token hidden]`
    /// @param isEmbedding whether factors are those of an embedding, else of a linear layer
    static PeftAdapter.Factors rows(Tensor weight, List<Long> tokens, Tensor rows, boolean isEmbedding) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor at = Torch.longs(tokens.stream().mapToLong(Long::longValue).toArray(), tokens.size());
            Tensor own = weight.index_select(0, at).to(torch.ScalarType.Float);
            Tensor differences = rows.to(torch.ScalarType.Float).sub(own);
            Tensor places = torch.zeros(tokens.size(), weight.size(0));
            places.scatter_(1, at.unsqueeze(1), new Scalar(1));
            return isEmbedding
                    ? new PeftAdapter.Factors(
                            scope.keep(places), scope.keep(differences.t().contiguous()), 1)
                    : new PeftAdapter.Factors(
                            scope.keep(differences), scope.keep(places.t().contiguous()), 1);
        }
    }
}
