package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.SoftPrompt;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Setting;
import assay.tasks.session.Target;
import assay.train.SoftStudent;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.Tensor;

/// An adapter into a soft prompt, from end to end.
///
/// 1. The adapter answers many user turns itself; the answers of others to the same turns are kept on a shelf.
/// 2. It is run on all of them once: what it says there is all its students need.
/// 3. The atlas's sketches say which readable prompts come nearest; they, neutral text, a draw from the
///    vocabulary and random numbers each begin a soft prompt, train for a few steps, and the search split
///    chooses one.
/// 4. That one is trained on; the search split says when to stop and which numbers to keep.
/// 5. The test split says what they are worth, where they fall short, and whether the model does the same
///    thing inside.
public final class Distil {
    /// How to distil.
    ///
    /// @param tokens soft tokens
    /// @param place where they sit
    /// @param training how to train
    /// @param trialSteps steps every start gets before one is chosen
    /// @param sweep other lengths to train as well
    public record Options(
            int tokens, PeftPrompt.Place place, Trainer.Options training, int trialSteps, List<Integer> sweep) {
        /// In the system slot, 160 steps of eight user turns.
        public static Options defaults(int tokens, long seed) {
            Trainer.Options training = new Trainer.Options(8, 160, 0.04, 5, 1, 10, 6, seed);
            return new Options(tokens, PeftPrompt.Place.SYSTEM, training, 5, List.of());
        }

        /// The same in another place.
        ///
        /// @param slot `system` or `prefix`
        public Options in(String slot) {
            return new Options(tokens, placeOf(slot), training, trialSteps, sweep);
        }

        /// The same with another number of steps.
        public Options withSteps(int steps) {
            return new Options(tokens, place, training.withSteps(steps), trialSteps, sweep);
        }

        /// The same with another seed.
        public Options withSeed(long seed) {
            return new Options(tokens, place, training.withSeed(seed), trialSteps, sweep);
        }

        /// The same with these other lengths.
        public Options sweeping(List<Integer> lengths) {
            return new Options(tokens, place, training, trialSteps, List.copyOf(lengths));
        }

        /// The longest student asked for, soft tokens.
        int longest() {
            return sweep.stream().mapToInt(Integer::intValue).reduce(tokens, Math::max);
        }
    }

    /// A place by the word a user has for it.
    ///
    /// @throws InputException if there is no such place
    static PeftPrompt.Place placeOf(String slot) {
        return switch (slot.toLowerCase(Locale.ROOT)) {
            case "system" -> PeftPrompt.Place.SYSTEM;
            case "prefix" -> PeftPrompt.Place.PREFIX;
            default ->
                throw new InputException(
                        "--slot: expected system or prefix, found " + slot + ". Take system if in doubt.");
        };
    }

    private final ChatModel chat;
    private final Curriculum curriculum;
    private final TrainingSet school;
    private final Starts starts;
    private final Job job;
    private final IntConsumer stepped;

    /// Distils the teacher of one school, as often as asked.
    ///
    /// @param curriculum the school's contexts
    /// @param starts where its students can begin
    public Distil(ChatModel chat, Curriculum curriculum, TrainingSet school, Starts starts, Job job) {
        this(chat, curriculum, school, starts, job, _ -> {});
    }

    /// As above.
    ///
    /// @param stepped hears of every training step
    public Distil(
            ChatModel chat, Curriculum curriculum, TrainingSet school, Starts starts, Job job, IntConsumer stepped) {
        this.stepped = stepped;
        this.chat = chat;
        this.curriculum = curriculum;
        this.school = school;
        this.starts = starts;
        this.job = job;
    }

    /// A trained soft prompt.
    ///
    /// @param embeddings `[softToken hidden]` row by row
    /// @param place where it sits
    /// @param found everything measured about it
    public record Trained(float[] embeddings, PeftPrompt.Place place, Distillation found) {
        /// The behaviour; its tensor belongs to the caller's scope.
        public SoftPrompt behaviour(int hidden) {
            int tokens = embeddings.length / hidden;
            return new SoftPrompt(
                    "soft prompt",
                    tokens + " soft tokens, " + place.name().toLowerCase(Locale.ROOT),
                    Torch.floats(embeddings, tokens, hidden),
                    place);
        }
    }

    /// Trains one soft prompt.
    ///
    /// @param teacher the school's
    public Trained run(Target teacher, Options options, TrainingStore savings) {
        StartTrials.Begun begun = new StartTrials(chat, school, starts, job).begin(options, savings);
        Trainer trainer = school.trainer(student(options, options.tokens()), options.training());
        Trainer.End end = train(trainer, begun, options, savings);
        List<Distillation.Length> sweep = new Sweep(chat, school, starts, job).run(options);
        return trained(teacher, begun, options, end, sweep);
    }

    static SoftStudent student(Options options, int tokens, int hidden) {
        return new SoftStudent(tokens, hidden, options.place());
    }

    private SoftStudent student(Options options, int tokens) {
        return student(options, tokens, chat.model().hidden());
    }

    private Trainer.End train(Trainer trainer, StartTrials.Begun begun, Options options, TrainingStore savings) {
        Saver saver = new Saver(begun, savings);
        try (Stage stage = job.stage("training steps", options.training().steps())) {
            stage.skip(begun.state().step());
            return trainer.run(begun.state(), state -> {
                stage.advance(1);
                stepped.accept(state.step());
                tell(state, options.training(), job);
                saver.after(state, job.stopRequested());
                job.check();
            });
        }
    }

    /// Says what is closed whenever the search split was looked at.
    static void tell(TrainingState state, Trainer.Options options, Job job) {
        if (state.step() % options.lookEvery() == 0) {
            job.note(String.format(
                    Locale.ROOT,
                    "  step %d: %.1f%% closed on the search split",
                    state.step(),
                    100 * state.looks().getLast().closed()));
        }
    }

    private Trained trained(
            Target teacher,
            StartTrials.Begun begun,
            Options options,
            Trainer.End end,
            List<Distillation.Length> sweep) {
        TrainingState state = begun.state();
        try (TensorScope _ = TensorScope.withoutGradients();
                Stage stage = job.stage("measured on unseen turns", 3)) {
            DistilJudge judge = new DistilJudge(school, options.training().seed());
            Behaviour student = soft(state.best()[0], options);
            Optional<HardPrompt> best =
                    begun.bestPrompt().isEmpty() ? Optional.empty() : Optional.of(prompt(begun.bestPrompt()));
            DistilJudge.Left left = judge.left(student);
            Distillation.Fidelity fidelity = judge.fidelity(left, soft(state.start()[0], options), best);
            stage.advance(1);
            List<Distillation.Layer> mechanism = judge.mechanism(teacher.behaviour(), student);
            stage.advance(1);
            List<Distillation.Remaining> remains = new LargestGaps(school, teacher.behaviour(), student)
                    .places(left, curriculum.foreign(), curriculum.own());
            stage.advance(1);
            List<Double> looks =
                    state.looks().stream().map(TrainingState.Look::closed).toList();
            Distillation found = new Distillation(
                    subject(teacher, options),
                    judge.divergence(),
                    fidelity,
                    training(begun, options.training(), options.trialSteps(), end, curriculum),
                    sweep,
                    remains,
                    mechanism,
                    DistilVerdict.soft(judge.divergence(), fidelity, options.tokens(), looks));
            return new Trained(state.best()[0], options.place(), found);
        }
    }

    private Behaviour soft(float[] numbers, Options options) {
        Tensor embeddings = Torch.floats(numbers, options.tokens(), chat.model().hidden());
        return student(options, options.tokens()).behaviour(List.of(embeddings));
    }

    private HardPrompt prompt(String text) {
        return HardPrompt.of(text, chat.tokenizer());
    }

    private Distillation.Subject subject(Target teacher, Options options) {
        return new Distillation.Subject(
                chat.model().name(),
                chat.sha256(),
                teacher.kind(),
                teacher.name(),
                teacher.description(),
                words(options.tokens(), options.place()),
                options.tokens());
    }

    /// A soft prompt in words: `16 soft tokens in the system slot`.
    static String words(int tokens, PeftPrompt.Place place) {
        return tokens
                + (tokens == 1 ? " soft token " : " soft tokens ")
                + (place == PeftPrompt.Place.SYSTEM ? "in the system slot" : "in front of all input");
    }

    static Distillation.Training training(
            StartTrials.Begun begun, Trainer.Options options, int trialSteps, Trainer.End end, Curriculum curriculum) {
        TrainingState state = begun.state();
        List<Distillation.Point> curve = new ArrayList<>();
        state.looks()
                .forEach(look ->
                        curve.add(new Distillation.Point(look.step(), look.seconds(), look.closed(), look.fit())));
        return new Distillation.Training(
                begun.starts(),
                curve,
                settings(options, trialSteps),
                curriculum.sizes(),
                state.seconds(),
                end.words(),
                state.bestStep());
    }

    static List<Setting> settings(Trainer.Options training, int trialSteps) {
        return List.of(
                new Setting("objective", "KL(teacher ‖ student), whole vocabulary"),
                new Setting("optimiser", "Adam .9/.99, warm-up " + training.warmup() + " steps, then half a cosine"),
                new Setting("highest learning rate", Double.toString(training.rate())),
                new Setting("steps", Integer.toString(training.steps())),
                new Setting("user turns per step", Integer.toString(training.turnsPerStep())),
                new Setting("longest gradient", Double.toString(training.clip())),
                new Setting("steps every start got", Integer.toString(trialSteps)),
                new Setting("seed", Long.toString(training.seed())));
    }
}
