package assay.lab.peers;

import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Opened;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.tasks.session.Precision;
import assay.train.SoftStudent;
import assay.train.Teacher;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.List;
import java.util.Map;

/// A step of training a soft prompt: forward, backward, Adam.
record SoftStepRow() implements Row {
    private static final int SOFT_TOKENS = 16;
    private static final int SEQUENCES = 12;
    private static final int STEPS = 8;
    private static final double RATE = 1e-3;

    @Override
    public String name() {
        return "soft-step";
    }

    @Override
    public String title() {
        return "a step of a soft prompt: 16 tokens, 12 sequences with 16 compared places each";
    }

    @Override
    public String peer() {
        return "PEFT prompt tuning around transformers, the same objective, Adam and rates";
    }

    @Override
    public Gate gate() {
        return Gate.faster(1.6);
    }

    @Override
    public double tolerance() {
        return 0.02;
    }

    @Override
    public String agreement() {
        return "difference of the running mean loss after the last step from the peer's in float32, share";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Opened opened = Opened.of(setting, Precision.AUTO);
        ChatModel chat = opened.chat();
        Runner runner = new Runner(chat);
        HardPrompt teacher = HardPrompt.of(Phrases.prompt(1234), chat.tokenizer());
        List<Context> contexts = Phrases.contexts(chat, setting.size(SEQUENCES, 2), setting.size(16, 4), 500);
        List<TrainingSet.Lesson> lessons = contexts.stream()
                .map(context -> new TrainingSet.Lesson(List.of(context)))
                .toList();
        Probe none = new Probe("none", List.of());
        TrainingSet set = TrainingSet.of(runner, new Teacher.Acting(teacher), lessons, none, none, _ -> {});
        int length = setting.size(SOFT_TOKENS, 4);
        int[] ids = Phrases.tokens(chat.tokenizer(), length, 8);
        float[] start = Torch.toFloats(chat.model().embed(TokenBatch.of(ids), Overlay.NONE));
        setting.write("start.f32", start);
        setting.write("teacher.f32", Torch.toFloats(runner.hidden(teacher, contexts)));
        int steps = setting.size(STEPS, 2);
        Trainer.Options options = new Trainer.Options(lessons.size(), steps, RATE, 1, 1, steps, 1000, 0);
        Trainer trainer = set.trainer(new SoftStudent(length, chat.model().hidden(), PeftPrompt.Place.PREFIX), options);
        return new Ready(opened, set, trainer, contexts, start, new Found(setting, new double[1]));
    }

    /// @param loss running mean after the last step
    private record Found(Setting setting, double[] loss) {}

    private record Ready(
            Opened opened, TrainingSet set, Trainer trainer, List<Context> contexts, float[] start, Found found)
            implements ReadyRow {
        @Override
        public double run() {
            TrainingState state = TrainingState.begin(new float[][] {start});
            trainer.run(state, _ -> {});
            found.loss[0] = state.looks().getLast().fit();
            return state.seconds() / state.step();
        }

        @Override
        public List<Cost> cost() {
            LanguageModel model = opened.model();
            int before = opened.chat().slot().prefix(new int[0]).length;
            int width = contexts.getFirst().tail().length;
            int soft = start.length / model.hidden();
            double tokens = (double) contexts.size() * width + before + soft;
            double places = contexts.stream().mapToInt(Context::places).sum();
            Cost there = Cost.ofTokens(model, model.layers(), tokens, 2, soft + width / 2.0);
            double table = (double) model.vocabulary() * model.hidden();
            Cost head =
                    new Cost(2 * 2 * table * places, 2 * table * model.dtype().bytes(), model.dtype());
            return List.of(there, there, head);
        }

        @Override
        public Map<String, Object> task() {
            List<int[]> rows = contexts.stream().map(Context::tail).toList();
            return Map.of(
                    "dtype", opened.model().dtype().name(),
                    "before", opened.chat().slot().prefix(new int[0]),
                    "rows", rows,
                    "places", contexts.getFirst().places(),
                    "length", start.length / opened.model().hidden(),
                    "steps", trainer.options().steps(),
                    "rate", RATE);
        }

        @Override
        public void leave() {
            found.setting.write("ours.f32", new float[] {(float) found.loss[0]});
        }

        @Override
        public void close() {
            set.close();
            opened.close();
        }
    }
}
