package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.NearDuplicates;
import assay.discover.atlas.Screen;
import assay.discover.predict.SketchFit;
import assay.discover.search.SearchTarget;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Explanation;
import assay.measure.judge.Judge;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.measure.probe.SketchMap;
import assay.tasks.session.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
public final class Explain {
    /// How much an explanation runs.
    ///
    /// @param atoms most prompts in the mixture
    /// @param candidates prompts run exactly because the screen chose them
    /// @param nullPrompts prompts run exactly because chance chose them
    /// @param draws random mixtures fitted at every K
    /// @param budget of the search beyond the dictionary
    /// @param seed of every random choice
    public record Options(
            int atoms, int candidates, int nullPrompts, int draws, TargetSearch.Budget budget, long seed) {
        /// 48 candidates, five draws from eight random prompts for every five atoms, a minute of search.
        public static Options defaults(int atoms, long seed) {
            return new Options(
                    atoms, Math.max(48, 2 * atoms), atoms * 8 / 5 + 1, 5, TargetSearch.Budget.defaults(), seed);
        }

        /// The same with another budget of the search.
        public Options within(TargetSearch.Budget other) {
            return new Options(atoms, candidates, nullPrompts, draws, other, seed);
        }
    }

    /// Prompts that name the target.
    private static final int NAMED = 5;

    /// Candidates shown before they are run.
    private static final int SHOWN = 5;

    private final ChatModel chat;
    private final Atlas atlas;
    private final Job job;

    /// An explainer with an open model and its atlas.
    public Explain(ChatModel chat, Atlas atlas, Job job) {
        this.chat = chat;
        this.atlas = atlas;
        this.job = job;
    }

    /// Explains one target.
    public Explanation run(Target target, Options options) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Probe own = ownAnswers(target, options.seed());
            ExplainListener listener = new ExplainListener(job);
            try (Decomposer decomposer = new Decomposer(
                    new Runner(chat),
                    target.behaviour(),
                    atlas.probe(),
                    own,
                    Decomposer.Options.defaults(options.seed()),
                    listener)) {
                return explained(target, options, own, decomposer, listener).explanation();
            }
        }
    }

    private Probe ownAnswers(Target target, long seed) {
        try (var stage = job.stage("target answers the probe", 0)) {
            Probe own = new ProbeMaker(chat).own(atlas.probe(), target.behaviour(), seed);
            stage.advance(own.turns().size());
            return own;
        }
    }

    /// An explanation and the decomposition it was made of.
    record Work(Explanation explanation, Decomposition decomposition) {}

    /// Explains a target whose states are known.
    Work explained(Target target, Options options, Probe own, Decomposer decomposer, ExplainListener listener) {
        float[] sketch = sketch(decomposer);
        Predicate<String> forbidden = forbidden(target);
        Set<Integer> excluded = atlas.indices(forbidden);
        Atlas grown;
        List<Explanation.NamedPrompt> named;
        WordFinder wording;
        try (TargetSearch searching = new TargetSearch(chat, atlas, job)) {
            grown = searching.grown(
                    new SearchTarget(target.behaviour(), sketch, forbidden), options.budget(), options.seed());
            named = named(searching.named(grown, sketch, forbidden, NAMED));
            wording = new WordFinder(chat, searching.usual());
        }
        Screen dictionary = new Screen(atlas);
        Screen screen = new Screen(grown);
        List<Atlas.Entry> entries = screen.candidates(sketch, options.candidates(), excluded);
        List<HardPrompt> candidates = Screen.prompts(entries, chat.tokenizer());
        listener.candidates(entries);
        job.note("  most promising by their sketches:");
        entries.stream().limit(SHOWN).forEach(entry -> job.note("      " + entry.text()));
        listener.begin("prompts run exactly", candidates.size());
        Decomposition decomposition = decomposer.decompose(candidates, options.atoms());

        List<HardPrompt> pool =
                Screen.prompts(dictionary.random(options.nullPrompts(), options.seed(), excluded), chat.tokenizer());
        listener.begin("random prompts run as the null", 2L * pool.size());
        Explanation.Spectrum spectrum = new Explanation.Spectrum(
                Judge.denseShare(dictionary.sketches(), sketch, SketchMap.GROUPS), atlas.energy(), atlas.exponent());
        Judge.Judgement judgement = new Judge(decomposer, options.seed())
                .judge(decomposition, pool, options.draws(), options.seed(), spectrum);
        listener.end();

        Illustrator illustrator = new Illustrator(chat, atlas.probe(), own, job);
        Explanation explanation = new Explanation(
                new Explanation.Subject(
                        chat.model().name(), chat.sha256(), target.kind(), target.name(), target.description()),
                new Explanation.Effort(
                        grown.entries().size() - excluded.size(),
                        candidates.size(),
                        pool.size(),
                        options.draws(),
                        sizes(own),
                        options.seed()),
                judgement.divergence(),
                judgement.curve(),
                judgement.controls(),
                weighted(decomposition.best(), entries, decomposer),
                List.of(judgement.finding()),
                new Explanation.Illustration(
                        illustrator.samples(target.behaviour(), decomposition.best(), options.seed()),
                        illustrator.heat(decomposition.best(), decomposer),
                        named,
                        wording.of(target.behaviour(), decomposition.best(), decomposer)));
        return new Work(explanation, decomposition);
    }

    private static List<Explanation.NamedPrompt> named(SketchFit.Lack lack) {
        return IntStream.range(0, lack.weights().length)
                .mapToObj(i -> new Explanation.NamedPrompt(lack.atoms().get(i).text(), lack.weights()[i]))
                .toList();
    }

    /// The target's delta on the foreign contexts of the search split, sketched as the atlas's prompts were.
    private float[] sketch(Decomposer decomposer) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int places = decomposer.search().foreignPlaces();
            Tensor delta =
                    decomposer.search().target().sub(decomposer.search().base()).narrow(0, 0, places);
            return atlas.map().sketch(delta, decomposer.search().foreign());
        }
    }

    /// A hard prompt is not explained by itself: what says nearly the same is left out.
    private static Predicate<String> forbidden(Target target) {
        return target.kind() == Explanation.Kind.PROMPT ? NearDuplicates.paraphrasesOf(target.name()) : _ -> false;
    }

    private List<Explanation.WeightedPrompt> weighted(
            Decomposition.Step step, List<Atlas.Entry> entries, Decomposer decomposer) {
        List<Explanation.WeightedPrompt> weighted = new ArrayList<>();
        double[] alone = decomposer.alone(step.atoms());
        for (int i = 0; i < step.weights().length; i++) {
            HardPrompt prompt = step.atoms().get(i);
            String source = entries.stream()
                    .filter(entry -> entry.text().equals(prompt.text()))
                    .findFirst()
                    .map(Atlas.Entry::source)
                    .orElse("unknown");
            weighted.add(new Explanation.WeightedPrompt(
                    prompt.text(), step.weights()[i], Fluency.perplexity(prompt, chat), source, alone[i]));
        }
        weighted.sort(Comparator.comparingDouble(prompt -> -Math.abs(prompt.weight())));
        return weighted;
    }

    private List<Explanation.SplitSize> sizes(Probe own) {
        List<Explanation.SplitSize> sizes = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            for (Probe probe : List.of(atlas.probe(), own)) {
                sizes.add(new Explanation.SplitSize(
                        split.name().toLowerCase(java.util.Locale.ROOT),
                        probe.name(),
                        probe.turns(split).size(),
                        probe.positions(split)));
            }
        }
        return sizes;
    }
}
