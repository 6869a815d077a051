package assay.lab.predicates;

import assay.base.sparse.LinearPool;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// A target and components as probabilities, for pools that mix these rather than logits.
///
/// @param target its final hidden states `[place hidden]`
/// @param components those of each component
/// @param unembedding that turns them into logits
record Probabilities(Tensor target, List<Tensor> components, Unembedding unembedding) {
    private static final int PLACES_PER_CHUNK = 64;
    /// Likeliest tokens of the target that a fit tells apart; all others are one.
    private static final int LIKELIEST = 384;

    /// Fits a linear pool.
    LinearPool fit() {
        int places = Math.toIntExact(target.size(0));
        int likeliest = (int) Math.min(LIKELIEST, unembedding.tokens() - 1);
        int width = likeliest + 1;
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i <= components.size(); i++) {
            rows.add(new float[places * width]);
        }
        for (int start = 0; start < places; start += PLACES_PER_CHUNK) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                int count = Math.min(PLACES_PER_CHUNK, places - start);
                T_TensorTensor_T top = shares(target, start, count).topk(likeliest);
                put(top.get0(), rows.getFirst(), start * width);
                for (int i = 0; i < components.size(); i++) {
                    try (TensorScope _ = new TensorScope()) {
                        Tensor chosen = shares(components.get(i), start, count).gather(1, top.get1());
                        put(chosen, rows.get(i + 1), start * width);
                    }
                }
            }
        }
        return LinearPool.fit(width, rows.getFirst(), rows.subList(1, rows.size()));
    }

    /// Copies shares of tokens and, behind them, that of all others.
    private static void put(Tensor chosen, float[] into, int at) {
        Tensor rest = torch.ones(chosen.size(0), 1)
                .sub(chosen.sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional()))
                .clamp_min(new Scalar(0.0));
        float[] values = Torch.toFloats(torch.cat(new TensorVector(chosen, rest), 1));
        System.arraycopy(values, 0, into, at, values.length);
    }

    /// KL(target ‖ Σ weightᵢ·componentᵢ) at every place, over the whole vocabulary, nats.
    double[] divergences(double[] weights) {
        int places = Math.toIntExact(target.size(0));
        double[] divergences = new double[places];
        for (int start = 0; start < places; start += PLACES_PER_CHUNK) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                int count = Math.min(PLACES_PER_CHUNK, places - start);
                Tensor mixed = torch.zeros(count, unembedding.tokens());
                for (int i = 0; i < weights.length; i++) {
                    if (weights[i] > 0) {
                        try (TensorScope _ = new TensorScope()) {
                            mixed.add_(shares(components.get(i), start, count), new Scalar(weights[i]));
                        }
                    }
                }
                Tensor logits =
                        unembedding.logits(target.narrow(0, start, count).to(torch.ScalarType.Float));
                Tensor own = torch.log_softmax(logits, -1);
                Tensor gap = own.sub(mixed.clamp_min(new Scalar(1e-38)).log()).mul(own.exp());
                float[] values = Torch.toFloats(gap.sum(1));
                for (int i = 0; i < count; i++) {
                    divergences[start + i] = values[i];
                }
            }
        }
        return divergences;
    }

    private Tensor shares(Tensor states, int start, int count) {
        return torch.softmax(unembedding.logits(states.narrow(0, start, count).to(torch.ScalarType.Float)), -1);
    }
}
