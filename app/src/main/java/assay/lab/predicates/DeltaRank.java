package assay.lab.predicates;

import assay.base.sparse.Spectrum;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How many directions a behaviour's changes take: changes of logits, each less its mean, weighted by
/// probability.
final class DeltaRank {
    private static final int PLACES_PER_CHUNK = 64;

    private DeltaRank() {}

    /// @param base final hidden states of the base `[place hidden]`
    /// @param target those of the behaviour
    /// @param unembedding W `[vocab hidden]`
    static double of(Tensor base, Tensor target, Tensor unembedding) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor delta = target.sub(base).to(torch.ScalarType.Float);
            return effective(delta, metric(mean(base, target, unembedding), unembedding));
        }
    }

    /// Covariance of the unembedding's rows under a distribution: the inner product of two changes of
    /// logits, each less its mean, in terms of hidden states `[hidden hidden]`.
    private static Tensor metric(Tensor probabilities, Tensor unembedding) {
        Tensor weighted = unembedding.mul(probabilities.unsqueeze(1));
        Tensor center = weighted.sum(0);
        return unembedding.transpose(0, 1).matmul(weighted).sub(torch.outer(center, center));
    }

    /// Mean distribution of base and behaviour.
    private static Tensor mean(Tensor base, Tensor target, Tensor unembedding) {
        Tensor mean = torch.zeros(unembedding.size(0));
        for (Tensor states : java.util.List.of(base, target)) {
            for (long start = 0; start < states.size(0); start += PLACES_PER_CHUNK) {
                try (TensorScope _ = new TensorScope()) {
                    long count = Math.min(PLACES_PER_CHUNK, states.size(0) - start);
                    Tensor logits =
                            torch.linear(states.narrow(0, start, count).to(torch.ScalarType.Float), unembedding);
                    mean.add_(torch.softmax(logits, -1).sum(0));
                }
            }
        }
        return mean.div(scalar(2.0 * base.size(0)));
    }

    private static double effective(Tensor delta, Tensor metric) {
        int places = Math.toIntExact(delta.size(0));
        float[] gram = Torch.toFloats(delta.matmul(metric).matmul(delta.transpose(0, 1)));
        double[][] rows = new double[places][places];
        for (int i = 0; i < places; i++) {
            for (int j = 0; j < places; j++) {
                rows[i][j] = (gram[i * places + j] + gram[j * places + i]) / 2.0;
            }
        }
        return Spectrum.ofGram(rows).effectiveRank();
    }

    private static org.bytedeco.pytorch.Scalar scalar(double value) {
        return new org.bytedeco.pytorch.Scalar(value);
    }
}
