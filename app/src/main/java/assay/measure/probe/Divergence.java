package assay.measure.probe;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.measure.behaviour.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Exact divergences between behaviours, from their final hidden states: full vocabulary, float32,
/// summed in double.
public final class Divergence {
    private static final int PLACES_PER_CHUNK = 256;

    /// Tokens at a time, so that the logits of a chunk of places stay in a core's cache until they are summed.
    private static final int TOKENS_PER_SLICE = 1024;

    /// The same where the logits of several states and mixtures are held at once.
    private static final int PLACES_PER_MIX = 64;

    private static final int TOKENS_PER_MIX = 512;

    private Divergence() {}

    /// KL(target ‖ model) at every place, nats.
    ///
    /// @param target hidden states of the target `[place hidden]`
    /// @param model hidden states of what stands in for it `[place hidden]`
    /// @param unembedding that turns them into logits
    public static double[] kl(Tensor target, Tensor model, Unembedding unembedding) {
        return kl(target, List.of(model), unembedding).getFirst();
    }

    /// KL(target ‖ model) at every place for several models, nats.
    ///
    /// With p the target's distribution and z = log Σ exp(W·h): `KL = (Wᵀp)·(h_t − h_m) + z_m − z_t`,
    /// so each model costs one unembedding and one sum, and the difference of two states that are alike
    /// keeps its digits. Under a cap there is no such product ([CappedDivergence]).
    public static List<double[]> kl(Tensor target, List<Tensor> models, Unembedding unembedding) {
        if (unembedding.isCapped()) {
            return CappedDivergence.of(target, models, unembedding);
        }
        return inChunks(models.size(), target.size(0), PLACES_PER_CHUNK, (start, count) -> {
            Reference reference = Reference.of(target.narrow(0, start, count), unembedding);
            TensorVector each = new TensorVector();
            models.forEach(model -> each.push_back(reference.to(model.narrow(0, start, count), unembedding)));
            return torch.stack(each);
        });
    }

    /// Figures of some places.
    interface Chunk {
        /// Works them out, in a scope of its own.
        ///
        /// @return `[row place]`
        Tensor of(long start, long count);
    }

    /// Figures of all places, worked out in pieces side by side.
    ///
    /// @param rows figures of a place
    /// @return `[row][place]`
    static List<double[]> inChunks(int rows, long places, int perChunk, Chunk chunk) {
        List<double[]> figures = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            figures.add(new double[Math.toIntExact(places)]);
        }
        List<Runnable> chunks = new ArrayList<>();
        for (int at = 0; at < places && rows > 0; at += perChunk) {
            int start = at;
            chunks.add(() -> {
                try (TensorScope _ = TensorScope.withoutGradients()) {
                    int count = Math.toIntExact(Math.min(perChunk, places - start));
                    float[] values = Torch.toFloats(chunk.of(start, count));
                    for (int i = 0; i < values.length; i++) {
                        figures.get(i / count)[start + i % count] = values[i];
                    }
                }
            });
        }
        SideBySide.run(chunks);
        return figures;
    }

    /// What is needed of a target at some places.
    ///
    /// @param states `[place hidden]`
    /// @param pull the mean of W under the target's distribution `[place hidden]`
    /// @param partition log Σ exp(W·h), less `largest` `[place]`
    /// @param largest logit `[place 1]`
    private record Reference(Tensor states, Tensor pull, Tensor partition, Tensor largest) {
        static Reference of(Tensor target, Unembedding unembedding) {
            try (TensorScope scope = new TensorScope()) {
                Tensor states = target.to(torch.ScalarType.Float);
                Tensor weights = unembedding.logits(states);
                Tensor largest = weights.amax(new long[] {1}, true);
                weights.sub_(largest).exp_();
                Tensor sum = weights.sum(1);
                Tensor pull = unembedding.pull(weights).div_(sum.unsqueeze(1));
                return new Reference(scope.keep(states), scope.keep(pull), scope.keep(sum.log()), scope.keep(largest));
            }
        }

        Tensor to(Tensor model, Unembedding unembedding) {
            try (TensorScope scope = new TensorScope()) {
                Tensor other = model.to(torch.ScalarType.Float);
                Tensor gap = states.sub(other).mul(pull).sum(1);
                return scope.keep(
                        gap.add(partitionOf(other, largest, unembedding)).sub(partition));
            }
        }
    }

    /// KL(target ‖ mixture) at every place for several mixtures of the same few states, nats.
    ///
    /// The logits of a mixture are the mixture of the logits, so only the parts are multiplied by the unembedding:
    /// where there are more mixtures than parts, that is the smaller work.
    ///
    /// @param parts hidden states, each `[place hidden]`
    /// @param weights one row per mixture, one number per part
    /// @return one array per mixture
    public static List<double[]> ofMixtures(
            Tensor target, List<Tensor> parts, List<double[]> weights, Unembedding unembedding) {
        if (unembedding.isCapped()) {
            return CappedDivergence.ofMixtures(target, parts, weights, unembedding);
        }
        return inChunks(weights.size(), target.size(0), PLACES_PER_MIX, (start, count) -> {
            Tensor mixing = Torch.floats(rows(weights));
            Reference reference = Reference.of(target.narrow(0, start, count), unembedding);
            Tensor states = torch.stack(narrowed(parts, start, count));
            Tensor mixed = mixing.matmul(states.view(parts.size(), -1)).view(weights.size(), count, states.size(2));
            Tensor gaps = reference.states().sub(mixed).mul(reference.pull()).sum(2);
            return gaps.add(partitions(states, mixing, mixed, reference.largest(), unembedding))
                    .sub(reference.partition());
        });
    }

    /// Some places of each of some states, in float32.
    static TensorVector narrowed(List<Tensor> parts, long start, long count) {
        TensorVector some = new TensorVector();
        parts.forEach(part -> some.push_back(part.narrow(0, start, count).to(torch.ScalarType.Float)));
        return some;
    }

    static float[][] rows(List<double[]> weights) {
        float[][] rows = new float[weights.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[weights.get(i).length];
            for (int part = 0; part < rows[i].length; part++) {
                rows[i][part] = (float) weights.get(i)[part];
            }
        }
        return rows;
    }

    /// log Σ exp of every mixture's logits, less `largest`. `[mixture place]`
    private static Tensor partitions(
            Tensor states, Tensor mixing, Tensor mixed, Tensor largest, Unembedding unembedding) {
        try (TensorScope scope = new TensorScope()) {
            long parts = states.size(0);
            long count = states.size(1);
            Tensor rows = states.view(parts * count, states.size(2));
            Tensor all = torch.zeros(mixing.size(0), count);
            for (long from = 0; from < unembedding.tokens(); from += TOKENS_PER_MIX) {
                long tokens = Math.min(TOKENS_PER_MIX, unembedding.tokens() - from);
                try (TensorScope _ = new TensorScope()) {
                    Tensor logits = unembedding.part(from, tokens).logits(rows);
                    all.add_(mixing.matmul(logits.view(parts, count * tokens))
                            .view(mixing.size(0), count, tokens)
                            .sub_(largest)
                            .exp_()
                            .sum(2));
                }
            }
            Tensor logs = all.log();
            for (long i = 0; i < mixing.size(0); i++) {
                if (!Torch.isFinite(logs.select(0, i))) {
                    logs.select(0, i).copy_(partitionOf(mixed.select(0, i), largest, unembedding));
                }
            }
            return scope.keep(logs);
        }
    }

    /// KL(target ‖ model) at every place for several models, split over groups of tokens, nats.
    ///
    /// With p and q the two probabilities of a token, it adds p·log(p/q) − p + q, which is never below
    /// 0; over all tokens that is the KL.
    ///
    /// @param target hidden states of the target `[place hidden]`
    /// @param models hidden states of what stands in for it, each `[place hidden]`
    /// @param groupOf the group of every token `[vocab]`
    /// @param groups how many there are
    /// @return `[model][place][group]`
    public static double[][][] byGroup(
            Tensor target, List<Tensor> models, Unembedding unembedding, int[] groupOf, int groups) {
        int places = Math.toIntExact(target.size(0));
        double[][][] parts = new double[models.size()][places][groups];
        List<Runnable> chunks = new ArrayList<>();
        for (int at = 0; at < places; at += PLACES_PER_MIX) {
            int start = at;
            chunks.add(() -> byGroup(target, models, unembedding, groupOf, start, parts));
        }
        SideBySide.run(chunks);
        return parts;
    }

    private static void byGroup(
            Tensor target, List<Tensor> models, Unembedding unembedding, int[] groupOf, int start, double[][][] parts) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            long count = Math.min(PLACES_PER_MIX, target.size(0) - start);
            Tensor p = logProbabilities(target.narrow(0, start, count), unembedding);
            Tensor share = p.exp();
            for (int model = 0; model < models.size(); model++) {
                try (TensorScope _ = new TensorScope()) {
                    Tensor q = logProbabilities(models.get(model).narrow(0, start, count), unembedding);
                    float[][] terms =
                            Torch.toRows(p.sub(q).mul_(share).sub_(share).add_(q.exp_()));
                    for (int place = 0; place < count; place++) {
                        add(terms[place], groupOf, parts[model][start + place]);
                    }
                }
            }
        }
    }

    private static void add(float[] terms, int[] groupOf, double[] sums) {
        for (int token = 0; token < groupOf.length; token++) {
            sums[groupOf[token]] += terms[token];
        }
    }

    /// How often each token is expected at all places together: the distributions, summed. `[vocab]`
    ///
    /// @param hidden `[place hidden]`
    /// @param unembedding that turns them into logits
    public static double[] expected(Tensor hidden, Unembedding unembedding) {
        double[] sums = new double[Math.toIntExact(unembedding.tokens())];
        for (long start = 0; start < hidden.size(0); start += PLACES_PER_CHUNK) {
            try (TensorScope _ = new TensorScope()) {
                long count = Math.min(PLACES_PER_CHUNK, hidden.size(0) - start);
                Tensor states = hidden.narrow(0, start, count).to(torch.ScalarType.Float);
                float[] part = Torch.toFloats(
                        torch.softmax(unembedding.logits(states), -1).sum(0));
                Arrays.setAll(sums, token -> sums[token] + part[token]);
            }
        }
        return sums;
    }

    /// Where each of some tokens is likeliest. `[token]`, numbers of places
    ///
    /// @param hidden `[place hidden]`
    /// @param unembedding that turns them into logits
    public static int[] likeliest(Tensor hidden, Unembedding unembedding, int[] tokens) {
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

    /// log Σ exp(W·h), less `largest`, which must be near the largest logit.
    private static Tensor partitionOf(Tensor hidden, Tensor largest, Unembedding unembedding) {
        try (TensorScope scope = new TensorScope()) {
            Tensor all = torch.zeros(hidden.size(0));
            for (long from = 0; from < unembedding.tokens(); from += TOKENS_PER_SLICE) {
                long tokens = Math.min(TOKENS_PER_SLICE, unembedding.tokens() - from);
                try (TensorScope _ = new TensorScope()) {
                    all.add_(unembedding
                            .part(from, tokens)
                            .logits(hidden)
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
            return scope.keep(torch.logsumexp(unembedding.logits(hidden).sub_(largest), new long[] {1}, false));
        }
    }

    /// Log-probabilities `[place vocab]` float32 of hidden states `[place hidden]`.
    static Tensor logProbabilities(Tensor hidden, Unembedding unembedding) {
        return torch.log_softmax(unembedding.logits(hidden.to(torch.ScalarType.Float)), -1);
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
