package assay.study;

import assay.decompose.Decomposer;
import assay.decompose.Decomposition;
import assay.decompose.SplitStates;
import assay.judge.Explanation;
import assay.probe.Divergence;
import assay.search.Keyness;
import assay.tensor.TensorScope;
import assay.text.Tokenizer;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Finds the words by which a target is known, and those that a mixture lacks.
///
/// @param usual expected number of each token under prompts on the whole, on the foreign search contexts `[vocab]`
record Wording(Tokenizer tokenizer, double[] usual) {
    private static final int SHOWN = 12;

    Explanation.TellingWords of(Decomposition.Step step, Decomposer decomposer) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates search = decomposer.search();
            double[] target = expected(search.target(), decomposer);
            double[] base = expected(search.base(), decomposer);
            double[] mixture =
                    expected(search.mixed(decomposer.searchDeltas(step.atoms()), step.weights()), decomposer);
            Keyness keyness = Keyness.of(tokenizer);
            return new Explanation.TellingWords(telling(keyness, target, base), telling(keyness, target, mixture));
        }
    }

    private static double[] expected(Tensor hidden, Decomposer decomposer) {
        int places = decomposer.search().foreignPlaces();
        return Divergence.expected(hidden.narrow(0, 0, places), decomposer.unembedding());
    }

    private List<String> telling(Keyness keyness, double[] target, double[] other) {
        return keyness.telling(target, List.of(other, usual), SHOWN).stream()
                .map(Keyness.Telling::text)
                .toList();
    }
}
