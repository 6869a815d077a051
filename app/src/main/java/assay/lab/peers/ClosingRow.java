package assay.lab.peers;

import assay.InputException;
import assay.base.tensor.Torch;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import assay.lab.bench.Gate;
import assay.lab.bench.Opened;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.tasks.distil.Curriculum;
import assay.tasks.session.Precision;
import assay.train.SoftStudent;
import assay.train.Teacher;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How long a soft prompt trains until it closes what is asked of it, on turns it does not learn from.
record ClosingRow() implements Row {
    private static final double AIM = 0.84;
    private static final int SOFT_TOKENS = 16;
    private static final Trainer.Options TRAINING = new Trainer.Options(8, 320, 0.04, 5, 1, 10, 1000, 0);

    @Override
    public String name() {
        return "closing";
    }

    @Override
    public String title() {
        return "training 16 soft tokens until they close .84 of the pirate adapter, looks not counted";
    }

    @Override
    public String peer() {
        return "PEFT prompt tuning around transformers, the same objective, lessons, Adam and rates";
    }

    @Override
    public Gate gate() {
        return Gate.faster(3);
    }

    @Override
    public double tolerance() {
        return 0.05;
    }

    @Override
    public String agreement() {
        return "how much less is closed when it ends than by the peer";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Opened opened = Opened.of(setting, Precision.AUTO);
        Behaviour teacher = setting.small()
                ? HardPrompt.of(Phrases.prompt(1234), opened.chat().tokenizer())
                : opened.session()
                        .adapter(setting.home()
                                .resolve("examples/adapters/pirate")
                                .toString())
                        .behaviour();
        Curriculum curriculum = setting.small()
                ? new Curriculum(toy(opened.chat(), 0), toy(opened.chat(), 9))
                : Curriculum.of(
                        opened.chat(),
                        opened.session().atlasIfAny().map(AtlasShelf.Shelved::atlas),
                        teacher,
                        0,
                        setting.job());
        TrainingSet set = curriculum.trainingSet(new Teacher.Acting(teacher), opened.chat(), setting.job());
        int length = setting.size(SOFT_TOKENS, 4);
        int[] ids = Phrases.tokens(opened.chat().tokenizer(), length, 8);
        float[] start = Torch.toFloats(opened.model().embed(TokenBatch.of(ids), Overlay.NONE));
        setting.write("start.f32", start);
        Trainer.Options options = setting.small() ? new Trainer.Options(2, 3, 0.01, 2, 1, 1, 1000, 0) : TRAINING;
        Trainer trainer =
                set.trainer(new SoftStudent(length, opened.model().hidden(), PeftPrompt.Place.PREFIX), options);
        Runner runner = new Runner(opened.chat());
        List<TrainingSet.Lesson> lessons = TrainingSet.lessons(curriculum.foreign(), curriculum.own(), runner);
        List<Context> search = new ArrayList<>(curriculum.foreign().contexts(Probe.Split.SEARCH, runner));
        search.addAll(curriculum.own().contexts(Probe.Split.SEARCH, runner));
        List<Context> all = new ArrayList<>(search);
        lessons.forEach(lesson -> all.addAll(lesson.contexts()));
        setting.write("teacher.f32", Torch.toFloats(runner.hidden(teacher, all)));
        double aim = setting.small() ? Double.NEGATIVE_INFINITY : AIM;
        return new Ready(
                opened, set, trainer, start, new Work(search, lessons), new Found(setting, aim, new double[1]));
    }

    /// User turns answered by words that nobody wrote.
    private static Probe toy(ChatModel chat, long seed) {
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Probe.Split split = List.of(Probe.Split.SEARCH, Probe.Split.FIT, Probe.Split.TEST)
                    .get(i % 3);
            int[] answer = Phrases.tokens(chat.tokenizer(), 4, 700 + 10 * seed + i);
            turns.add(new Probe.Turn("Question number " + i + "?", split, "", answer));
        }
        return new Probe(seed == 0 ? "foreign" : "own", turns);
    }

    /// What is learned from, and what is looked at.
    private record Work(List<Context> search, List<TrainingSet.Lesson> lessons) {}

    /// @param aim share to be closed
    /// @param closed at the end
    private record Found(Setting setting, double aim, double[] closed) {}

    /// Enough is closed.
    private static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1;

        Reached() {
            super("reached", null, false, false);
        }
    }

    private record Ready(Opened opened, TrainingSet set, Trainer trainer, float[] start, Work work, Found found)
            implements ReadyRow {
        /// A training takes minutes: one counts.
        @Override
        public int most() {
            return 1;
        }

        @Override
        public boolean isWarm() {
            return true;
        }

        @Override
        public double run() {
            TrainingState state = TrainingState.begin(new float[][] {start});
            try {
                trainer.run(state, now -> {
                    found.setting.job().check();
                    if (now.looks().getLast().step() > 0
                            && now.looks().getLast().closed() >= found.aim) {
                        throw new Reached();
                    }
                });
                throw new InputException("row closing: expected " + found.aim + " closed, found "
                        + state.looks().getLast().closed() + " after " + state.step() + " steps.");
            } catch (Reached _) {
                found.closed[0] = state.looks().getLast().closed();
                return state.looks().getLast().seconds();
            }
        }

        @Override
        public Map<String, Object> task() {
            Trainer.Options options = trainer.options();
            return Map.of(
                    "dtype", opened.model().dtype().name(),
                    "before", opened.chat().slot().prefix(new int[0]),
                    "search", rows(work.search),
                    "lessons",
                            work.lessons.stream()
                                    .map(lesson -> rows(lesson.contexts()))
                                    .toList(),
                    "length", start.length / opened.model().hidden(),
                    "training",
                            Map.of(
                                    "turns", Math.min(options.turnsPerStep(), work.lessons.size()),
                                    "steps", options.steps(),
                                    "rate", options.rate(),
                                    "warmup", options.warmup(),
                                    "look", options.lookEvery()),
                    "aim", Double.isFinite(found.aim) ? found.aim : -1e9);
        }

        private static List<Map<String, Object>> rows(List<Context> contexts) {
            return contexts.stream()
                    .map(context -> Map.<String, Object>of("ids", context.tail(), "places", context.places()))
                    .toList();
        }

        @Override
        public void leave() {
            found.setting.write("ours.f32", new float[] {(float) found.closed[0]});
        }

        @Override
        public void close() {
            set.close();
            opened.close();
        }
    }
}
