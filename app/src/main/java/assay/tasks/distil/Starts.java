package assay.tasks.distil;

import assay.base.run.Job;
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
import assay.measure.probe.Probe;
import assay.train.HeldOut;
import assay.train.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Where a soft prompt can begin: at the readable prompts that explain the teacher best, at neutral text, at
/// tokens drawn from the vocabulary, at random numbers.
public final class Starts {
    /// Prompts the screen proposes, run exactly on the search split.
    private static final int CANDIDATES = 16;
    /// What a start without any knowledge of the teacher is made of.
    private static final String NEUTRAL = "You are a helpful assistant. Read the message and answer it.";

    private final ChatModel chat;
    private final TrainingSet school;
    private final Behaviour teacher;
    private final Optional<Atlas> atlas;
    private final Job job;
    private @Nullable List<HardPrompt> ranked;

    /// Starts for the students of one teacher. Prompts are run when the first student asks for its starts.
    ///
    /// @param atlas the model's, if it has one
    public Starts(ChatModel chat, TrainingSet school, Behaviour teacher, Optional<Atlas> atlas, Job job) {
        this.chat = chat;
        this.school = school;
        this.teacher = teacher;
        this.atlas = atlas;
        this.job = job;
    }

    /// A way to begin.
    ///
    /// @param kind `explained`, `text`, `vocabulary` or `random`
    /// @param text the prompt it is made of; empty if none
    /// @param embeddings `[softToken hidden]` row by row
    record Start(String kind, String text, float[] embeddings) {}

    /// What was found on the way.
    ///
    /// @param starts all of them, `explained` first if there is an atlas
    /// @param best the best single readable prompt, if there is an atlas
    record Found(List<Start> starts, Optional<HardPrompt> best) {}

    /// Makes the starts of a soft prompt of `tokens` tokens.
    Found of(int tokens, long seed) {
        List<Start> starts = new ArrayList<>();
        List<HardPrompt> prompts = prompts();
        if (!prompts.isEmpty()) {
            starts.add(explained(prompts, tokens));
        }
        starts.add(new Start("text", NEUTRAL, neutral(chat, tokens)));
        SplittableRandom random = new SplittableRandom(seed);
        int[] drawn = random.ints(tokens, 0, chat.tokenizer().vocabularySize()).toArray();
        starts.add(new Start("vocabulary", chat.tokenizer().decode(drawn), embedded(drawn)));
        starts.add(new Start("random", "", gaussian(tokens, random)));
        return new Found(starts, prompts.stream().findFirst());
    }

    private List<HardPrompt> prompts() {
        List<HardPrompt> known = ranked;
        if (known == null) {
            known = atlas.map(this::ranked).orElse(List.of());
            ranked = known;
        }
        return known;
    }

    /// The screen's candidates, nearest to the teacher on the search split first.
    private List<HardPrompt> ranked(Atlas atlas) {
        List<HardPrompt> candidates =
                Screen.prompts(new Screen(atlas).candidates(sketch(atlas), CANDIDATES, Set.of()), chat.tokenizer());
        double[] closed = new double[candidates.size()];
        try (Stage stage = job.stage("prompts to begin from", candidates.size())) {
            List<Runnable> work = new ArrayList<>();
            for (int i = 0; i < closed.length; i++) {
                int index = i;
                work.add(() -> {
                    job.check();
                    closed[index] = school.search().closed(candidates.get(index));
                    stage.advance(1);
                });
            }
            SideBySide.run(work);
        }
        return IntStream.range(0, closed.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -closed[i]))
                .map(candidates::get)
                .toList();
    }

    private float[] sketch(Atlas atlas) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Runner runner = school.runner();
            List<Context> contexts = atlas.probe().contexts(Probe.Split.SEARCH, runner);
            Tensor delta = runner.hidden(teacher, contexts).sub(runner.hidden(Behaviour.BASE, contexts));
            return atlas.map().sketch(delta, contexts);
        }
    }

    /// The best few prompts one after the other, in the arrangement that closes most before any training.
    private Start explained(List<HardPrompt> prompts, int tokens) {
        HeldOut search = school.search();
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
            double closed = search.closed(new HardPrompt(text, ids));
            if (best == null || closed > most) {
                best = new Start("explained", text, embedded(ids));
                most = closed;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    private static int[] repeated(int[] ids, int tokens) {
        return IntStream.range(0, tokens).map(i -> ids[i % ids.length]).toArray();
    }

    private float[] embedded(int[] ids) {
        return embedded(chat, ids);
    }

    /// A start made of text that says nothing in particular.
    static float[] neutral(ChatModel chat, int tokens) {
        return embedded(chat, repeated(chat.tokenizer().encode(NEUTRAL), tokens));
    }

    private static float[] embedded(ChatModel chat, int[] ids) {
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
