package assay.tasks.extend;

import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.Atlas;
import assay.discover.predict.Novelty;
import assay.discover.predict.Predictor;
import assay.discover.predict.PromptReader;
import assay.discover.predict.ReadingShelf;
import assay.engine.model.ChatModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Says how novel prompts are to an atlas without running them: reads them and has their sketches predicted.
///
/// What is held, for sketches of 3,072 numbers and readings of 1,728: the predictor's n² kernel, n readings and n
/// sketches, 160 MB for n = 4,400 and 260 MB for the most, 6,000; and [Novelty], 38 MB. A batch takes some 20 MB more.
public final class NoveltyScreen implements ScreenCrew {
    /// Most prompts of an atlas that are predicted from: memory grows with their square.
    private static final int MOST_LEARNT = 6_000;

    private final PromptReader reader;
    private final Predictor predictor;
    private final Novelty novelty;

    /// Learns from an atlas whose prompts are read now, unless they are on the shelf.
    public NoveltyScreen(Atlas atlas, ChatModel chat, ReadingShelf shelf, Job job) {
        reader = new PromptReader(chat);
        int count = Math.min(MOST_LEARNT, atlas.entries().size());
        int[] chosen = IntStream.range(0, count)
                .map(i -> (int) ((long) i * atlas.entries().size() / count))
                .toArray();
        Atlas learnt =
                atlas.with(Arrays.stream(chosen).mapToObj(atlas.entries()::get).toList());
        float[][] readings = shelf.readings(learnt, chat, job);
        try (var _ = job.stage("predictor", 0)) {
            float[][] sketches =
                    Arrays.stream(chosen).mapToObj(atlas.sketches()::row).toArray(float[][]::new);
            predictor = new Predictor(readings, sketches);
            novelty = new Novelty(atlas.sketches());
        }
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public List<List<Shortlist.Kept>> look(List<List<Candidate>> batches, double least) {
        return batches.stream().map(batch -> novel(batch, least)).toList();
    }

    private List<Shortlist.Kept> novel(List<Candidate> batch, double least) {
        float[][] readings = reader.read(batch.stream().map(Candidate::tokens).toList());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Predictor.Guess guess = predictor.guess(readings);
            float[] novelties = novelty.of(guess.sketches());
            float[] sketches = Torch.toFloats(guess.sketches());
            int numbers = predictor.numbers();
            List<Shortlist.Kept> novel = new ArrayList<>();
            for (int i = 0; i < novelties.length; i++) {
                if (novelties[i] >= least) {
                    float[] sketch = Arrays.copyOfRange(sketches, i * numbers, (i + 1) * numbers);
                    novel.add(Shortlist.Kept.of(batch.get(i), novelties[i], sketch));
                }
            }
            return novel;
        }
    }

    @Override
    public void close() {
        novelty.close();
        predictor.close();
    }
}
