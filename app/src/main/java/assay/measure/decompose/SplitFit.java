package assay.measure.decompose;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Weights of given prompts, fitted on one split as a [Decomposer] fits them: what a list is worth after it was
/// changed by hand.
public final class SplitFit implements AutoCloseable {
    private final SplitStates split;
    private final RestrictedVocabulary vocabulary;
    private final double ridge;

    private SplitFit(SplitStates split, RestrictedVocabulary vocabulary, double ridge) {
        this.split = split;
        this.vocabulary = vocabulary.retained();
        this.ridge = ridge;
    }

    /// Chooses the tokens that a fit looks at.
    ///
    /// @param split whose tensors outlive this
    /// @param unembedding that turns its states into logits
    public static SplitFit of(SplitStates split, Unembedding unembedding, Decomposer.Options options) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return new SplitFit(
                    split,
                    RestrictedVocabulary.choose(split.base(), split.target(), unembedding, options.seed()),
                    options.ridge());
        }
    }

    /// The weights that come closest to the target.
    ///
    /// @param deltas hidden states of the prompts less the base's, over all places of the split
    /// @param start weights to start from
    public double[] weights(List<Tensor> deltas, double[] start) {
        KlProblem problem = vocabulary.problem(split.base(), split.target(), deltas);
        int[] all = IntStream.range(0, start.length).toArray();
        return KlFit.of(problem, all, start, ridge).weights();
    }

    @Override
    public void close() {
        vocabulary.release();
    }
}
