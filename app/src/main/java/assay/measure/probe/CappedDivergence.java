package assay.measure.probe;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Exact divergences where a cap stands behind the unembedding: `Σ p·(l_t − l_m) + z_m − z_t` over the whole
/// vocabulary, with the logits l of mixtures capped after the products `W·h` are mixed.
final class CappedDivergence {
    private static final int PLACES_PER_CHUNK = 64;
    private static final int TOKENS_PER_SLICE = 512;

    private CappedDivergence() {}

    /// KL(target ‖ model) at every place for several models, nats.
    static List<double[]> of(Tensor target, List<Tensor> models, Unembedding unembedding) {
        List<double[]> each = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            double[] row = new double[models.size()];
            row[i] = 1;
            each.add(row);
        }
        return ofMixtures(target, models, each, unembedding);
    }

    /// KL(target ‖ mixture) at every place for several mixtures of the same states, nats.
    ///
    /// @param parts hidden states, each `[place hidden]`
    /// @param weights one row per mixture, one number per part
    static List<double[]> ofMixtures(
            Tensor target, List<Tensor> parts, List<double[]> weights, Unembedding unembedding) {
        return Divergence.inChunks(weights.size(), target.size(0), PLACES_PER_CHUNK, (start, count) -> {
            Tensor mixing = Torch.floats(Divergence.rows(weights));
            Tensor states = torch.cat(Divergence.narrowed(parts, start, count), 0);
            Tensor own = unembedding.logits(target.narrow(0, start, count).to(torch.ScalarType.Float));
            return divergences(own, states, mixing, unembedding);
        });
    }

    /// @param own logits of the target `[place vocab]`
    /// @param states of the parts `[part·place hidden]`
    /// @return `[mixture place]`
    private static Tensor divergences(Tensor own, Tensor states, Tensor mixing, Unembedding unembedding) {
        try (TensorScope scope = new TensorScope()) {
            long count = own.size(0);
            Tensor largest = own.amax(new long[] {1}, true);
            Tensor share = torch.softmax(own, -1);
            Tensor gap = torch.zeros(mixing.size(0), count).to(torch.ScalarType.Double);
            Tensor mass = torch.zeros_like(gap);
            for (long from = 0; from < unembedding.tokens(); from += TOKENS_PER_SLICE) {
                long tokens = Math.min(TOKENS_PER_SLICE, unembedding.tokens() - from);
                try (TensorScope _ = new TensorScope()) {
                    Unembedding slice = unembedding.part(from, tokens);
                    Tensor products = slice.products(states).view(mixing.size(1), count * tokens);
                    Tensor logits = slice.capped(mixing.matmul(products)).view(mixing.size(0), count, tokens);
                    gap.add_(own.narrow(1, from, tokens)
                            .sub(logits)
                            .mul_(share.narrow(1, from, tokens))
                            .sum(2));
                    // In double: far from the target, single precision would leave its range.
                    mass.add_(logits.sub_(largest)
                            .to(torch.ScalarType.Double)
                            .exp_()
                            .sum(2));
                }
            }
            Tensor partition = torch.logsumexp(own.sub(largest), new long[] {1}, false);
            return scope.keep(gap.add_(mass.log_()).sub_(partition).to(torch.ScalarType.Float));
        }
    }
}
