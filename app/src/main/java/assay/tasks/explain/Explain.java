package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.discover.search.SearchTarget;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.behaviour.StateShelf;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Judge;
import assay.measure.judge.PlainList;
import assay.measure.judge.Verdict;
import assay.measure.probe.Divergence;
import assay.measure.probe.Preimage;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.tasks.distil.Curriculum;
import assay.tasks.session.FirstContext;
import assay.tasks.session.Forecast;
import assay.tasks.session.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/// One explanation from end to end: a behaviour in, weighted prompts with their evidence out.
///
/// 1. The target answers the probe's user turns itself (*own* contexts); the shipped answers are the
/// *foreign* ones.
/// 2. Its sketch on the *search* split is compared with every sketch of the atlas, and prompts beyond the atlas
/// are searched for ([TargetSearch]); the most promising prompts become candidates.
/// 3. Candidates are run exactly on the *fit* split; prompts are chosen one by one by the KL gradient, all
///    weights refitted each time.
/// 4. The *search* split says how many prompts are worth having; the *test* split says what they are worth.
/// 5. Random prompts, a constant offset, dense ridge and the best directions go through the same fit and
///    the same test.
///
/// @param chat an open model
/// @param atlas its atlas
public record Explain(ChatModel chat, Atlas atlas, Job job) {
    /// How much an explanation runs.
    ///
    /// @param atoms most prompts in the mixture
    /// @param candidates prompts run exactly because the screen chose them
    /// @param nullPrompts prompts run exactly because chance chose them
    /// @param draws random mixtures fitted at every K
    /// @param budget of the search beyond the dictionary
    /// @param seed of every random choice
    /// @param atLength whether the list is also measured in longer talk
    public record Options(
            int atoms,
            int candidates,
            int nullPrompts,
            int draws,
            TargetSearch.Budget budget,
            long seed,
            boolean atLength) {
        /// Without longer talk.
        public Options(int atoms, int candidates, int nullPrompts, int draws, TargetSearch.Budget budget, long seed) {
            this(atoms, candidates, nullPrompts, draws, budget, seed, false);
        }

        /// 48 candidates, five draws from eight random prompts for every five atoms, a minute of search.
        public static Options defaults(int atoms, long seed) {
            return new Options(
                    atoms, Math.max(48, 2 * atoms), atoms * 8 / 5 + 1, 5, TargetSearch.Budget.defaults(), seed);
        }

        /// What has to be run for it.
        ///
        /// @param isBySoft whether an adapter is also explained by way of a soft prompt
        public Forecast.Work work(boolean isBySoft) {
            return new Forecast.Work(atoms, candidates, nullPrompts, budget.runs(), budget.seconds(), isBySoft);
        }

        /// The same with another budget of the search.
        public Options within(TargetSearch.Budget other) {
            return new Options(atoms, candidates, nullPrompts, draws, other, seed, atLength);
        }

        /// The same, measured in longer talk too.
        public Options atLength(boolean wanted) {
            return new Options(atoms, candidates, nullPrompts, draws, budget, seed, wanted);
        }
    }

    /// What is kept of an explanation by prompts without a way by a soft prompt.
    static final String DIRECT = "direct";

    private static final String EXPLANATION = "explanation";
    private static final String DECOMPOSITION = "decomposition";

    /// Prompts that name the target.
    private static final int NAMED = 5;
    /// Share of the largest number in a state up to which differences may be rounding.
    private static final double NEARLY = 1e-2;

    /// Prompts shown before they are run.
    private static final int SHOWN = 5;

    /// Explains one target.
    public Explanation run(Target target, Options options) {
        return run(target, List.of(), options, Kept.nowhere().part(DIRECT));
    }

    /// Explains one target, or goes on where that was stopped.
    ///
    /// @param siblings other runs of its recipe
    Explanation run(Target target, List<Target> siblings, Options options, Kept.Part kept) {
        Optional<Explanation> done = kept.known(EXPLANATION, Explanation.class);
        if (done.isPresent()) {
            return done.get();
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Probe own = kept.get("answers", Probe.class, () -> ownAnswers(target, options.seed()));
            ExplainListener listener = new ExplainListener(job);
            try (Decomposer decomposer = decomposer(target, own, options.seed(), listener)) {
                Case one = new Case(target, siblings, options, own, decomposer, listener, kept);
                return explained(one).explanation();
            }
        }
    }

    /// Runs a target on the probe's contexts; its tensors belong to the caller's scope.
    Decomposer decomposer(Target target, Probe own, long seed, ExplainListener listener) {
        Decomposer.Options options = Decomposer.Options.defaults(seed);
        Runner runner =
                new Runner(chat, List.of(target.behaviour(), target.base())).keeping(StateShelf.current(atlas.texts()));
        listener.begin("base and target run on the probe", 0);
        Decomposer decomposer =
                new Decomposer(runner, target.behaviour(), target.base(), atlas.probe(), own, options, listener);
        listener.end();
        requireEffect(target, decomposer);
        return decomposer;
    }

    /// Divergences are dear, so they are looked at only where states say that there may be none.
    private static void requireEffect(Target target, Decomposer decomposer) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor base = decomposer.search().base();
            Tensor states = decomposer.search().target();
            double most = states.sub(base).abs().max().item_double();
            if (most < NEARLY * base.abs().max().item_double()) {
                target.requireEffect(Arrays.stream(Divergence.kl(states, base, decomposer.unembedding()))
                        .average()
                        .orElse(0));
            }
        }
    }

    Probe ownAnswers(Target target, long seed) {
        try (var stage = job.stage("target answers the probe", 0)) {
            Probe own = new ProbeMaker(chat).own(atlas.probe(), target.behaviour(), seed);
            stage.advance(own.turns().size());
            return own;
        }
    }

    /// A target whose states are known, and how it is to be explained.
    ///
    /// @param siblings other runs of its recipe
    /// @param own the probe's turns answered by the target
    /// @param decomposer open, with the states
    /// @param kept what was finished of it before
    record Case(
            Target target,
            List<Target> siblings,
            Options options,
            Probe own,
            Decomposer decomposer,
            ExplainListener listener,
            Kept.Part kept) {}

    /// An explanation and the decomposition it was made of.
    record Work(Explanation explanation, Decomposition decomposition) {}

    /// Explains a target whose states are known: steps 2 to 5.
    Work explained(Case one) {
        Optional<Decomposition> known = one.kept().known(DECOMPOSITION, Decomposition.class);
        known.ifPresent(one.decomposer()::rerun);
        Optional<Explanation> done = one.kept().known(EXPLANATION, Explanation.class);
        if (known.isPresent() && done.isPresent()) {
            return new Work(done.get(), known.get());
        }
        Sought sought = sought(one);
        List<Atlas.Entry> candidates = candidates(one, sought);
        Decomposition decomposition =
                one.kept().get(DECOMPOSITION, Decomposition.class, () -> decomposed(one, candidates));
        Explanation explanation = judged(one, sought, candidates, decomposition);
        one.kept().keep(EXPLANATION, explanation);
        return new Work(explanation, decomposition);
    }

    /// Runs the candidates and chooses among them.
    Decomposition decomposed(Case one, List<Atlas.Entry> candidates) {
        one.listener().begin("prompts run exactly", candidates.size());
        return one.decomposer()
                .decompose(
                        Screen.prompts(candidates, chat.tokenizer()),
                        one.options().atoms());
    }

    /// What looking for prompts brought.
    ///
    /// @param sketch of the target
    /// @param dictionary all of the atlas
    /// @param excluded entries of the atlas that must not explain it
    /// @param grown the atlas with the prompts that were found
    record Sought(float[] sketch, Screen dictionary, Set<Integer> excluded, Atlas grown, Besides besides) {}

    /// What else looking brought.
    ///
    /// @param named prompts that name the target
    /// @param usual expected number of each token under prompts on the whole, on foreign search contexts
    /// `[vocab]`
    /// @param natural perplexity of most prompts of the dictionary, at most
    record Besides(List<WeightedPrompt> named, double[] usual, double natural) {}

    /// Looks for prompts beyond the atlas, for those that name the target, and for words prompts usually bring.
    private Sought sought(Case one) {
        try (TargetSearch search = new TargetSearch(chat, atlas, job)) {
            return sought(one, search);
        }
    }

    /// The same with a search that others use as well: what it learns once it need not learn again.
    Sought sought(Case one, TargetSearch search) {
        float[] sketch = sketch(one.decomposer());
        Predicate<String> forbidden = one.target().forbidden();
        Set<Integer> excluded = atlas.indices(forbidden);
        Screen dictionary = new Screen(atlas);
        tell(
                "nearest in the dictionary, before anything is searched or run:",
                dictionary.candidates(sketch, SHOWN, excluded));
        Atlas grown = search.grown(
                new SearchTarget(one.target().behaviour(), one.target().base(), sketch, forbidden),
                one.options().budget(),
                one.options().seed(),
                one.kept().search("reserve"),
                one.kept().search("search"));
        Besides besides = one.kept()
                .get(
                        "besides",
                        Besides.class,
                        () -> new Besides(
                                search.named(grown, sketch, forbidden, NAMED).weighted(),
                                search.usual(),
                                search.naturalPerplexity()));
        return new Sought(sketch, dictionary, excluded, grown, besides);
    }

    /// The most promising prompts by their sketches; they are run next.
    List<Atlas.Entry> candidates(Case one, Sought sought) {
        List<Atlas.Entry> entries = new Screen(sought.grown())
                .candidates(sought.sketch(), one.options().candidates(), sought.excluded());
        one.listener().candidates(entries);
        tell("most promising by their sketches:", entries);
        return entries;
    }

    private void tell(String what, List<Atlas.Entry> entries) {
        job.note("  " + what);
        entries.stream().limit(SHOWN).forEach(entry -> job.note("      " + entry.text()));
    }

    /// Sets the lists beside as many random prompts and the other controls.
    private Explanation judged(Case one, Sought sought, List<Atlas.Entry> candidates, Decomposition decomposition) {
        Options options = one.options();
        Screen dictionary = sought.dictionary();
        List<HardPrompt> pool = pool(one, sought);
        Judge judge = new Judge(one.decomposer(), options.seed());
        Explanation.Curve curve = one.kept()
                .get("curve", Explanation.Curve.class, () -> judge.curve(decomposition, pool, options.draws()));
        List<Control> controls = one.kept()
                .get("controls", Controls.class, () -> controls(judge, decomposition, pool))
                .all();
        one.listener().end();
        Explanation.Spectrum spectrum = job.watched(
                "spectrum of the dictionary",
                () -> new Spectra(chat, atlas, dictionary)
                        .of(sought.sketch(), one.decomposer(), curve.steps().size(), options.seed()));
        Explanation.Comparison comparison =
                new Compared(chat, atlas, job).of(one, judge, decomposition.best(), controls);
        Explanation.Divergence divergence = judge.divergence();
        List<HardPrompt> tried = Screen.prompts(candidates, chat.tokenizer());
        PlainList plain =
                one.kept().get("plain", PlainList.class, () -> plain(one, sought, tried, decomposition.best(), judge));
        Explanation.Finding finding = Verdict.sparse(
                divergence.foreign(), curve.at(curve.chosen()), Control.closed(controls, ControlKind.DENSE));
        return new Explanation(
                subject(one.target()),
                effort(one, sought, candidates.size(), pool.size()),
                divergence,
                curve,
                comparison,
                new Telling(chat, one.decomposer()).weighted(decomposition.best(), candidates),
                List.of(finding),
                illustration(one, sought, spectrum, decomposition.best(), pool, plain));
    }

    /// Prompts that chance chose; they are run next.
    List<HardPrompt> pool(Case one, Sought sought) {
        Options options = one.options();
        List<HardPrompt> pool = Screen.prompts(
                sought.dictionary().random(options.nullPrompts(), options.seed(), sought.excluded()), chat.tokenizer());
        one.listener().begin("random prompts run as the null", 2L * pool.size());
        return pool;
    }

    /// What a list is set against, as it is kept.
    private record Controls(List<Control> all) {}

    private static Controls controls(Judge judge, Decomposition decomposition, List<HardPrompt> pool) {
        List<HardPrompt> longest = decomposition.steps().getLast().atoms();
        return new Controls(judge.controls(decomposition, Judge.union(List.of(longest, pool))));
    }

    private PlainList plain(Case one, Sought sought, List<HardPrompt> tried, Decomposition.Step best, Judge judge) {
        return job.watched(
                "the plainest of lists that close as much",
                () -> new Plainness(chat, atlas.texts(), sought.besides().natural())
                        .near(best, tried, one.decomposer(), judge));
    }

    private Explanation.Subject subject(Target target) {
        return new Explanation.Subject(
                chat.model().name(),
                chat.sha256(),
                target.kind(),
                target.name(),
                target.description(),
                FirstContext.setup(
                        target, chat, atlas.probe().turns().getFirst().user()),
                target.base().equals(Behaviour.BASE)
                        ? Optional.empty()
                        : Optional.of(target.base().name()));
    }

    private Explanation.Effort effort(Case one, Sought sought, int candidates, int pool) {
        return new Explanation.Effort(
                sought.grown().entries().size() - sought.excluded().size(),
                candidates,
                pool,
                one.options().draws(),
                new Curriculum(atlas.probe(), one.own()).sizes(),
                one.options().seed());
    }

    /// Answers, tokens, words and forms to look at.
    private Explanation.Illustration illustration(
            Case one,
            Sought sought,
            Explanation.Spectrum spectrum,
            Decomposition.Step best,
            List<HardPrompt> random,
            PlainList plain) {
        Behaviour target = one.target().behaviour();
        Illustrator illustrator = new Illustrator(chat, atlas.probe(), one.own(), job);
        Telling telling = new Telling(chat, one.decomposer());
        return new Explanation.Illustration(
                illustrator.samples(one.target(), best, one.options().seed()),
                illustrator.heat(best, one.decomposer()),
                sought.besides().named(),
                job.watched(
                        "words it writes",
                        () -> telling.words(target, best, sought.besides().usual())),
                job.watched(
                        "how it writes",
                        () -> telling.form(best, random, one.options().seed())),
                plain,
                spectrum);
    }

    /// The target's delta on the foreign contexts of the search split, sketched as the atlas's prompts were.
    private float[] sketch(Decomposer decomposer) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int places = decomposer.search().foreignPlaces();
            Tensor delta =
                    decomposer.search().target().sub(decomposer.search().base()).narrow(0, 0, places);
            Tensor near = Preimage.of(
                    delta,
                    decomposer.search().plain(),
                    decomposer.unembedding(),
                    chat.model().hidden());
            return atlas.map().sketch(near, decomposer.search().foreign());
        }
    }
}
