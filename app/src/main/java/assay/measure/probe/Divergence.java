package assay.measure.probe;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.measure.behaviour.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Exact divergences between behaviours, from their final hidden states: full vocabulary, float32, summed in
/// double.
public final class Divergence {
    private static final int PLACES_PER_CHUNK = 256;

    /// Tokens at a time, so that the logits of a chunk of places stay in a core's cache until they are summed.
    private static final int TOKENS_PER_SLICE = 1024;

    private Divergence() {}

    /// KL(target ‖ model) at every place, nats.
    ///
    /// @param target hidden states of the target `[place hidden]`
    /// @param model hidden states of what stands in for it `[place hidden]`
    /// @param unembedding W `[vocab hidden]`
    public static double[] kl(Tensor target, Tensor model, Tensor unembedding) {
        return kl(target, List.of(model), unembedding).getFirst();
    }

    /// KL(target ‖ model) at every place for several models, nats.
    ///
    /// With p the target's distribution and z = log Σ exp(W·h): `KL = (Wᵀp)·(h_t − h_m) + z_m − z_t`, so
    /// each model costs
    /// one unembedding and one sum, and the difference of two states that are alike keeps its digits.
    public static List<double[]> kl(Tensor target, List<Tensor> models, Tensor unembedding) {
        int places = Math.toIntExact(target.size(0));
        List<double[]> divergences = new ArrayList<>();
        models.forEach(_ -> divergences.add(new double[places]));
        List<Runnable> chunks = new ArrayList<>();
        for (int at = 0; at < places; at += PLACES_PER_CHUNK) {
            int start = at;
            chunks.add(() -> kl(target, models, unembedding, start, divergences));
        }
        SideBySide.run(chunks);
        return divergences;
    }

    private static void kl(
            Tensor target, List<Tensor> models, Tensor unembedding, int start, List<double[]> divergences) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int count = Math.toIntExact(Math.min(PLACES_PER_CHUNK, target.size(0) - start));
            Tensor states = target.narrow(0, start, count).to(torch.ScalarType.Float);
            Tensor weights = torch.linear(states, unembedding);
            Tensor largest = weights.amax(new long[] {1}, true);
            weights.sub_(largest).exp_();
            Tensor sum = weights.sum(1);
            Tensor pull = weights.matmul(unembedding).div_(sum.unsqueeze(1));
            Tensor own = sum.log();
            for (int i = 0; i < models.size(); i++) {
                Tensor model = models.get(i).narrow(0, start, count);
                float[] values = Torch.toFloats(at(states, pull, own, model, largest, unembedding));
                for (int place = 0; place < count; place++) {
                    divergences.get(i)[start + place] = values[place];
                }
            }
        }
    }

    /// How often each token is expected at all places together: the distributions, summed. `[vocab]`
    ///
    /// @param hidden `[place hidden]`
    /// @param unembedding W `[vocab hidden]`
    public static double[] expected(Tensor hidden, Tensor unembedding) {
        double[] sums = new double[Math.toIntExact(unembedding.size(0))];
        for (long start = 0; start < hidden.size(0); start += PLACES_PER_CHUNK) {
            try (TensorScope _ = new TensorScope()) {
                long count = Math.min(PLACES_PER_CHUNK, hidden.size(0) - start);
                Tensor states = hidden.narrow(0, start, count).to(torch.ScalarType.Float);
                float[] part = Torch.toFloats(
                        torch.softmax(torch.linear(states, unembedding), -1).sum(0));
                Arrays.setAll(sums, token -> sums[token] + part[token]);
            }
        }
        return sums;
    }

    /// Where each of some tokens is likeliest. `[token]`, numbers of places
    ///
    /// @param hidden `[place hidden]`
    /// @param unembedding W `[vocab hidden]`
    public static int[] likeliest(Tensor hidden, Tensor unembedding, int[] tokens) {
        int[] where = new int[tokens.length];
        float[] highest = new float[tokens.length];
        Arrays.fill(highest, Float.NEGATIVE_INFINITY);
        long[] ids = Arrays.stream(tokens).asLongStream().toArray();
        for (long start = 0; start < hidden.size(0); start += PLACES_PER_CHUNK) {
            try (TensorScope _ = new TensorScope()) {
                long count = Math.min(PLACES_PER_CHUNK, hidden.size(0) - start);
                T_TensorTensor_T most = logProbabilities(hidden.narrow(0, start, count), unembedding)
                        .index_select(1, Torch.longs(ids, ids.length))
                        .max(0, false);
                float[] values = Torch.toFloats(most.get0());
                long[] places = Torch.toLongs(most.get1());
                for (int i = 0; i < tokens.length; i++) {
                    if (values[i] > highest[i]) {
                        highest[i] = values[i];
                        where[i] = Math.toIntExact(start + places[i]);
                    }
                }
            }
        }
        return where;
    }

    private static Tensor at(Tensor states, Tensor pull, Tensor own, Tensor model, Tensor largest, Tensor unembedding) {
        try (TensorScope scope = new TensorScope()) {
            Tensor other = model.to(torch.ScalarType.Float);
            Tensor gap = states.sub(other).mul(pull).sum(1);
            return scope.keep(gap.add(partition(other, largest, unembedding)).sub(own));
        }
    }

    /// log Σ exp(W·h), less `largest`, which must be near the largest logit.
    private static Tensor partition(Tensor hidden, Tensor largest, Tensor unembedding) {
        try (TensorScope scope = new TensorScope()) {
            Tensor all = torch.zeros(hidden.size(0));
            for (long from = 0; from < unembedding.size(0); from += TOKENS_PER_SLICE) {
                long tokens = Math.min(TOKENS_PER_SLICE, unembedding.size(0) - from);
                try (TensorScope _ = new TensorScope()) {
                    all.add_(torch.linear(hidden, unembedding.narrow(0, from, tokens))
                            .sub_(largest)
                            .exp_()
                            .sum(1));
                }
            }
            Tensor sum = all.log();
            if (torch.isfinite(sum).all().item_bool()) {
                return scope.keep(sum);
            }
            // A mixture far from the target: its largest logit overflows above the target's.
            return scope.keep(torch.logsumexp(torch.linear(hidden, unembedding).sub_(largest), new long[] {1}, false));
        }
    }

    /// Log-probabilities `[place vocab]` float32 of hidden states `[place hidden]`.
    static Tensor logProbabilities(Tensor hidden, Tensor unembedding) {
        return torch.log_softmax(torch.linear(hidden.to(torch.ScalarType.Float), unembedding), -1);
    }

    /// Sums a value per place over each context's places.
    ///
    /// @return one sum per context, in order
    public static double[] perTurn(double[] perPlace, List<Context> contexts) {
        double[] sums = new double[contexts.size()];
        int at = 0;
        for (int i = 0; i < sums.length; i++) {
            for (int place = 0; place < contexts.get(i).places(); place++) {
                sums[i] += perPlace[at++];
            }
        }
        return sums;
    }
}
