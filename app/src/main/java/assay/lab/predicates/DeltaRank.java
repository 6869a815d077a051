package assay.lab.predicates;

import assay.base.sparse.Spectrum;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How many directions a behaviour's changes take.
final class DeltaRank {
    private static final int PLACES_PER_CHUNK = 64;

    private DeltaRank() {}

    /// How many they are: e to the entropy of the shares of energy, in the KL's own metric at the mean
    /// of base and behaviour.
    ///
    /// @param base final hidden states of the base `[place hidden]`
    /// @param target those of the behaviour
    /// @param unembedding that turns them into logits
    static double of(Tensor base, Tensor target, Unembedding unembedding) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor delta = target.sub(base).to(torch.ScalarType.Float);
            return effective(delta, metric(base, target, unembedding));
        }
    }

    /// Covariance of the unembedding's rows under the mean distribution of base and behaviour: the inner product of two
    /// changes of logits, each less its mean, in terms of hidden states `[hidden hidden]`.
    private static Tensor metric(Tensor base, Tensor target, Unembedding unembedding) {
        Tensor center = unembedding.weightedSum(mean(base, target, unembedding, 1));
        return unembedding.moment(mean(base, target, unembedding, 2)).sub(torch.outer(center, center));
    }

    /// Mean distribution of base and behaviour, felt so many times by a change in front of the cap.
    private static Tensor mean(Tensor base, Tensor target, Unembedding unembedding, int times) {
        Tensor mean = torch.zeros(unembedding.tokens());
        for (Tensor states : List.of(base, target)) {
            for (long start = 0; start < states.size(0); start += PLACES_PER_CHUNK) {
                try (TensorScope _ = new TensorScope()) {
                    long count = Math.min(PLACES_PER_CHUNK, states.size(0) - start);
                    Tensor logits =
                            unembedding.logits(states.narrow(0, start, count).to(torch.ScalarType.Float));
                    Tensor share = torch.softmax(logits, -1);
                    for (int i = 0; i < times; i++) {
                        share = unembedding.felt(share, logits);
                    }
                    mean.add_(share.sum(0));
                }
            }
        }
        return mean.div(new Scalar(2.0 * base.size(0)));
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
}
