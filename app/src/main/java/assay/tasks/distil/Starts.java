package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Refusal;
import assay.base.run.SoundJson;
import assay.base.run.Stage;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.judge.Distillation;
import assay.measure.probe.Preimage;
import assay.measure.probe.Probe;
import assay.train.Checkpoint;
import assay.train.LoraStudent;
import assay.train.SoftStudent;
import assay.train.Student;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where the students of one teacher begin. A stand-in lets several starts train for a few steps and goes on with the
/// one that closes most on the search split: the readable prompts that explain the teacher best, neutral text, tokens
/// drawn from the vocabulary, random numbers. What is baked has one start. A training that was stopped begins where it
/// was.
final class Starts {
    /// Prompts the screen proposes, run exactly on the search split.
    private static final int CANDIDATES = 16;
    /// What a start without any knowledge of the teacher is made of.
    private static final String NEUTRAL = "You are a helpful assistant. Read the message and answer it.";

    private static final String STARTS = "starts";
    private static final String BEST = "best_prompt";

    private final TrainingSet set;
    private final Behaviour teacher;
    private final Optional<Atlas> atlas;
    private final Job job;
    private final ChatModel chat;
    private @Nullable List<HardPrompt> ranked;

    /// Prompts are run when the first student asks for its starts.
    ///
    /// @param atlas the model's, if it has one
    Starts(TrainingSet set, Behaviour teacher, Optional<Atlas> atlas, Job job) {
        this.set = set;
        this.teacher = teacher;
        this.atlas = atlas;
        this.job = job;
        this.chat = set.runner().chat();
    }

    /// A way to begin.
    ///
    /// @param kind `explained`, `text`, `vocabulary` or `random`
    /// @param text the prompt it is made of; empty if none
    /// @param embeddings `[softToken hidden]` row by row
    private record Start(String kind, String text, float[] embeddings) {
        TrainingState begin() {
            return TrainingState.begin(new float[][] {embeddings});
        }
    }

    /// A training that has begun.
    ///
    /// @param state where it stands
    /// @param tried all starts that were tried
    /// @param bestPrompt the best single readable prompt; empty if none is known
    record Begun(TrainingState state, List<Distillation.Start> tried, String bestPrompt) {
        /// What a checkpoint has to remember besides the state.
        Map<String, String> notes() {
            return Map.of(STARTS, JsonMapper.shared().writeValueAsString(tried), BEST, bestPrompt);
        }
    }

    /// Begins, or goes on.
    Begun begin(Distil.Options options, TrainingStore store) {
        Student student = options.form().student(chat.model());
        return store.saved(saved -> resumed(saved, student)).orElseGet(() -> switch (options.purpose()) {
            case BAKE -> new Begun(TrainingState.begin(own(options)), List.of(), "");
            case DISTIL -> tried(options);
        });
    }

    /// Goes on with what was saved.
    ///
    /// @throws assay.InputException if it is no state of such a student
    static Begun resumed(Checkpoint saved, Student student) {
        if (!saved.state().isOf(student)) {
            throw damaged("numbers of " + student.description(), "others");
        }
        try {
            Distillation.Start[] tried = SoundJson.whole(
                    saved.notes().getOrDefault(STARTS, "[]").getBytes(StandardCharsets.UTF_8),
                    Distillation.Start[].class);
            return new Begun(saved.state(), List.of(tried), saved.notes().getOrDefault(BEST, ""));
        } catch (JacksonException broken) {
            throw damaged("the starts that were tried", "something else");
        }
    }

    private static InputException damaged(String expected, String found) {
        return Refusal.of("checkpoint", expected, found, "in the run's folder", "What it kept begins anew.");
    }

    /// The start that needs no teacher: an adapter that changes nothing, or text that says nothing in particular.
    private float[][] own(Distil.Options options) {
        return switch (options.form().student(chat.model())) {
            case LoraStudent lora -> lora.start(options.training().seed());
            case SoftStudent soft -> new float[][] {neutral(soft.length())};
        };
    }

    /// Lets every start train for a few steps.
    private Begun tried(Distil.Options options) {
        List<Start> starts = of(options.form().length(), options.training().seed());
        List<TrainingState> trials = new ArrayList<>();
        Trainer.Options few = options.training().trial(options.trialSteps());
        try (Stage stage = job.stage("starts tried", (long) starts.size() * options.trialSteps())) {
            for (Start start : starts) {
                TrainingState state = start.begin();
                set.trainer(options.form().student(chat.model()), few).run(state, _ -> {
                    job.check();
                    stage.advance(1);
                });
                trials.add(state);
            }
        }
        int chosen = 0;
        for (int i = 1; i < trials.size(); i++) {
            chosen = after(trials.get(i)) > after(trials.get(chosen)) ? i : chosen;
        }
        List<Distillation.Start> told = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            told.add(told(starts.get(i), trials.get(i), i == chosen));
        }
        String best = prompts().stream().findFirst().map(HardPrompt::text).orElse("");
        return new Begun(starts.get(chosen).begin(), told, best);
    }

    private static double after(TrainingState trial) {
        return trial.looks().getLast().closed();
    }

    private Distillation.Start told(Start start, TrainingState trial, boolean chosen) {
        double before = trial.looks().getFirst().closed();
        job.note(String.format(
                Locale.ROOT,
                "  %-10s %5.1f%% before, %5.1f%% after the trial steps",
                start.kind(),
                100 * before,
                100 * after(trial)));
        return new Distillation.Start(start.kind(), start.text(), before, after(trial), chosen);
    }

    /// The first start of a soft prompt of `tokens` tokens, without a trial.
    TrainingState first(int tokens, long seed) {
        return of(tokens, seed).getFirst().begin();
    }

    /// The starts of a soft prompt of `tokens` tokens, `explained` first if there is an atlas.
    private List<Start> of(int tokens, long seed) {
        List<Start> starts = new ArrayList<>();
        List<HardPrompt> prompts = prompts();
        if (!prompts.isEmpty()) {
            starts.add(explained(prompts, tokens));
        }
        starts.add(new Start("text", NEUTRAL, neutral(tokens)));
        SplittableRandom random = new SplittableRandom(seed);
        int[] drawn = random.ints(tokens, 0, chat.tokenizer().vocabularySize()).toArray();
        starts.add(new Start("vocabulary", chat.tokenizer().decode(drawn), embedded(drawn)));
        starts.add(new Start("random", "", gaussian(tokens, random)));
        return starts;
    }

    private List<HardPrompt> prompts() {
        if (ranked == null) {
            ranked = atlas.map(this::ranked).orElse(List.of());
        }
        return ranked;
    }

    /// The screen's candidates, nearest to the teacher on the search split first.
    private List<HardPrompt> ranked(Atlas atlas) {
        List<HardPrompt> candidates =
                Screen.prompts(new Screen(atlas).candidates(sketch(atlas), CANDIDATES, Set.of()), chat.tokenizer());
        double[] closed = new double[candidates.size()];
        try (Stage stage = job.stage("prompts to begin from", candidates.size())) {
            SideBySide.run(IntStream.range(0, closed.length)
                    .<Runnable>mapToObj(i -> () -> {
                        job.check();
                        closed[i] = set.search().closed(candidates.get(i));
                        stage.advance(1);
                    })
                    .toList());
        }
        return IntStream.range(0, closed.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -closed[i]))
                .map(candidates::get)
                .toList();
    }

    private float[] sketch(Atlas atlas) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = set.runner();
            List<Context> contexts = atlas.probe().contexts(Probe.Split.SEARCH, runner);
            Tensor base = runner.hidden(Behaviour.BASE, contexts);
            Tensor delta = runner.hidden(teacher, contexts).sub(base);
            long hidden = chat.model().hidden();
            return atlas.map().sketch(Preimage.of(delta, base, runner.unembedding(), hidden), contexts);
        }
    }

    /// The best few prompts one after the other, in the arrangement that closes most before any training.
    private Start explained(List<HardPrompt> prompts, int tokens) {
        List<List<HardPrompt>> arrangements =
                List.of(prompts.subList(0, 1), prompts.subList(0, Math.min(2, prompts.size())), prompts);
        Start best = null;
        double most = Double.NEGATIVE_INFINITY;
        for (List<HardPrompt> arrangement : arrangements) {
            int[] ids = repeated(
                    arrangement.stream()
                            .flatMapToInt(prompt -> Arrays.stream(prompt.tokens()))
                            .toArray(),
                    tokens);
            String text = chat.tokenizer().decode(ids);
            double closed = set.search().closed(new HardPrompt(text, ids));
            if (best == null || closed > most) {
                best = new Start("explained", text, embedded(ids));
                most = closed;
            }
        }
        return Objects.requireNonNull(best);
    }

    private static int[] repeated(int[] ids, int tokens) {
        return IntStream.range(0, tokens).map(i -> ids[i % ids.length]).toArray();
    }

    private float[] neutral(int tokens) {
        return embedded(repeated(chat.tokenizer().encode(NEUTRAL), tokens));
    }

    private float[] embedded(int[] ids) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return Torch.toFloats(chat.model().embed(TokenBatch.of(ids), Overlay.NONE));
        }
    }

    /// Numbers with the spread of the model's own embeddings.
    private float[] gaussian(int tokens, SplittableRandom random) {
        float[] known =
                embedded(random.ints(256, 0, chat.tokenizer().vocabularySize()).toArray());
        double square = 0;
        for (float value : known) {
            square += value * value;
        }
        double spread = Math.sqrt(square / known.length);
        float[] values = new float[tokens * chat.model().hidden()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (spread * random.nextGaussian());
        }
        return values;
    }
}
