package assay.lab.trials;

import assay.InputException;
import assay.base.run.Stage;
import assay.base.sparse.Permutation;
import assay.discover.atlas.Atlas;
import assay.discover.predict.Predictor;
import assay.discover.predict.PromptReader;
import assay.discover.predict.ReadingShelf;
import assay.discover.predict.SketchFit;
import assay.tasks.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tries the predictor of fingerprints on prompts it has not seen: some of the atlas's prompts are held out, their
/// sketches are predicted from the others, and both are compared as a search would use them.
public record PredictorTrial(Session session, ReadingShelf shelf) {
    /// Prompts that are taken before a look at what is lacking.
    private static final int[] SIZES = {0, 1, 5};

    /// A trial with an open model.
    public PredictorTrial(Session session) {
        this(session, ReadingShelf.current());
    }

    /// Which states of a prompt the predictor is given.
    public enum Pooling {
        /// All three of the others, side by side.
        ALL(0, 3),
        /// The last token read in front of the user turn.
        LAST(0, 1),
        /// The prompt's last token.
        PROMPT(1, 2),
        /// The mean over the prompt.
        MEAN(2, 3);

        private final int from;
        private final int to;

        Pooling(int from, int to) {
            this.from = from;
            this.to = to;
        }

        private float[] of(float[] reading) {
            int third = reading.length / 3;
            return Arrays.copyOfRange(reading, from * third, to * third);
        }
    }

    /// What is tried.
    ///
    /// @param targets how many of them are explained by the others
    /// @param blocks how many blocks are run, several to compare; empty for what a search uses
    /// @param closing how many of the literal tokens behind the prompt are read, several to compare; empty for what
    /// a search uses
    /// @param pooling which states, several to compare
    /// @param seed of the choice of prompts
    public record Options(
            int heldOut, int targets, List<Integer> blocks, List<Integer> closing, List<Pooling> pooling, long seed) {}

    /// What one way of reading leads to.
    ///
    /// @param leaveOneOut how the known prompts are predicted from each other
    /// @param foresight how the held-out ones are
    public record Row(
            PromptReader.Extent extent, Pooling pooling, Predictor.LeaveOneOut leaveOneOut, Foresight foresight) {}

    /// A trial that was run.
    ///
    /// @param learnt prompts the predictor was made from
    /// @param rows one for every way of reading
    public record Result(Options options, String model, int learnt, List<Row> rows, Map<String, Object> provenance) {
        /// For people.
        public String text() {
            return PredictorTable.text(this);
        }

        /// For programs.
        public String json() {
            return PredictorTable.json(this);
        }
    }

    /// Runs the trial.
    ///
    /// @throws InputException if the atlas has too few prompts or the model too few blocks
    public Result run(Options options) {
        Atlas atlas = session.atlas().atlas();
        int prompts = atlas.entries().size();
        if (options.heldOut() > prompts / 2) {
            throw new InputException("--held-out: expected at most half of the atlas's " + prompts + " prompts, found "
                    + options.heldOut() + ". Ask for fewer.");
        }
        int layers = session.chat().model().layers();
        for (int blocks : options.blocks()) {
            if (blocks > layers) {
                throw new InputException(
                        "--blocks: expected at most the model's " + layers + ", found " + blocks + ". Ask for fewer.");
            }
        }
        int[] order = Permutation.of(prompts, new SplittableRandom(options.seed()));
        int[] heldOut = Arrays.copyOf(order, options.heldOut());
        int[] learnt = Arrays.copyOfRange(order, options.heldOut(), prompts);
        List<Row> rows = new ArrayList<>();
        for (PromptReader.Extent extent : extents(options)) {
            PromptReader reader = new PromptReader(session.chat(), extent);
            float[][] readings = shelf.readings(atlas, session.chat(), reader, session.job());
            for (Pooling pooling : options.pooling()) {
                session.job().check();
                float[][] pooled = Arrays.stream(readings).map(pooling::of).toArray(float[][]::new);
                try (Stage _ = session.job()
                        .stage(
                                "predicting from " + extent.blocks() + " blocks, "
                                        + pooling.name().toLowerCase(java.util.Locale.ROOT),
                                0)) {
                    rows.add(row(atlas, pooled, learnt, heldOut, options.targets(), reader.extent(), pooling));
                }
            }
        }
        Map<String, Object> provenance = session.provenance(Map.of("held_out", options.seed()), Map.of());
        return new Result(options, session.chat().model().name(), learnt.length, rows, provenance);
    }

    private List<PromptReader.Extent> extents(Options options) {
        PromptReader.Extent usual = PromptReader.Extent.of(session.chat());
        List<Integer> blocks = options.blocks().isEmpty() ? List.of(usual.blocks()) : options.blocks();
        List<Integer> closing = options.closing().isEmpty() ? List.of(usual.closing()) : options.closing();
        return blocks.stream()
                .flatMap(count -> closing.stream().map(tokens -> new PromptReader.Extent(count, tokens)))
                .toList();
    }

    private static Row row(
            Atlas atlas,
            float[][] readings,
            int[] learnt,
            int[] heldOut,
            int targets,
            PromptReader.Extent extent,
            Pooling pooling) {
        List<SketchFit.Atom> known =
                Arrays.stream(learnt).mapToObj(i -> SketchFit.Atom.of(atlas, i)).toList();
        float[][] sketches = known.stream().map(SketchFit.Atom::sketch).toArray(float[][]::new);
        try (Predictor predictor = new Predictor(chosen(readings, learnt), sketches)) {
            float[][] unseen =
                    Arrays.stream(heldOut).mapToObj(atlas.sketches()::row).toArray(float[][]::new);
            Foresight.Unseen others = new Foresight.Unseen(chosen(readings, heldOut), unseen);
            int[] explained = IntStream.range(0, targets).toArray();
            Foresight foresight = Foresight.of(predictor, known, others, explained, SIZES);
            return new Row(extent, pooling, predictor.leaveOneOut(), foresight);
        }
    }

    private static float[][] chosen(float[][] rows, int[] indices) {
        return Arrays.stream(indices).mapToObj(i -> rows[i]).toArray(float[][]::new);
    }
}
