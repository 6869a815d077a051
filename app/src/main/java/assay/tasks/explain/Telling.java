package assay.tasks.explain;

import assay.base.sparse.Bootstrap;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.search.Keyness;
import assay.discover.search.Spelling;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.form.FormChange;
import assay.measure.form.FormReader;
import assay.measure.form.FormReading;
import assay.measure.judge.Explanation;
import assay.measure.probe.Continuation;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/// What is told of a target and its list: prompts, and the words and the forms of writing by which it is known, read
/// off
/// the probabilities.
///
/// @param decomposer with the target's states, still open
public record Telling(ChatModel chat, Decomposer decomposer) {
    private static final int WORDS = 12;
    /// Random prompts that say what a change of form is by chance.
    private static final int RANDOM = 16;

    /// The words by which a target is known, and those that a mixture lacks.
    ///
    /// @param usual what prompts on the whole bring
    public Explanation.TellingWords words(Behaviour behaviour, Decomposition.Step step, double[] usual) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates search = decomposer.search();
            double[] target = expected(search.target());
            double[] base = expected(search.base());
            double[] mixture = expected(search.mixed(decomposer.searchDeltas(step.atoms()), step.weights()));
            Keyness keyness = Keyness.of(chat.tokenizer());
            Spelling spelling = new Spelling(chat.tokenizer());
            Continuation continuation = new Continuation(decomposer.runner(), behaviour, search.foreign());
            Tensor states = search.target().narrow(0, 0, search.foreignPlaces());
            UnaryOperator<List<Keyness.Telling>> whole = words -> spelling.whole(
                    words, tokens -> continuation.behind(tokens, states, Spelling.LONGEST, spelling::ends));
            return new Explanation.TellingWords(
                    told(whole.apply(keyness.telling(target, List.of(base, usual), WORDS))),
                    told(whole.apply(keyness.telling(target, List.of(mixture, usual), WORDS))));
        }
    }

    /// How the target writes on the foreign contexts of the test split, beside base, mixture and random prompts.
    ///
    /// @param pool random prompts that were run there
    public List<FormChange> form(Decomposition.Step step, List<HardPrompt> pool, long seed) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SplitStates test = decomposer.test();
            FormReader reader = FormReader.of(chat);
            UnaryOperator<Tensor> foreign = states -> states.narrow(0, 0, test.foreignPlaces());
            Function<Tensor, FormReading> read =
                    states -> reader.read(foreign.apply(states), decomposer.unembedding(), test.foreign());
            FormReading plain = read.apply(test.plain());
            List<double[]> random = new ArrayList<>();
            for (Tensor delta : decomposer.foreignTestDeltas(pool.subList(0, Math.min(RANDOM, pool.size())))) {
                try (TensorScope _ = new TensorScope()) {
                    random.add(
                            read.apply(foreign.apply(test.plain()).add(delta)).above(plain));
                }
            }
            Tensor mixed = test.mixed(decomposer.foreignTestDeltas(step.atoms()), step.weights());
            FormChange.Readings readings = new FormChange.Readings(
                    read.apply(test.target()), read.apply(test.base()), List.of(read.apply(mixed)));
            return FormChange.of(readings, random, Bootstrap.defaults(seed));
        }
    }

    /// Prompts of a list with what is known of each, the heaviest first.
    ///
    /// @param entries where they come from
    List<Explanation.Atom> weighted(Decomposition.Step step, List<Atlas.Entry> entries) {
        List<Explanation.Atom> weighted = new ArrayList<>();
        double[] alone = decomposer.alone(step.atoms());
        for (int i = 0; i < step.weights().length; i++) {
            HardPrompt prompt = step.atoms().get(i);
            String source = entries.stream()
                    .filter(entry -> entry.text().equals(prompt.text()))
                    .findFirst()
                    .map(Atlas.Entry::source)
                    .orElse("unknown");
            weighted.add(new Explanation.Atom(
                    prompt.text(), step.weights()[i], Fluency.perplexity(prompt, chat), source, alone[i]));
        }
        weighted.sort(Comparator.comparingDouble(prompt -> -Math.abs(prompt.weight())));
        return weighted;
    }

    private double[] expected(Tensor hidden) {
        int places = decomposer.search().foreignPlaces();
        return Divergence.expected(hidden.narrow(0, 0, places), decomposer.unembedding());
    }

    private static List<String> told(List<Keyness.Telling> words) {
        return words.stream().map(Keyness.Telling::text).toList();
    }
}
