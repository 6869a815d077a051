package assay.measure.decompose;

import assay.base.sparse.KlProblem;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The tokens a fit looks at in every place: the likeliest ones under base and target, and a sample of the
/// rest that stands for all of it.
///
/// A sampled token v carries the measure `R / (n·q_v)` (R the rest's probability, q the mean of base and
/// target, n the sample's size), so partition functions are estimated without bias, and where the target is
/// a mixture the optimum is exact whatever was sampled. Fits made here are measured over the whole
/// vocabulary.
final class RestrictedVocabulary {
    /// Likeliest tokens kept in every place.
    static final int LIKELIEST = 384;
    /// Tokens sampled from the rest in every place.
    static final int SAMPLED = 128;

    private static final int PLACES_PER_CHUNK = 32;
    /// Places whose whole distributions are held at once where tokens are chosen: 75 MB for 49,152 tokens.
    private static final int PLACES_CHOSEN = 64;
    private final Unembedding unembedding;
    private final Tensor tokens;
    private final Tensor logMeasure;
    private final int perPlace;

    private RestrictedVocabulary(Unembedding unembedding, Tensor tokens, Tensor logMeasure) {
        this.unembedding = unembedding;
        this.tokens = tokens;
        this.logMeasure = logMeasure;
        this.perPlace = Math.toIntExact(tokens.size(1));
    }

    /// Chooses the tokens; tensors belong to the caller's scope.
    static RestrictedVocabulary choose(Tensor base, Tensor target, Unembedding unembedding, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Chunk> chunks = new ArrayList<>();
        for (long start = 0; start < base.size(0); start += PLACES_CHOSEN) {
            long count = Math.min(PLACES_CHOSEN, base.size(0) - start);
            chunks.add(new Chunk(
                    base.narrow(0, start, count),
                    target.narrow(0, start, count),
                    isWhole(unembedding) ? new float[0] : strata(random, count)));
        }
        List<Chosen> chosen = SideBySide.map(chunks, chunk -> chosen(chunk, unembedding));
        try (TensorScope scope = TensorScope.withoutGradients()) {
            TensorVector tokens = new TensorVector();
            TensorVector measures = new TensorVector();
            chosen.forEach(part -> {
                tokens.push_back(part.tokens());
                measures.push_back(part.measure());
            });
            Tensor all = scope.keep(torch.cat(tokens, 0));
            return new RestrictedVocabulary(unembedding, all, scope.keep(torch.cat(measures, 0)));
        } finally {
            chosen.forEach(Chosen::free);
        }
    }

    /// Some places, and where in its strata each of them is sampled.
    private record Chunk(Tensor base, Tensor target, float[] strata) {}

    /// Tokens of some places and their logarithmic measures, both `[place token]`.
    private record Chosen(Tensor tokens, Tensor measure) {
        Chosen {
            tokens.retainReference();
            measure.retainReference();
        }

        void free() {
            tokens.releaseReference();
            measure.releaseReference();
        }
    }

    /// Whether there are so few tokens that all are looked at.
    private static boolean isWhole(Unembedding unembedding) {
        return unembedding.tokens() <= LIKELIEST + SAMPLED;
    }

    private static Chosen chosen(Chunk chunk, Unembedding unembedding) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor share = torch.softmax(unembedding.logits(chunk.base()), -1)
                    .add_(torch.softmax(unembedding.logits(chunk.target()), -1))
                    .div_(new Scalar(2));
            long vocabulary = share.size(1);
            if (isWhole(unembedding)) {
                Tensor every = torch.arange(new Scalar((double) vocabulary)).to(torch.ScalarType.Long);
                return new Chosen(every.expand(share.size(0), vocabulary), torch.zeros_like(share));
            }
            T_TensorTensor_T top = share.topk(LIKELIEST);
            Tensor rest = share.scatter(1, top.get1(), new Scalar(0)).to(torch.ScalarType.Double);
            Tensor sums = rest.cumsum(1);
            Tensor mass = sums.narrow(1, vocabulary - 1, 1);
            Tensor at = Torch.floats(chunk.strata(), share.size(0), SAMPLED)
                    .to(torch.ScalarType.Double)
                    .mul(mass);
            Tensor sampled = torch.searchsorted(sums, at).clamp_max(new Scalar(vocabulary - 1));
            Tensor density = rest.gather(1, sampled);
            Tensor measure = mass.div(density.mul(new Scalar(SAMPLED))).log().to(torch.ScalarType.Float);
            return new Chosen(
                    torch.cat(new TensorVector(top.get1(), sampled), 1),
                    torch.cat(new TensorVector(torch.zeros_like(top.get0()), measure), 1));
        }
    }

    /// One uniform number in each of [#SAMPLED] equal strata per row.
    private static float[] strata(SplittableRandom random, long rows) {
        float[] values = new float[Math.toIntExact(rows * SAMPLED)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i % SAMPLED + 0.01 + 0.98 * random.nextDouble()) / SAMPLED);
        }
        return values;
    }

    /// Takes its tensors out of all scopes, until [#release].
    RestrictedVocabulary retained() {
        tokens.retainReference();
        logMeasure.retainReference();
        return this;
    }

    /// Frees the tensors of a retained one.
    void release() {
        tokens.releaseReference();
        logMeasure.releaseReference();
    }

    int places() {
        return Math.toIntExact(tokens.size(0));
    }

    /// The problem of explaining `target` by `base` and atoms with these hidden-state deltas, each
    /// `[place hidden]`.
    KlProblem problem(Tensor base, Tensor target, List<Tensor> deltas) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<float[]> rows = products(List.of(base, target));
            float[] measure = Torch.toFloats(logMeasure);
            float[] baseLogits = rows.get(0);
            float[] shares = Torch.toFloats(unembedding.capped(Torch.floats(rows.get(1), places(), perPlace)));
            boolean isCapped = unembedding.isCapped();
            for (int i = 0; i < measure.length; i++) {
                baseLogits[i] += isCapped ? 0 : measure[i];
                shares[i] += measure[i];
            }
            Tensor softmax = torch.softmax(Torch.floats(shares, places(), perPlace), -1);
            Optional<KlProblem.Cap> cap =
                    isCapped ? Optional.of(new KlProblem.Cap(unembedding.cap(), measure)) : Optional.empty();
            return new KlProblem(places(), perPlace, baseLogits, Torch.toFloats(softmax), products(deltas), cap);
        }
    }

    /// `W_tokens · h` for every state `[place hidden]`, in front of the cap where there is one.
    ///
    /// @return one array `[place token]` per state
    private List<float[]> products(List<Tensor> states) {
        List<float[]> products = new ArrayList<>();
        states.forEach(_ -> products.add(new float[places() * perPlace]));
        if (states.isEmpty()) {
            return products;
        }
        List<Runnable> chunks = new ArrayList<>();
        for (int at = 0; at < places(); at += PLACES_PER_CHUNK) {
            int start = at;
            chunks.add(() -> products(states, start, products));
        }
        SideBySide.run(chunks);
        return products;
    }

    private void products(List<Tensor> states, int start, List<float[]> products) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int count = Math.min(PLACES_PER_CHUNK, places() - start);
            Tensor ids = tokens.narrow(0, start, count).reshape(-1);
            Tensor rows = unembedding.rows(ids).view(count, perPlace, unembedding.width());
            TensorVector columns = new TensorVector();
            for (Tensor state : states) {
                columns.push_back(state.narrow(0, start, count));
            }
            Tensor product = rows.matmul(torch.stack(columns, 2)).permute(2, 0, 1);
            float[] values = Torch.toFloats(product);
            int size = count * perPlace;
            for (int i = 0; i < states.size(); i++) {
                System.arraycopy(values, i * size, products.get(i), start * perPlace, size);
            }
        }
    }
}
