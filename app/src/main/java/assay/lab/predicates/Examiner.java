package assay.lab.predicates;

import assay.base.run.Once;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.probe.Probe;
import assay.measure.probe.Sketcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Explains predicates by prompts of an atlas that say nothing of them, on ordinary contexts and on contexts
/// where the predicate shows, and sets the log pool against the linear pool.
///
/// Ordinary contexts are the same for every predicate, so a prompt is run on them once. Several threads may
/// examine once [#prepare] is done. Keep it in one [TensorScope] and close it within.
public final class Examiner implements AutoCloseable {
    /// Random prompts that write foreign answers, besides base and category.
    private static final int WRITERS = 2;

    private final ChatModel chat;
    private final Atlas atlas;
    private final PredicateOptions options;
    private final Decomposer.Listener listener;
    private final Runner runner;
    private final Screen screen;
    private final Sketcher sketcher;
    private final TensorScope scope;
    private final long seed;
    private final Once<Decomposer> common = new Once<>(this::ordinary);

    /// An examiner with an open model and its atlas.
    public Examiner(ChatModel chat, Atlas atlas, PredicateOptions options, long seed, Decomposer.Listener listener) {
        this.chat = chat;
        this.atlas = atlas;
        this.options = options;
        this.seed = seed;
        this.listener = listener;
        this.runner = new Runner(chat);
        this.screen = new Screen(atlas);
        this.sketcher = new Sketcher(runner, atlas.probe(), atlas.map());
        this.scope = TensorScope.withoutGradients();
    }

    /// Runs what predicates have in common, so that no single one pays for it.
    public void prepare() {
        common.get();
    }

    /// Measures one predicate.
    public PredicateEvidence run(PredicateSpec spec) {
        Decomposer shared = common.get();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Exclusion exclusion = options.planted() ? Exclusion.NOTHING : Exclusion.of(spec);
            Set<Integer> excluded = atlas.indices(exclusion);
            HardPrompt target = HardPrompt.of(spec.prompt(), chat.tokenizer());
            float[] sketch = sketcher.sketches(List.of(target), _ -> {})[0];
            int most =
                    Math.max(options.ordinary().candidates(), options.special().candidates());
            List<HardPrompt> candidates = prompts(screen.candidates(sketch, most, excluded));
            List<HardPrompt> pool = prompts(screen.random(options.nullPrompts(), seed, excluded));
            List<HardPrompt> said = said(spec);
            PredicateEvidence.Skill skill = new AnswerMass(
                            chat, spec, options.asked(), options.special().starts())
                    .skill();
            Question question = new Question(spec, target, candidates, said, pool);
            return new PredicateEvidence(
                    spec.name(), skill, excluded.size(), ordinary(question, shared), special(question, excluded));
        }
    }

    /// @param target the predicate's prompt
    /// @param candidates prompts the screen chose
    /// @param said prompts that ask for one answer each
    private record Question(
            PredicateSpec spec,
            HardPrompt target,
            List<HardPrompt> candidates,
            List<HardPrompt> said,
            List<HardPrompt> pool) {
        /// The most promising ones.
        List<HardPrompt> candidates(int most) {
            return candidates.subList(0, Math.min(most, candidates.size()));
        }
    }

    private PredicateEvidence.OnContexts ordinary(Question question, Decomposer shared) {
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = shared.towards(question.target(), listener)) {
            return trial(
                    question, decomposer, question.candidates(options.ordinary().candidates()));
        }
    }

    private PredicateEvidence.OnContexts special(Question question, Set<Integer> excluded) {
        List<String> writers = screen.random(WRITERS, seed + 1, excluded).stream()
                .map(Atlas.Entry::text)
                .toList();
        SpecialContexts contexts = new SpecialContexts(chat, question.spec(), options.special(), writers, seed);
        Map<String, HardPrompt> candidates = new LinkedHashMap<>();
        for (List<HardPrompt> prompts :
                List.of(question.candidates(options.special().candidates()), question.said())) {
            prompts.forEach(prompt -> candidates.put(prompt.text(), prompt));
        }
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        runner, question.target(), contexts::of, Decomposer.Options.defaults(seed), listener)) {
            return trial(question, decomposer, List.copyOf(candidates.values()));
        }
    }

    private PredicateEvidence.OnContexts trial(Question question, Decomposer decomposer, List<HardPrompt> candidates) {
        HardPrompt category = HardPrompt.of(question.spec().category(), chat.tokenizer());
        return new Trial(decomposer, options, seed).run(category, candidates, question.said(), question.pool());
    }

    /// The decomposer of the base on ordinary contexts, from which those of the predicates are made.
    private Decomposer ordinary() {
        Probe nothing = new Probe("own", List.of());
        Decomposer.Options usual = Decomposer.Options.defaults(seed);
        return new Decomposer(runner, Behaviour.BASE, ordinaryProbe(), nothing, usual, listener);
    }

    /// The first turns of the atlas's probe with the first tokens of their answers.
    private Probe ordinaryProbe() {
        PredicateOptions.Ordinary sizes = options.ordinary();
        List<Probe.Turn> turns = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            int most = switch (split) {
                case SEARCH -> sizes.search();
                case FIT -> sizes.fit();
                case TEST -> sizes.test();
            };
            for (Probe.Turn turn :
                    atlas.probe().turns(split).stream().limit(most).toList()) {
                int[] answer = Arrays.copyOf(turn.answer(), Math.min(sizes.tokens(), turn.answer().length));
                turns.add(new Probe.Turn(turn.user(), split, turn.writer(), answer));
            }
        }
        return new Probe("foreign", turns);
    }

    private List<HardPrompt> prompts(List<Atlas.Entry> entries) {
        return Screen.prompts(entries, chat.tokenizer());
    }

    private List<HardPrompt> said(PredicateSpec spec) {
        return spec.holds().stream()
                .limit(options.said())
                .map(answer -> HardPrompt.of(spec.saying(answer), chat.tokenizer()))
                .toList();
    }

    @Override
    public void close() {
        common.end(Decomposer::close);
        scope.close();
        sketcher.close();
    }
}
