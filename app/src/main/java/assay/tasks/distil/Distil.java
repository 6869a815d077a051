package assay.tasks.distil;

import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.Stage;
import assay.base.sparse.Bootstrap;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.engine.hub.ModelStore;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.peft.PeftPrompt;
import assay.engine.peft.PeftWriter;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Setting;
import assay.measure.judge.Explanation.Divergence;
import assay.measure.judge.Explanation.Finding;
import assay.show.page.Figures;
import assay.tasks.session.FirstContext;
import assay.tasks.session.Target;
import assay.train.LoraStudent;
import assay.train.SoftStudent;
import assay.train.Student;
import assay.train.Teacher;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/// One behaviour into another, from end to end: an adapter into a soft prompt, or what a prompt asks for and what
/// examples show into an adapter or a soft prompt.
///
/// 1. The teacher answers many user turns itself; the answers of others to the same turns are kept on a shelf.
/// 2. It is run on all of them once: what it says there is all its students need.
/// 3. The student begins; see [Starts].
/// 4. It is trained; the search split says when to stop and which numbers to keep.
/// 5. The test split says what they are worth and, of a stand-in for an adapter, where it falls short and whether the
///    model does the same thing inside.
///
/// One object serves all students of one teacher; closing it frees what the teacher said.
///
/// @param teacher what it is called in the report
/// @param set what students are trained and examined on
public record Distil(Target teacher, Curriculum curriculum, TrainingSet set, Starts starts, Job job)
        implements AutoCloseable {
    /// Hears a teacher on all its contexts.
    ///
    /// @param heard what it says
    static Distil of(
            Target teacher, Teacher heard, Curriculum curriculum, ChatModel chat, Optional<Atlas> atlas, Job job) {
        TrainingSet set = curriculum.trainingSet(heard, chat, job);
        return new Distil(teacher, curriculum, set, new Starts(set, teacher.behaviour(), atlas, job), job);
    }

    /// Runs a teacher on all its contexts.
    ///
    /// @param atlas in which readable starts are looked for, if there is one
    public static Distil of(Target teacher, Curriculum curriculum, ChatModel chat, Optional<Atlas> atlas, Job job) {
        return of(teacher, new Teacher.Acting(teacher.behaviour()), curriculum, chat, atlas, job);
    }

    /// What a student is made for.
    public enum Purpose {
        /// To stand in for an adapter: it begins at the best of several starts and is looked into.
        DISTIL,
        /// To do what is known: it has one start, and only what it closes is measured.
        BAKE;

        /// The command that asks for it.
        String command() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How to distil.
    ///
    /// @param purpose what the student is made for
    /// @param form what learns
    /// @param training how to train
    /// @param trialSteps steps every start gets before one is chosen
    /// @param sweep other lengths to train as well
    public record Options(
            Purpose purpose, StudentForm form, Trainer.Options training, int trialSteps, List<Integer> sweep) {
        /// A stand-in in the system slot, 160 steps of eight user turns.
        public static Options defaults(int tokens, long seed) {
            Trainer.Options training = new Trainer.Options(8, 160, 0.04, 5, 1, 10, 6, seed);
            return new Options(Purpose.DISTIL, new StudentForm.Soft(tokens, "system"), training, 5, List.of());
        }

        /// The same in another place.
        ///
        /// @param slot `system` or `prefix`
        public Options in(String slot) {
            StudentForm there = new StudentForm.Soft(form.length(), slot.toLowerCase(Locale.ROOT));
            return new Options(purpose, there, training, trialSteps, sweep);
        }

        /// The same with another number of steps.
        public Options withSteps(int steps) {
            return new Options(purpose, form, training.withSteps(steps), trialSteps, sweep);
        }

        /// The same with another seed.
        public Options withSeed(long seed) {
            return new Options(purpose, form, training.withSeed(seed), trialSteps, sweep);
        }

        /// The same with these other lengths.
        public Options sweeping(List<Integer> lengths) {
            return new Options(purpose, form, training, trialSteps, List.copyOf(lengths));
        }

        /// What was trained before, of which everything is known.
        ///
        /// @param numbers one array per block of the student
        public Trained known(float[][] numbers, Distillation found, String base, LanguageModel model) {
            return new Trained(form.student(model), numbers, found, base);
        }

        /// The longest student asked for.
        Student longest(LanguageModel model) {
            return form.ofLength(sweep.stream().reduce(form.length(), Math::max))
                    .student(model);
        }
    }

    /// A trained student.
    ///
    /// @param student what was trained
    /// @param numbers one array per block of it
    /// @param found everything measured about it
    /// @param base what Python libraries open the model by
    public record Trained(Student student, float[][] numbers, Distillation found, String base) {
        /// The behaviour; its tensors belong to the caller's scope.
        public Behaviour behaviour() {
            return student.behaviour(student.tensors(numbers));
        }

        /// What it is, for the reader.
        public String description() {
            return student.description();
        }

        /// Leaves it as a PEFT folder that names its teacher.
        public void save(Path folder) {
            save(folder, Map.of("teacher", found.subject().teacher()));
        }

        /// Leaves it as a PEFT folder.
        ///
        /// @param origin what to write into its tensor file
        void save(Path folder, Map<String, String> origin) {
            Map<String, String> metadata = new TreeMap<>(origin);
            metadata.put("assay_version", Provenance.assayVersion());
            try (TensorScope _ = TensorScope.withoutGradients()) {
                List<Tensor> tensors = student.tensors(numbers);
                switch (student) {
                    case SoftStudent soft ->
                        PeftWriter.prompt(folder, tensors.getFirst(), soft.place(), base, metadata);
                    case LoraStudent lora ->
                        PeftWriter.lora(folder, lora.factors(tensors), lora.alpha(), base, metadata);
                }
            }
        }
    }

    /// Trains one student.
    public Trained run(Options options, TrainingStore store) {
        Starts.Begun begun = starts.begin(options, store);
        Student student = options.form().student(model());
        Trainer trainer = set.trainer(student, options.training());
        Trainer.End end = train(trainer, begun, options.training(), store);
        List<Distillation.Length> sweep =
                options.sweep().stream().map(tokens -> length(tokens, options)).toList();
        Distillation found = measured(student, trainer, begun, options, training(begun, options, end), sweep);
        if (options.purpose() == Purpose.BAKE) {
            note(
                    "  %.1f%% closed on unseen user turns",
                    100 * found.fidelity().foreign().value());
        }
        ChatModel chat = set.runner().chat();
        String base = ModelStore.baseName(chat.model().name(), chat.path());
        return new Trained(student, begun.state().best(), found, base);
    }

    private LanguageModel model() {
        return set.runner().chat().model();
    }

    private Trainer.End train(Trainer trainer, Starts.Begun begun, Trainer.Options options, TrainingStore store) {
        Map<String, String> notes = begun.notes();
        try (Stage stage = job.stage("training steps", options.steps())) {
            stage.skip(begun.state().step());
            Trainer.End end = trainer.run(begun.state(), state -> {
                stage.advance(1);
                if (state.step() % options.lookEvery() == 0) {
                    double closed = state.looks().getLast().closed();
                    note("  step " + state.step() + ": %.1f%% closed on the search split", 100 * closed);
                }
                store.after(state, notes, job);
            });
            store.keep(begun.state(), notes);
            return end;
        }
    }

    private void note(String pattern, double percent) {
        job.note(String.format(Locale.ROOT, pattern, percent));
    }

    /// A student of another length, trained as the main one was but from one start: how much do more tokens buy?
    private Distillation.Length length(int tokens, Options options) {
        Trainer.Options training = options.training();
        TrainingState state = starts.first(tokens, training.seed());
        Trainer trainer = set.trainer(options.form().ofLength(tokens).student(model()), training);
        try (Stage stage = job.stage("training steps, " + tokens + " tokens", training.steps())) {
            trainer.run(state, _ -> {
                job.check();
                stage.advance(1);
            });
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            DistilJudge judge = new DistilJudge(set, Bootstrap.defaults(training.seed()));
            Behaviour student = trainer.behaviour(state.best());
            return new Distillation.Length(tokens, judge.foreign(student), judge.own(student), state.seconds());
        }
    }

    private Distillation measured(
            Student student,
            Trainer trainer,
            Starts.Begun begun,
            Options options,
            Distillation.Training training,
            List<Distillation.Length> sweep) {
        boolean standsIn = options.purpose() == Purpose.DISTIL;
        try (TensorScope _ = TensorScope.withoutGradients();
                Stage stage = (standsIn ? job : job.untold()).stage("measured on unseen turns", 3)) {
            DistilJudge judge =
                    new DistilJudge(set, Bootstrap.defaults(options.training().seed()));
            Behaviour trained = trainer.behaviour(begun.state().best());
            DistilJudge.Left left = judge.left(trained);
            Distillation.Fidelity fidelity =
                    judge.fidelity(left, untrained(student, trainer, begun.state()), prompt(begun.bestPrompt()));
            stage.advance(1);
            List<Distillation.Layer> mechanism = standsIn ? judge.mechanism(teacher.behaviour(), trained) : List.of();
            stage.advance(1);
            List<Distillation.Remaining> remains =
                    standsIn ? judge.remaining(left, teacher.behaviour(), trained, curriculum) : List.of();
            stage.advance(1);
            return new Distillation(
                    subject(student),
                    judge.divergence(),
                    fidelity,
                    training,
                    sweep,
                    remains,
                    mechanism,
                    verdict(options, judge.divergence(), fidelity, training));
        }
    }

    private static Finding verdict(
            Options options, Divergence divergence, Distillation.Fidelity fidelity, Distillation.Training training) {
        List<Double> looks =
                training.curve().stream().map(Distillation.Point::closed).toList();
        return switch (options.purpose()) {
            case DISTIL ->
                DistilVerdict.soft(divergence, fidelity, options.form().length(), looks);
            case BAKE -> DistilVerdict.baked(divergence, fidelity);
        };
    }

    /// An adapter starts as the base, with B = 0; a soft prompt at words.
    private static Behaviour untrained(Student student, Trainer trainer, TrainingState state) {
        return student instanceof SoftStudent ? trainer.behaviour(state.start()) : Behaviour.BASE;
    }

    private Optional<HardPrompt> prompt(String text) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(HardPrompt.of(text, set.runner().chat().tokenizer()));
    }

    private Distillation.Subject subject(Student student) {
        return new Distillation.Subject(
                model().name(),
                set.runner().chat().sha256(),
                teacher.kind(),
                teacher.name(),
                teacher.description(),
                words(student),
                student instanceof SoftStudent soft ? soft.length() : 0,
                FirstContext.setup(
                        teacher,
                        set.runner().chat(),
                        curriculum.foreign().turns().getFirst().user()));
    }

    /// A student in words: `16 soft tokens in the system slot`.
    private static String words(Student student) {
        return switch (student) {
            case LoraStudent lora ->
                "LoRA r=" + lora.rank() + " on " + lora.modules().size() + " layers";
            case SoftStudent soft ->
                Figures.counted(soft.length(), "soft token")
                        + (soft.place() == PeftPrompt.Place.SYSTEM ? " in the system slot" : " in front of all input");
        };
    }

    private Distillation.Training training(Starts.Begun begun, Options options, Trainer.End end) {
        TrainingState state = begun.state();
        return new Distillation.Training(
                begun.tried(),
                state.looks().stream()
                        .map(look -> new Distillation.Point(look.step(), look.seconds(), look.closed(), look.fit()))
                        .toList(),
                settings(options.training(), options.trialSteps()),
                curriculum.sizes(),
                state.seconds(),
                end.words(),
                state.bestStep());
    }

    private static List<Setting> settings(Trainer.Options training, int trialSteps) {
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

    @Override
    public void close() {
        set.close();
    }
}
