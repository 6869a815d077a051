package assay.lab.verdict;

import assay.base.run.Job;
import assay.base.run.Once;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.behaviour.Sampling;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.ExpectedNull;
import assay.measure.judge.Judge;
import assay.measure.judge.NullTheory;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.measure.probe.SketchMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/// What all targets of a study share: contexts, prompts drawn by chance, and the fingerprints of every prompt that
/// was run, so that a prompt is run once however many targets it stands for. Several targets may be measured at once.
final class SharedContexts implements AutoCloseable {
    /// Seed of what must be the same for all seeds of a study: its shared prompts.
    private static final long SHARED = 11;

    private static final int SHORTEST_NOISE = 6;
    private static final int LONGEST_NOISE = 14;

    private final ChatModel chat;
    private final Atlas atlas;
    private final Probe probe;
    private final TensorScope scope;
    private final Decomposer anchor;
    private final Screen screen;
    private final List<HardPrompt> noise;
    private final int pool;
    private final Once<Probe> baseAnswers =
            new Once<>(() -> answered(Behaviour.BASE, FreeRunning.REVERSE_TURNS, SHARED));
    private final Once<NullTheory> theory = new Once<>(this::theory);
    private final Job job;

    /// Runs the base on a share of the atlas's probe.
    ///
    /// @param turns share of the user turns that is used
    /// @param pool prompts drawn by chance
    SharedContexts(ChatModel chat, Atlas atlas, double turns, int pool, Job job) {
        this.chat = chat;
        this.atlas = atlas;
        this.probe = share(atlas.probe(), turns);
        this.pool = pool;
        this.job = job;
        this.screen = new Screen(atlas);
        this.noise = noise(chat);
        this.scope = TensorScope.withoutGradients();
        Probe nothing = new Probe("own", List.of());
        Decomposer.Options usual = Decomposer.Options.defaults(SHARED);
        this.anchor = new Decomposer(new Runner(chat), Behaviour.BASE, probe, nothing, usual, listener());
    }

    /// The first turns of every split.
    private static Probe share(Probe probe, double share) {
        List<Probe.Turn> kept = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            List<Probe.Turn> turns = probe.turns(split);
            kept.addAll(turns.subList(0, Math.max(2, (int) Math.round(share * turns.size()))));
        }
        return new Probe(probe.name(), kept);
    }

    /// Prompts whose text survives the tokenizer, drawn evenly from the vocabulary.
    private static List<HardPrompt> noise(ChatModel chat) {
        Tokenizer tokenizer = chat.tokenizer();
        SplittableRandom random = new SplittableRandom(SHARED);
        Set<String> texts = new LinkedHashSet<>();
        while (texts.size() < Judge.NOISE) {
            int length = random.nextInt(SHORTEST_NOISE, LONGEST_NOISE + 1);
            int[] tokens = random.ints(length, 0, chat.model().vocabulary()).toArray();
            String text = tokenizer.decode(tokens).strip();
            if (!text.isBlank() && tokenizer.decode(tokenizer.encode(text)).equals(text)) {
                texts.add(text);
            }
        }
        return texts.stream().map(text -> HardPrompt.of(text, tokenizer)).toList();
    }

    /// Shows nothing of a decomposition and lets it be interrupted after every prompt; several threads may share it.
    record SilentListener(Job job) implements Decomposer.Listener {
        @Override
        public void ran(Probe.Split split) {
            job.check();
        }

        @Override
        public void added(int k, HardPrompt prompt, double weight) {
            job.check();
        }

        @Override
        public void measuring(int prompts) {
            job.check();
        }
    }

    Decomposer.Listener listener() {
        return new SilentListener(job);
    }

    ChatModel chat() {
        return chat;
    }

    Atlas atlas() {
        return atlas;
    }

    Screen screen() {
        return screen;
    }

    /// The user turns that targets are measured on, with foreign answers.
    Probe probe() {
        return probe;
    }

    Job job() {
        return job;
    }

    /// Prompts of random tokens: what a list would be worth if its words did not matter.
    List<HardPrompt> noise() {
        return noise;
    }

    /// Contexts and fingerprints for a target; its tensors belong to the caller's scope.
    Decomposer towards(Behaviour target) {
        return anchor.towards(target, listener());
    }

    /// Prompts drawn by chance, in an order of this seed.
    ///
    /// @param excluded entries that must not be among them
    List<HardPrompt> pool(Set<Integer> excluded, long seed) {
        List<HardPrompt> drawn =
                new ArrayList<>(Screen.prompts(screen.random(pool, SHARED, excluded), chat.tokenizer()));
        Collections.shuffle(drawn, new Random(seed));
        return drawn;
    }

    /// Runs what nearly all targets need, the prompts of chance, so that none of them waits for it.
    void prepare() {
        List<HardPrompt> shared = Judge.union(List.of(pool(Set.of(), SHARED), noise));
        try (TensorScope _ = TensorScope.withoutGradients()) {
            anchor.fitDeltas(shared);
            anchor.foreignTestDeltas(shared);
        }
    }

    private NullTheory theory() {
        LanguageModel model = chat.model();
        NullTheory.Model sizes = new NullTheory.Model(model.hidden(), model.vocabulary());
        return NullTheory.of(screen.sketches(), SketchMap.GROUPS, sizes, SHARED);
    }

    /// What random prompts are expected to close of a target, told without running one.
    ///
    /// @param fitted contexts that lists are fitted on
    ExpectedNull expected(float[] sketch, int fitted, List<Integer> sizes) {
        double seen = atlas.probe().turns(Probe.Split.SEARCH).size() * (SketchMap.GROUPS - 1.0) / SketchMap.GROUPS;
        return theory.get().of(sketch, fitted / seen, sizes);
    }

    /// KL(target ‖ mixture) of base and mixtures on the foreign test contexts, nats per token; the base first.
    double[] divergences(Behaviour target, List<Mixture> mixtures) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            job.check();
            SplitStates test = anchor.test().towards(new Runner(chat), target);
            List<Tensor> states = new ArrayList<>(List.of(test.base()));
            for (Mixture mixture : mixtures) {
                List<HardPrompt> atoms =
                        mixture.atoms().stream().map(Mixture.Weighted::prompt).toList();
                double[] weights = mixture.atoms().stream()
                        .mapToDouble(Mixture.Weighted::weight)
                        .toArray();
                states.add(test.mixed(anchor.foreignTestDeltas(atoms), weights));
            }
            return test.divergences(states, chat.model().unembedding()).stream()
                    .mapToDouble(sums -> sums.total() / test.foreignPlaces())
                    .toArray();
        }
    }

    /// Every second test turn, answered by the base, once for all targets and seeds.
    Probe answeredByBase() {
        return baseAnswers.get();
    }

    /// Every second test turn, answered by a behaviour.
    ///
    /// @param most turns at most
    Probe answered(Behaviour behaviour, int most, long seed) {
        List<Probe.Turn> turns = probe.turns(Probe.Split.TEST);
        List<Probe.Turn> chosen = new ArrayList<>();
        for (int i = 0; i < turns.size() && chosen.size() < most; i += 2) {
            chosen.add(turns.get(i));
        }
        List<int[]> users =
                chosen.stream().map(turn -> chat.slot().user(turn.user())).toList();
        List<int[]> answers =
                new ProbeMaker(chat).answersOf(behaviour, users, Sampling.defaults(ProbeMaker.ANSWER_TOKENS, seed));
        return new Probe("own", chosen).withAnswers("own", behaviour.name(), answers);
    }

    @Override
    public void close() {
        anchor.close();
        scope.close();
    }
}
