package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.predict.Predictor;
import assay.discover.predict.SketchFit;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.measure.behaviour.SoftPrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Laws of the search by the exact gradient, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GradientSearchTest {
    private static final PromptSearch.Options SMALL = new PromptSearch.Options(30, 8, 0, 600, 1, 0);

    @SuppressWarnings("NullAway.Init")
    private TinySearch tiny;

    @SuppressWarnings("NullAway.Init")
    private SketchFit start;

    private final AtomicInteger runs = new AtomicInteger();
    private final List<Integer> counted = new ArrayList<>();

    @BeforeAll
    void open(@TempDir Path folder) throws IOException {
        tiny = TinySearch.open(folder);
        start = tiny.standing(tiny.prompt("You are a sad cook and talk of rain."));
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    /// A step along the gradient changes the gain by its squared length, and a step across it by nothing.
    @Test
    void theSlopeIsThatOfTheExactGain() {
        SketchFit.Lack lack = start.lack(1);
        SketchFit.Atom prompt = start.alike(lack, 3).getLast();
        int[] tokens = tiny.prompt(prompt.text()).tokens();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor embeddings =
                    tiny.chat.model().embed(TokenBatch.of(tokens), Overlay.NONE).squeeze(0);
            float[][] slope = tiny.sketcher.slope(
                    embeddings, sketch -> lack.gains(new Predictor.Guess(sketch, Torch.floats(new float[1], 1))));
            assertThat(slope).hasNumberOfRows(tokens.length);
            double square = 0;
            for (float[] row : slope) {
                for (float value : row) {
                    square += (double) value * value;
                }
            }
            double step = 1e-2 / Math.sqrt(square);
            double change = gain(embeddings, slope, step, lack) - gain(embeddings, slope, -step, lack);
            assertThat(change).isCloseTo(2 * step * square, within(0.05 * 2 * step * square));
            assertThat(gain(embeddings, slope, 0, lack)).isCloseTo(lack.gain(prompt.sketch()), within(1e-4));
        }
    }

    @Test
    void itSpendsItsRunsAndFindsTheSameEveryTime() {
        runs.set(0);
        List<PromptSearch.Found> found = search(SMALL);
        assertThat(found).isNotEmpty().hasSize(runs.get());
        assertThat(counted.getLast()).isLessThanOrEqualTo(SMALL.runs());
        assertThat(found.size()).isBetween(12, 24);
        assertThat(search(SMALL)).extracting(one -> one.atom().text()).isEqualTo(texts(found));
        assertThat(texts(found)).doesNotHaveDuplicates().doesNotContainAnyElementsOf(texts(start));
        assertThat(found).allSatisfy(one -> {
            assertThat(one.atom().source()).isEqualTo("search:gcg");
            assertThat(one.atom().text()).matches("[\\x20-\\x7e]+");
            assertThat(one.predicted()).isNotEqualTo(one.gain());
        });
    }

    @Test
    void withMoreRunsTheTargetIsExplainedBetterThanByWhatWasKnown() {
        List<PromptSearch.Found> found = search(new PromptSearch.Options(160, 40, 0, 600, 1, 0));
        SketchFit after =
                start.with(found.stream().map(PromptSearch.Found::atom).toList());
        assertThat(after.lack(1).explained()).isGreaterThan(start.lack(1).explained());
    }

    @Test
    void aForbiddenPromptIsNotFoundAndNoTimeMeansNoSearch() {
        List<String> first = texts(search(SMALL));
        GradientSearch search = new GradientSearch(tiny.chat, tiny.sketcher, listener());
        assertThat(texts(search.run(start, first::contains, SMALL))).doesNotContainAnyElementsOf(first);
        assertThat(search.run(start, _ -> false, new PromptSearch.Options(30, 8, 0, 0, 1, 0)))
                .isEmpty();
    }

    private double gain(Tensor embeddings, float[][] slope, double step, SketchFit.Lack lack) {
        float[] moved = Torch.toFloats(embeddings);
        int width = slope[0].length;
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (step * slope[i / width][i % width]);
        }
        SoftPrompt prompt = SoftPrompt.inSlot("moved", Torch.floats(moved, slope.length, width));
        return lack.gain(tiny.sketcher.sketches(List.of(prompt), _ -> {})[0]);
    }

    private List<PromptSearch.Found> search(PromptSearch.Options options) {
        return new GradientSearch(tiny.chat, tiny.sketcher, listener()).run(start, _ -> false, options);
    }

    private PromptSearch.Listener listener() {
        return new PromptSearch.Listener() {
            @Override
            public void round(List<PromptSearch.Found> found, SketchFit standing, int screened) {
                counted.add(screened);
            }

            @Override
            public void ran() {
                runs.incrementAndGet();
            }
        };
    }

    private static List<String> texts(List<PromptSearch.Found> found) {
        return found.stream().map(one -> one.atom().text()).toList();
    }

    private static List<String> texts(SketchFit standing) {
        return standing.atoms().stream().map(SketchFit.Atom::text).toList();
    }
}
