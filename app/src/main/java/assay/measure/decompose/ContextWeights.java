package assay.measure.decompose;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Weights that an oracle fits anew to every foreign test context: what these prompts could close if a
/// mixture were free to weigh them by what it is asked.
///
/// It looks at what it is measured on, so it is an upper bound and never an explanation. Prompts drawn by
/// chance have an oracle too: only what an oracle gains beyond theirs says that weights want to move.
public final class ContextWeights {
    private final Decomposer decomposer;
    private final RestrictedVocabulary vocabulary;
    private final List<Context> contexts;

    /// An oracle for one target; its tensors belong to the caller's scope.
    ///
    /// @param decomposer still open
    public ContextWeights(Decomposer decomposer) {
        this.decomposer = decomposer;
        this.vocabulary = decomposer.testVocabulary();
        this.contexts = decomposer.test().foreign();
    }

    /// Exact KL(target ‖ prompts with this context's own weights), summed over each foreign test context.
    public double[] divergences(List<HardPrompt> prompts) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates test = decomposer.test();
            int places = test.foreignPlaces();
            Tensor base = test.base().narrow(0, 0, places);
            List<Tensor> deltas = decomposer.foreignTestDeltas(prompts);
            KlProblem problem = vocabulary.problem(base, test.target().narrow(0, 0, places), deltas);
            float[][] weights = weights(problem, prompts.size());
            Tensor mixed = base.clone();
            for (int i = 0; i < deltas.size(); i++) {
                mixed.add_(deltas.get(i).mul(Torch.floats(weights[i], places, 1)));
            }
            return test.divergences(List.of(mixed), decomposer.unembedding())
                    .getFirst()
                    .foreign();
        }
    }

    /// `[atom][place]`, the same at all places of a context.
    private float[][] weights(KlProblem problem, int atoms) {
        float[][] weights = new float[atoms][problem.places()];
        int[] support = IntStream.range(0, atoms).toArray();
        int from = 0;
        for (Context context : contexts) {
            int to = from + context.places();
            double[] fitted = KlFit.of(problem.places(from, to), support, new double[atoms], decomposer.ridge())
                    .weights();
            for (int atom = 0; atom < atoms; atom++) {
                for (int place = from; place < to; place++) {
                    weights[atom][place] = (float) fitted[atom];
                }
            }
            from = to;
        }
        return weights;
    }
}
