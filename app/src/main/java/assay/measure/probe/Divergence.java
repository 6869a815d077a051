package assay.measure.probe;

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
        for (int start = 0; start < places; start += PLACES_PER_CHUNK) {
            int count = Math.min(PLACES_PER_CHUNK, places - start);
            try (TensorScope _ = new TensorScope()) {
                Tensor states = target.narrow(0, start, count).to(torch.ScalarType.Float);
                Tensor logits = torch.linear(states, unembedding);
                Tensor largest = logits.amax(new long[] {1}, true);
                Tensor own = partition(states, largest, unembedding);
                Tensor pull = torch.softmax(logits, -1).matmul(unembedding);
                for (int i = 0; i < models.size(); i++) {
                    Tensor model = models.get(i).narrow(0, start, count);
                    float[] values = Torch.toFloats(at(states, pull, own, model, largest, unembedding));
                    for (int place = 0; place < count; place++) {
                        divergences.get(i)[start + place] = values[place];
                    }
                }
            }
        }
        return divergences;
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
            Tensor sum = torch.linear(hidden, unembedding)
                    .sub_(largest)
                    .exp_()
                    .sum(1)
                    .log();
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
