package assay.lab.trials;

import assay.base.run.AtomicFiles;
import assay.base.run.Stage;
import assay.base.sparse.Quantiles;
import assay.discover.atlas.Atlas;
import assay.discover.predict.GainPredictor;
import assay.discover.predict.Predictor;
import assay.discover.predict.PromptReader;
import assay.discover.predict.ReadingShelf;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Times the screen: how many prompts a second are read, and read, predicted and scored.
///
/// What it read is left in a file, so that another program can read the same states of the same prompts.
public record ScreenTrial(Session session, ReadingShelf shelf) {
    /// Prompts read together, as when an atlas is extended.
    private static final int PORTION = 384;
    /// Readings that go into the file, so that the other program's can be compared.
    private static final int COMPARED = 32;

    /// A trial with an open model.
    public ScreenTrial(Session session) {
        this(session, ReadingShelf.current());
    }

    /// What is timed.
    ///
    /// @param prompts of the atlas, drawn by chance
    /// @param rounds how often all are read; the first is not counted
    /// @param blocks run for a reading, if not as many as a search runs
    public record Options(int prompts, int rounds, Optional<Integer> blocks, long seed) {}

    /// Speeds.
    ///
    /// @param tokens of them, with what is read behind each
    /// @param flop of the blocks' matrix products for one prompt, on average
    /// @param readSeconds of every counted round, reading alone
    /// @param cpuSeconds processor time of the same rounds, which other programs hardly change
    /// @param screenSeconds of every counted round, from text to predicted gain
    public record Result(
            int prompts,
            long tokens,
            PromptReader.Extent extent,
            double flop,
            double[] readSeconds,
            double[] cpuSeconds,
            double[] screenSeconds,
            Map<String, Object> provenance) {
        /// Prompts read a second, median round.
        public double read() {
            return prompts / Quantiles.of(readSeconds, 0.5);
        }

        /// Prompts screened a second, median round.
        public double screened() {
            return prompts / Quantiles.of(screenSeconds, 0.5);
        }

        /// For people.
        public String text() {
            return String.format(
                    Locale.ROOT,
                    "%d prompts, %.1f tokens each, %d blocks: %.0f prompts/s read, %.0f prompts/s from text to predicted gain%n"
                            + "%.2f GFLOP a prompt, %.3f TFLOP/s while reading; %.2f ms of processor time a prompt%n",
                    prompts,
                    tokens / (double) prompts,
                    extent.blocks(),
                    read(),
                    screened(),
                    flop / 1e9,
                    flop * read() / 1e12,
                    1e3 * Quantiles.of(cpuSeconds, 0.5) / prompts);
        }
    }

    /// Runs the trial.
    ///
    /// @param out where prompts, speeds and some readings go, if anywhere
    public Result run(Options options, Optional<Path> out) {
        ChatModel chat = session.chat();
        Atlas atlas = session.atlas().atlas();
        PromptReader.Extent usual = PromptReader.Extent.of(chat);
        PromptReader reader = new PromptReader(
                chat, new PromptReader.Extent(options.blocks().orElse(usual.blocks()), usual.closing()));
        List<String> texts = new SplittableRandom(options.seed())
                .ints(options.prompts(), 0, atlas.entries().size())
                .mapToObj(i -> atlas.entries().get(i).text())
                .toList();
        List<int[]> prompts = texts.stream().map(chat.tokenizer()::encode).toList();
        double[] reading = new double[options.rounds() - 1];
        double[] cpu = new double[options.rounds() - 1];
        double[] screening = new double[options.rounds() - 1];
        float[][] known = shelf.readings(atlas, chat, reader, session.job());
        try (Predictor predictor = new Predictor(known, atlas.sketches().decoded());
                Stage stage = session.job().stage("rounds", options.rounds())) {
            GainPredictor scout = new GainPredictor(chat, reader, predictor);
            SketchFit.Lack lack = lack(atlas);
            for (int round = 0; round < options.rounds(); round++) {
                double cpuBefore = cpuSeconds();
                double read = seconds(prompts, reader::read);
                double cpuAfter = cpuSeconds();
                double screened = seconds(texts, part -> scout.sight(part, lack));
                if (round > 0) {
                    reading[round - 1] = read;
                    cpu[round - 1] = cpuAfter - cpuBefore;
                    screening[round - 1] = screened;
                }
                stage.advance(1);
            }
        }
        long tokens = prompts.stream()
                .mapToLong(ids -> ids.length + reader.extent().closing())
                .sum();
        Result result = new Result(
                prompts.size(),
                tokens,
                reader.extent(),
                2.0 * reader.extent().blocks() * parametersOfABlock(chat) * tokens / prompts.size(),
                reading,
                cpu,
                screening,
                session.provenance(Map.of("prompts", options.seed()), Map.of()));
        out.ifPresent(file -> write(file, result, reader, prompts));
        return result;
    }

    private <T> double seconds(List<T> all, Consumer<List<T>> work) {
        long start = System.nanoTime();
        for (int from = 0; from < all.size(); from += PORTION) {
            session.job().check();
            work.accept(all.subList(from, Math.min(all.size(), from + PORTION)));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /// Processor time of this program so far; 0 where the system does not tell.
    private static double cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toNanos() / 1e9)
                .orElse(0.0);
    }

    /// What five prompts leave of another: the speed does not depend on which.
    private static SketchFit.Lack lack(Atlas atlas) {
        List<SketchFit.Atom> atoms = IntStream.range(
                        1, Math.min(50, atlas.entries().size()))
                .mapToObj(i -> SketchFit.Atom.of(atlas, i))
                .toList();
        return new SketchFit(atlas.sketches().row(0), atoms).lack(5);
    }

    private static double parametersOfABlock(ChatModel chat) {
        return chat.model().tensorShapes().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("model.layers.0."))
                .filter(entry -> entry.getValue().size() == 2)
                .mapToDouble(entry ->
                        entry.getValue().getFirst() * (double) entry.getValue().getLast())
                .sum();
    }

    private void write(Path file, Result result, PromptReader reader, List<int[]> prompts) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schema_version", 1);
        document.put("command", "bench screen");
        document.put("blocks", result.extent().blocks());
        document.put("before", reader.chat().slot().before());
        document.put("after", reader.after());
        document.put("tokens", result.tokens());
        document.put("flop_per_prompt", result.flop());
        document.put("read_seconds", result.readSeconds());
        document.put("read_cpu_seconds", result.cpuSeconds());
        document.put("screen_seconds", result.screenSeconds());
        document.put("prompts_per_second", Map.of("read", result.read(), "screened", result.screened()));
        document.put("prompts", prompts);
        List<int[]> compared = prompts.subList(0, Math.min(COMPARED, prompts.size()));
        document.put("readings", reader.read(compared));
        document.put("provenance", result.provenance());
        AtomicFiles.write(file, JsonMapper.shared().writeValueAsBytes(document));
    }
}
