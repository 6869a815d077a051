package assay.budget;

import assay.base.run.Job;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.tasks.explain.Explain;
import assay.tasks.session.Target;
import assay.train.SoftStudent;
import assay.train.Teacher;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What is counted: the commands' work from end to end, on a tiny random model. Loaded by a [CountingLoader].
///
/// All of it runs as one piece of [SideBySide], whose own pieces then run on the same thread, however many cores
/// there are.
public final class ToyWork implements Supplier<Map<String, Map<String, Long>>> {
    private static final Explain.Options DICTIONARY = new Explain.Options(3, 6, 6, 2, TargetSearch.Budget.NONE, 0);

    /// Counts by work and by what is counted.
    @Override
    public Map<String, Map<String, Long>> get() {
        Counted.during(Torch::start);
        return SideBySide.one(() -> {
            Map<String, Map<String, Long>> counts = new TreeMap<>();
            Counted.during(() -> {
                try (ChatModel chat = TinyModel.open("untied-bf16")) {
                    Atlas atlas = TinyAtlas.of(chat);
                    counts.put("atlas", Counted.during(() -> TinyAtlas.of(chat)));
                    counts.put("explain", Counted.during(() -> explain(chat, atlas, DICTIONARY)));
                    Explain.Options searching = DICTIONARY.within(new TargetSearch.Budget(600, 6));
                    counts.put("explain, searching", Counted.during(() -> explain(chat, atlas, searching)));
                    counts.put("train", Counted.during(() -> train(chat, atlas.probe())));
                }
            });
            return counts;
        });
    }

    private static void explain(ChatModel chat, Atlas atlas, Explain.Options options) {
        Mixture mixture = new Mixture(
                "planted",
                List.of(
                        new Mixture.Weighted(HardPrompt.of("You are a cook.", chat.tokenizer()), 0.7),
                        new Mixture.Weighted(HardPrompt.of("Talk about rain.", chat.tokenizer()), 0.5)));
        Target target = new Target(Explanation.Kind.MIXTURE, "planted", "a mixture", mixture, "0");
        try (Job job = Job.silent()) {
            new Explain(chat, atlas, job).run(target, options);
        }
    }

    /// Ten steps of a soft prompt of four tokens.
    private static void train(ChatModel chat, Probe foreign) {
        SplittableRandom random = new SplittableRandom(17);
        List<int[]> answers = IntStream.range(0, foreign.turns().size())
                .mapToObj(_ -> random.ints(5, 40, 200).toArray())
                .toList();
        Probe own = foreign.withAnswers("own", "cook", answers);
        Runner runner = new Runner(chat);
        HardPrompt teacher = HardPrompt.of("You are a cook.", chat.tokenizer());
        Trainer.Options options = new Trainer.Options(4, 10, 0.03, 2, 1, 5, 50, 3);
        SoftStudent student = new SoftStudent(4, chat.model().hidden(), PeftPrompt.Place.PREFIX);
        float[] start = new float[4 * chat.model().hidden()];
        for (int i = 0; i < start.length; i++) {
            start[i] = (float) random.nextGaussian(0, 0.02);
        }
        try (TensorScope _ = TensorScope.withoutGradients();
                TrainingSet set = TrainingSet.of(
                        runner,
                        new Teacher.Acting(teacher),
                        TrainingSet.lessons(foreign, own, runner),
                        foreign,
                        own,
                        _ -> {})) {
            set.trainer(student, options).run(TrainingState.begin(new float[][] {start}), _ -> {});
        }
    }
}
