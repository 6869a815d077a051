package assay.measure.decompose;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.KlPursuit;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/// Turns one behaviour into mixtures of candidate prompts.
///
/// Candidates are run on the *fit* split, where prompts are chosen and weights fitted; the *search* split
/// says where to stop; the *test* split is measured only. Foreign and own contexts are fitted together and measured
/// apart.
public final class Decomposer implements AutoCloseable {
    /// Share of what could be closed on the search split that may be given up for a shorter list.
    static final double TOLERANCE = 0.01;

    /// How a decomposition is made.
    ///
    /// @param ridge added curvature of the weights, as a share of the atoms' mean curvature
    /// @param tried candidates fitted for real at every greedy step
    /// @param seed of the vocabulary sample
    public record Options(double ridge, int tried, long seed) {
        /// Ridge 10⁻⁴, four tried, the given seed.
        public static Options defaults(long seed) {
            return new Options(1e-4, 4, seed);
        }
    }

    /// Hears of the work as it goes.
    public interface Listener {
        /// Hears nothing.
        Listener NONE = new Listener() {
            @Override
            public void ran(Probe.Split split) {}

            @Override
            public void added(int k, HardPrompt prompt, double weight) {}

            @Override
            public void measuring(int prompts) {}
        };

        /// A prompt has been run on all contexts of a split.
        void ran(Probe.Split split);

        /// A prompt was added to the mixture.
        void added(int k, HardPrompt prompt, double weight);

        /// The weights were fitted with so many prompts.
        ///
        /// @param closed on the fit split, over the tokens a fit looks at
        default void fitted(int k, double closed) {}

        /// All prompts are chosen; so many are now run on the search and test splits.
        void measuring(int prompts);
    }

    private final Runner runner;
    private final Options options;
    private final Listener listener;
    private final Unembedding unembedding;
    private final SplitStates fit;
    private final SplitStates search;
    private final SplitStates test;
    private final RestrictedVocabulary vocabulary;
    private final Deltas fitDeltas;
    private final Deltas searchDeltas;
    private final Deltas testDeltas;
    private final Deltas foreignTestDeltas;
    private final boolean ownsDeltas;

    /// Runs base and target on the three splits; its tensors belong to the caller's scope, which must stay open.
    ///
    /// @param foreign the probe with foreign answers
    /// @param own the same turns answered by the target
    public Decomposer(Runner runner, Behaviour target, Probe foreign, Probe own, Options options, Listener listener) {
        this(runner, target, Behaviour.BASE, foreign, own, options, listener);
    }

    /// The same with another behaviour in the base's place: the target is its states moved by what prompts do to the
    /// model's base.
    ///
    /// @param ground what the target is compared with
    public Decomposer(
            Runner runner,
            Behaviour target,
            Behaviour ground,
            Probe foreign,
            Probe own,
            Options options,
            Listener listener) {
        this(
                runner,
                target,
                ground,
                split -> new SplitContexts(foreign.contexts(split, runner), own.contexts(split, runner)),
                options,
                listener);
    }

    /// The same on contexts that need not come from a probe: several may belong to one user turn, as long as all
    /// of a turn's are in one split.
    public Decomposer(
            Runner runner,
            Behaviour target,
            Function<Probe.Split, SplitContexts> contexts,
            Options options,
            Listener listener) {
        this(runner, target, Behaviour.BASE, contexts, options, listener);
    }

    private Decomposer(
            Runner runner,
            Behaviour target,
            Behaviour ground,
            Function<Probe.Split, SplitContexts> contexts,
            Options options,
            Listener listener) {
        this.runner = runner;
        this.options = options;
        this.listener = listener;
        this.unembedding = runner.unembedding();
        this.fit = SplitStates.of(runner, target, ground, contexts.apply(Probe.Split.FIT));
        this.search = SplitStates.of(runner, target, ground, contexts.apply(Probe.Split.SEARCH));
        this.test = SplitStates.of(runner, target, ground, contexts.apply(Probe.Split.TEST));
        this.vocabulary = RestrictedVocabulary.choose(fit.base(), fit.target(), unembedding, options.seed());
        this.fitDeltas = Deltas.everywhere(runner, fit);
        this.searchDeltas = Deltas.everywhere(runner, search);
        this.testDeltas = Deltas.everywhere(runner, test);
        this.foreignTestDeltas = Deltas.foreign(runner, test);
        this.ownsDeltas = true;
    }

    private Decomposer(Decomposer shared, UnaryOperator<SplitStates> other, Listener listener) {
        this.runner = shared.runner;
        this.options = shared.options;
        this.listener = listener;
        this.unembedding = shared.unembedding;
        this.fit = other.apply(shared.fit);
        this.search = other.apply(shared.search);
        this.test = other.apply(shared.test);
        this.vocabulary = RestrictedVocabulary.choose(fit.base(), fit.target(), unembedding, options.seed());
        this.fitDeltas = shared.fitDeltas;
        this.searchDeltas = shared.searchDeltas;
        this.testDeltas = shared.testDeltas;
        this.foreignTestDeltas = shared.foreignTestDeltas;
        this.ownsDeltas = false;
    }

    /// A decomposer of another target on the same contexts, own ones included, so that divergences of both can
    /// be compared. Prompts that were run for one need not be run for the other. Close it before this one.
    public Decomposer towards(Behaviour other, Listener newListener) {
        return new Decomposer(this, split -> split.towards(runner, other), newListener);
    }

    /// The same target with its differences from the base moved to other places at random, in every split: a
    /// control that no prompts explain better than chance. Close it before this one.
    public Decomposer shuffled(long seed, Listener newListener) {
        return new Decomposer(this, split -> split.shuffled(seed), newListener);
    }

    /// The test split: what is reported.
    public SplitStates test() {
        return test;
    }

    /// The search split, whose foreign contexts sketches are taken on.
    public SplitStates search() {
        return search;
    }

    /// The fit split.
    public SplitStates fit() {
        return fit;
    }

    /// Chooses up to `atoms` of the candidates one by one and measures every K.
    public Decomposition decompose(List<HardPrompt> candidates, int atoms) {
        KlProblem problem = problem(candidates);
        double base = problem.value(new int[0], new double[0]);
        List<KlFit> path = new KlPursuit(problem, options.ridge(), options.tried()).path(atoms, fit -> {
            int last = fit.support().length - 1;
            listener.added(last + 1, candidates.get(fit.support()[last]), fit.weights()[last]);
            listener.fitted(last + 1, 1 - fit.value() / base);
        });
        return measured(path, candidates);
    }

    /// Runs the prompts of a decomposition that was made before again on the test split, so that all that follows
    /// is computed from the same states as behind [#decompose].
    public void rerun(Decomposition made) {
        List<HardPrompt> all = made.steps().stream()
                .flatMap(step -> step.atoms().stream())
                .collect(Collectors.toMap(HardPrompt::text, prompt -> prompt, (first, _) -> first, LinkedHashMap::new))
                .values()
                .stream()
                .toList();
        listener.measuring(all.size());
        testDeltas.of(all, () -> listener.ran(Probe.Split.TEST));
    }

    /// The convex problem of explaining the target on the fit split by these prompts.
    public KlProblem problem(List<HardPrompt> prompts) {
        return problemOf(fitDeltas.of(prompts, () -> listener.ran(Probe.Split.FIT)));
    }

    /// The convex problem with hidden-state deltas over the fit split that need not come from prompts.
    public KlProblem problemOf(List<Tensor> deltas) {
        return vocabulary.problem(fit.base(), fit.target(), deltas);
    }

    /// Exact deltas over the fit split.
    public List<Tensor> fitDeltas(List<HardPrompt> prompts) {
        return fitDeltas.of(prompts);
    }

    /// Exact deltas over the foreign contexts of the test split.
    public List<Tensor> foreignTestDeltas(List<HardPrompt> prompts) {
        Stream<HardPrompt> missing = prompts.stream().filter(prompt -> !testDeltas.has(prompt));
        foreignTestDeltas.of(missing.toList(), () -> listener.ran(Probe.Split.TEST));
        List<Tensor> deltas = new ArrayList<>();
        for (HardPrompt prompt : prompts) {
            Tensor delta = (testDeltas.has(prompt) ? testDeltas : foreignTestDeltas).of(prompt);
            deltas.add(delta.narrow(0, 0, test.foreignPlaces()));
        }
        return deltas;
    }

    /// KL(target ‖ list) summed over each foreign test turn, nats; the base's for no prompts.
    public double[] left(List<HardPrompt> prompts, double[] weights) {
        return leftBy(foreignTestDeltas(prompts), weights);
    }

    /// The same for hidden-state deltas over the foreign test places that need not come from prompts.
    public double[] leftBy(List<Tensor> deltas, double[] weights) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return test.divergences(List.of(test.mixed(deltas, weights)), unembedding)
                    .getFirst()
                    .foreign();
        }
    }

    /// What each prompt closes alone on foreign test contexts, its weight fitted.
    public double[] alone(List<HardPrompt> prompts) {
        KlProblem problem = problem(prompts);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> mixtures = new ArrayList<>(List.of(test.base().narrow(0, 0, test.foreignPlaces())));
            for (int i = 0; i < prompts.size(); i++) {
                KlFit single = KlFit.of(problem, new int[] {i}, new double[1], options.ridge());
                Tensor delta = testDeltas.of(prompts.get(i)).narrow(0, 0, test.foreignPlaces());
                mixtures.add(test.mixed(List.of(delta), single.weights()));
            }
            List<SplitStates.TurnSums> sums = test.divergences(mixtures, unembedding);
            double base = sums.getFirst().total();
            return sums.stream()
                    .skip(1)
                    .mapToDouble(sum -> 1 - sum.total() / base)
                    .toArray();
        }
    }

    /// Exact deltas of other behaviours over the test split, foreign contexts first; owned by the caller's scope.
    public List<Tensor> testDeltas(List<? extends Behaviour> others) {
        try (TensorScope scope = TensorScope.withoutGradients()) {
            List<Tensor> deltas = new ArrayList<>();
            for (Behaviour other : others) {
                deltas.add(scope.keep(runner.hidden(other, test.contexts()).sub(test.base())));
            }
            return deltas;
        }
    }

    /// States of a mixture at every place of the test split `[place hidden]`, owned by the caller's
    /// scope.
    public Tensor onTest(List<HardPrompt> prompts, double[] weights) {
        return test.mixed(testDeltas.of(prompts), weights);
    }

    /// KL(target ‖ mixture) at every place of the test split, nats.
    public double[] perTestPlace(List<HardPrompt> prompts, double[] weights) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return test.perPlace(onTest(prompts, weights), unembedding);
        }
    }

    /// Exact deltas over the search split.
    public List<Tensor> searchDeltas(List<HardPrompt> prompts) {
        return searchDeltas.of(prompts);
    }

    /// The ridge all fits use.
    public double ridge() {
        return options.ridge();
    }

    private Decomposition measured(List<KlFit> path, List<HardPrompt> candidates) {
        IntStream used = path.stream().flatMapToInt(fit -> Arrays.stream(fit.support()));
        List<HardPrompt> all = used.distinct().mapToObj(candidates::get).toList();
        listener.measuring(all.size());
        testDeltas.of(all, () -> listener.ran(Probe.Split.TEST));
        searchDeltas.of(all, () -> listener.ran(Probe.Split.SEARCH));
        List<SplitStates.TurnSums> searchSums = sums(search, searchDeltas, path, candidates);
        List<SplitStates.TurnSums> testSums = sums(test, testDeltas, path, candidates);
        double[] onSearch = new double[path.size()];
        List<Decomposition.Step> steps = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            onSearch[i] = searchSums.get(i).total() / search.base().size(0);
            steps.add(new Decomposition.Step(
                    Decomposition.chosen(path.get(i), candidates),
                    path.get(i).weights(),
                    onSearch[i],
                    testSums.get(i)));
        }
        double none = search.divergences(List.of(search.base()), unembedding)
                .getFirst()
                .total();
        double base = none / search.base().size(0);
        return new Decomposition(steps, Decomposition.stop(onSearch, base, TOLERANCE), base);
    }

    /// The tokens a fit on the foreign contexts of the test split would look at; upper bounds are fitted there.
    RestrictedVocabulary testVocabulary() {
        int places = test.foreignPlaces();
        return RestrictedVocabulary.choose(
                test.base().narrow(0, 0, places), test.target().narrow(0, 0, places), unembedding, options.seed());
    }

    /// What runs behaviours on its contexts.
    public Runner runner() {
        return runner;
    }

    /// What turns all of its states into logits.
    public Unembedding unembedding() {
        return unembedding;
    }

    /// Exact divergences of the mixtures along a path.
    private List<SplitStates.TurnSums> sums(
            SplitStates split, Deltas deltas, List<KlFit> path, List<HardPrompt> candidates) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Tensor> mixtures = new ArrayList<>();
            for (KlFit fit : path) {
                mixtures.add(split.mixed(deltas.of(Decomposition.chosen(fit, candidates)), fit.weights()));
            }
            return split.divergences(mixtures, unembedding);
        }
    }

    /// Frees the fingerprints of all prompts but these.
    public void keepOnly(Set<String> texts) {
        deltas().forEach(each -> each.keepOnly(texts));
    }

    private List<Deltas> deltas() {
        return List.of(fitDeltas, searchDeltas, testDeltas, foreignTestDeltas);
    }

    /// Frees the fingerprints.
    @Override
    public void close() {
        if (ownsDeltas) {
            deltas().forEach(Deltas::close);
        }
    }
}
