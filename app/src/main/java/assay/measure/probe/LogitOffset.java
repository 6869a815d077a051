package assay.measure.probe;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The best offset of the logits that is the same in every context: what of a target is nothing but
/// other words being likelier everywhere. It has a number for every token, and knows nothing of what
/// was asked.
///
/// Fitted by iterative scaling (Darroch & Ratcliff 1972): as every place has one next token, adding the
/// logarithm of how often a token is wanted over how often it is given lowers the KL every time.
///
/// @param offsets `[vocab]`, added to the base's logits
public record LogitOffset(float[] offsets) {
    private static final int ROUNDS = 4;
    private static final int PLACES_PER_CHUNK = 64;

    /// Share of the base's own expectation that is added to both counts, so that tokens hardly seen
    /// stay where they are.
    private static final double PRIOR = 0.02;

    /// Fits it.
    ///
    /// @param target hidden states of the target `[place hidden]`
    /// @param base hidden states of the base `[place hidden]`
    public static LogitOffset fit(Tensor target, Tensor base, Unembedding unembedding) {
        double[] wanted = Divergence.expected(target, unembedding);
        double[] usual = Divergence.expected(base, unembedding);
        float[] offsets = new float[wanted.length];
        double[] given = usual;
        for (int round = 0; round < ROUNDS; round++) {
            for (int token = 0; token < offsets.length; token++) {
                double prior = PRIOR * usual[token] + 1e-12;
                offsets[token] += (float) Math.log((wanted[token] + prior) / (given[token] + prior));
            }
            given = round == ROUNDS - 1 ? given : expected(base, unembedding, offsets);
        }
        return new LogitOffset(offsets);
    }

    private static double[] expected(Tensor base, Unembedding unembedding, float[] offsets) {
        double[] sums = new double[offsets.length];
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor offset = Torch.floats(offsets, offsets.length);
            for (long start = 0; start < base.size(0); start += PLACES_PER_CHUNK) {
                try (TensorScope _ = new TensorScope()) {
                    float[] part = Torch.toFloats(
                            moved(base, start, unembedding, offset).exp().sum(0));
                    Arrays.setAll(sums, token -> sums[token] + part[token]);
                }
            }
        }
        return sums;
    }

    /// Log-probabilities of the base with the offset, from a place on.
    private static Tensor moved(Tensor base, long start, Unembedding unembedding, Tensor offset) {
        long count = Math.min(PLACES_PER_CHUNK, base.size(0) - start);
        Tensor states = base.narrow(0, start, count).to(torch.ScalarType.Float);
        return torch.log_softmax(unembedding.logits(states).add_(offset), -1);
    }

    /// KL(target ‖ base with the offset) at every place, nats.
    public double[] kl(Tensor target, Tensor base, Unembedding unembedding) {
        double[] divergences = new double[Math.toIntExact(target.size(0))];
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor offset = Torch.floats(offsets, offsets.length);
            for (int start = 0; start < divergences.length; start += PLACES_PER_CHUNK) {
                try (TensorScope _ = new TensorScope()) {
                    Tensor q = moved(base, start, unembedding, offset);
                    Tensor p = Divergence.logProbabilities(target.narrow(0, start, q.size(0)), unembedding);
                    float[] part = Torch.toFloats(p.exp().mul(p.sub(q)).sum(1));
                    for (int i = 0; i < part.length; i++) {
                        divergences[start + i] = part[i];
                    }
                }
            }
        }
        return divergences;
    }
}
