package assay.lab.growth;

import assay.base.sparse.GramPursuit;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import assay.lab.bench.Opened;
import assay.lab.bench.Phrases;
import assay.lab.bench.PlantedFit;
import assay.lab.bench.PursuitTask;
import assay.lab.bench.Setting;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.tasks.session.Precision;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// What is made larger, all else being equal.
enum Axis {
    DICTIONARY("sketches", "pursuit of 20 atoms over so many random sketches of 256 numbers"),
    PROBE("conversations", "one prompt run on so many conversations with 16 places each"),
    ATOMS("prompts", "convex KL fit of so many weights on 400 places, states known"),
    LENGTH("tokens", "a prompt of so many tokens run on 32 conversations with 16 places each"),
    WIDTH("numbers", "16 sequences of 32 tokens through four blocks so wide, random weights, fp32"),
    CORES("cores", "16 prompts run side by side on 32 conversations, with so many cores");

    private static final int NUMBERS = 256;
    private static final int PLACES = 16;

    private final String unit;
    private final String title;

    Axis(String unit, String title) {
        this.unit = unit;
        this.title = title;
    }

    /// As `--axes` names it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What a size is a number of.
    String unit() {
        return unit;
    }

    /// What is done at each size.
    String title() {
        return title;
    }

    /// From small to large.
    int[] sizes(boolean isSmall) {
        int cores = Runtime.getRuntime().availableProcessors();
        return switch (this) {
            case DICTIONARY -> isSmall ? steps(64, 128, 256) : steps(1_000, 10_000, 100_000, 1_000_000);
            case PROBE -> isSmall ? steps(1, 2, 4) : steps(16, 32, 64, 128, 256);
            case ATOMS -> isSmall ? steps(2, 4, 6) : steps(5, 10, 20, 40, 80);
            case LENGTH -> isSmall ? steps(4, 8, 16) : steps(16, 32, 64, 128, 256, 512, 1024);
            case WIDTH -> isSmall ? steps(128, 256, 384) : steps(256, 512, 1024);
            case CORES -> cores == 1 ? steps(1) : steps(Math.max(1, cores / 4), cores);
        };
    }

    private static int[] steps(int... sizes) {
        return sizes;
    }

    /// What is needed for any size; the caller closes it.
    Ready ready(Setting setting) {
        return switch (this) {
            case DICTIONARY -> new Ready(Axis::pursuit, () -> {});
            case WIDTH -> new Ready(size -> width(size, setting.small()), () -> {});
            case ATOMS -> {
                Opened opened = Opened.of(setting, Precision.AUTO);
                int most = IntStream.of(sizes(setting.small())).max().orElseThrow();
                PlantedFit fit = PlantedFit.of(opened.chat(), most, setting.size(10, 2), setting.size(40, 5));
                yield new Ready(size -> new Work(() -> fit.weights(size), () -> {}), () -> {
                    fit.close();
                    opened.close();
                });
            }
            case PROBE -> {
                Opened opened = Opened.of(setting, Precision.AUTO);
                yield new Ready(size -> runs(opened, 1, 12, size), opened::close);
            }
            case LENGTH -> {
                Opened opened = Opened.of(setting, Precision.AUTO);
                yield new Ready(size -> runs(opened, 1, size, setting.size(32, 2)), opened::close);
            }
            case CORES -> {
                Opened opened = Opened.of(setting, Precision.AUTO);
                Work all = runs(opened, setting.size(16, 3), 12, setting.size(32, 2));
                yield new Ready(
                        size -> size == Runtime.getRuntime().availableProcessors() ? all : alone(all), opened::close);
            }
        };
    }

    /// One axis made ready.
    record Ready(IntFunction<Work> at, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    /// What is timed, and what is freed behind it.
    record Work(Runnable run, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    private static Work pursuit(int sketches) {
        PursuitTask task = PursuitTask.of(sketches, NUMBERS, 20);
        GramPursuit pursuit = new GramPursuit(task.vectors());
        return new Work(() -> pursuit.run(task.target(), 20, Set.of(), 1), () -> {});
    }

    private static Work width(int hidden, boolean isSmall) {
        int vocabulary = isSmall ? 256 : 8192;
        LanguageModel model = LanguageModel.drawn(hidden, isSmall ? 2 : 4, vocabulary, 1);
        IntUnaryOperator token = i -> (7 + 31 * i) % vocabulary;
        int[] row = IntStream.range(0, 32).map(token).toArray();
        TokenBatch batch = new TokenBatch(Collections.nCopies(16, row));
        return new Work(
                () -> {
                    try (TensorScope _ = TensorScope.withoutGradients()) {
                        model.hidden(batch, null, Overlay.NONE, Positions.all(batch));
                    }
                },
                model::close);
    }

    private static Work runs(Opened opened, int prompts, int tokens, int conversations) {
        List<Context> contexts = Phrases.contexts(opened.chat(), conversations, PLACES, 100);
        List<HardPrompt> all = IntStream.range(0, prompts)
                .mapToObj(i -> new HardPrompt(
                        "prompt " + i, Phrases.tokens(opened.chat().tokenizer(), tokens, 50 + i)))
                .toList();
        Runner runner = new Runner(opened.chat());
        return new Work(
                () -> {
                    List<Tensor> states = all.size() == 1
                            ? List.of()
                            : SideBySide.map(all, prompt -> states(runner, prompt, contexts));
                    states.forEach(Tensor::releaseReference);
                    if (all.size() == 1) {
                        states(runner, all.getFirst(), contexts).releaseReference();
                    }
                },
                () -> {});
    }

    private static Tensor states(Runner runner, HardPrompt prompt, List<Context> contexts) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = runner.hidden(prompt, contexts);
            hidden.retainReference();
            return hidden;
        }
    }

    /// The same within one piece of many: its own pieces find no further core.
    private static Work alone(Work work) {
        return new Work(
                () -> SideBySide.one(() -> {
                    work.run().run();
                    return true;
                }),
                () -> {});
    }
}
