package assay.tasks.explain;

import assay.base.tensor.TensorScope;
import assay.discover.search.Keyness;
import assay.discover.search.Spelling;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Explanation;
import assay.measure.probe.Continuation;
import assay.measure.probe.Divergence;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/// Finds the words by which a target is known, and those that a mixture lacks.
///
/// @param usual expected number of each token under prompts on the whole, on the foreign search contexts `[vocab]`
record WordFinder(ChatModel chat, double[] usual) {
    private static final int SHOWN = 12;

    /// @param behaviour the target
    Explanation.TellingWords of(Behaviour behaviour, Decomposition.Step step, Decomposer decomposer) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates search = decomposer.search();
            double[] target = expected(search.target(), decomposer);
            double[] base = expected(search.base(), decomposer);
            double[] mixture =
                    expected(search.mixed(decomposer.searchDeltas(step.atoms()), step.weights()), decomposer);
            Keyness keyness = Keyness.of(chat.tokenizer());
            Spelling spelling = new Spelling(chat.tokenizer());
            Continuation continuation = new Continuation(new Runner(chat), behaviour, search.foreign());
            Tensor states = search.target().narrow(0, 0, search.foreignPlaces());
            UnaryOperator<List<Keyness.Telling>> whole = words -> spelling.whole(
                    words, tokens -> continuation.behind(tokens, states, Spelling.LONGEST, spelling::ends));
            return new Explanation.TellingWords(
                    told(whole.apply(telling(keyness, target, base))),
                    told(whole.apply(telling(keyness, target, mixture))));
        }
    }

    private static double[] expected(Tensor hidden, Decomposer decomposer) {
        int places = decomposer.search().foreignPlaces();
        return Divergence.expected(hidden.narrow(0, 0, places), decomposer.unembedding());
    }

    private List<Keyness.Telling> telling(Keyness keyness, double[] target, double[] other) {
        return keyness.telling(target, List.of(other, usual), SHOWN);
    }

    private static List<String> told(List<Keyness.Telling> words) {
        return words.stream().map(Keyness.Telling::text).toList();
    }
}
