package assay.discover.atlas;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.Refusal;
import assay.base.run.Stage;
import assay.base.sparse.Angle;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.text.BasePrompt;
import assay.engine.text.Thinking;
import assay.measure.probe.ProbeMaker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Makes and checks the atlas of a model. The file itself is the checkpoint: it is rewritten whole every
/// few dozen sketches, and a build that finds an unfinished one goes on with it.
public record BuildAtlas(ChatModel chat, AtlasShelf shelf, Job job) {
    private static final int PORTION = 64;

    /// Prompts of a portion where somebody waits for an explanation.
    private static final int QUICK_PORTION = 32;

    /// Portions for each of several who work: nobody waits long for the slowest.
    private static final int WAVE = 4;
    /// Fewest prompts worth a portion of their own: each runs the base once more.
    private static final int LEAST = 8;

    /// Prompts of a quick atlas that are run. The others are read when a target is known, and run where they
    /// promise something.
    public static final int QUICK_RUN = 384;

    /// All prompts of a quick atlas, and its probe.
    public static final AtlasBuilder.Sizes QUICK_SIZES = new AtlasBuilder.Sizes(3840, 480, ProbeMaker.Sizes.defaults());

    /// Header field of an atlas that an explanation made because there was none.
    private static final String QUICK = "quick";

    /// A finished atlas, in numbers.
    ///
    /// @param turns user turns of its probe
    /// @param exponent a of the power law i^−a of its singular values
    public record Built(Path file, int prompts, int turns, double exponent) {
        /// The same in a line.
        public String words() {
            return String.format(
                    Locale.ROOT,
                    "%s: %d prompts, %d user turns, singular values fall as i^-%.2f%n",
                    file,
                    prompts,
                    turns,
                    exponent);
        }
    }

    /// Builds or finishes an atlas.
    ///
    /// @param out where; the user's cache if empty
    /// @param afresh whether to begin anew where there is one already
    /// @throws InputException if the file holds the atlas of another model, or of other sizes or another seed
    public Built build(Optional<Path> out, int prompts, long seed, boolean afresh) {
        return build(out, prompts, seed, afresh, BuildCrew.alone(chat));
    }

    /// The same with a crew that does the pieces.
    public Built build(Optional<Path> out, int prompts, long seed, boolean afresh, BuildCrew crew) {
        Path file = out.orElse(shelf.buildFile(chat));
        out.filter(_ -> !afresh).ifPresent(AtlasFile::requireOne);
        Optional<Atlas> begun = afresh ? Optional.empty() : begun(file);
        if (begun.filter(BuildAtlas::isQuick).isPresent()) {
            job.note("The quick atlas that an explanation made gives way to this one.");
            begun = Optional.empty();
        }
        AtlasBuilder.Sizes sizes = AtlasBuilder.Sizes.of(prompts);
        Map<String, String> header = header(sizes, seed);
        Atlas planned = begun.orElseGet(() -> planned(crew, file, sizes, seed, header, Integer.MAX_VALUE));
        requireSame(planned, header, file);
        Atlas atlas = build(planned, file, crew, PORTION);
        return new Built(file, atlas.entries().size(), atlas.probe().turns().size(), atlas.exponent());
    }

    /// The model's atlas; where there is none, a quick one is made first, or finished, and kept for the next time.
    ///
    /// @throws InputException if the one there is unfinished, damaged or another model's
    public AtlasShelf.Shelved ready() {
        if (isReady()) {
            return shelf.find(chat);
        }
        Path file = shelf.buildFile(chat);
        Map<String, String> header = header(QUICK_SIZES, 0);
        header.put(QUICK, Integer.toString(QUICK_RUN));
        Optional<Atlas> begun = begunQuickly(file).filter(atlas -> isSame(atlas, header));
        String name = chat.model().name();
        job.note((begun.isPresent() ? "Going on with the quick dictionary of " : "No dictionary of ") + name
                + (begun.isPresent() ? "" : " yet: a quick one is made now, once") + " (" + file
                + "). For a full one: " + shelf.buildCommand());
        ChatModel usual = chat.over(BasePrompt.usual());
        BuildAtlas build = new BuildAtlas(usual, shelf, job);
        BuildCrew crew = BuildCrew.alone(usual);
        build.build(
                begun.orElseGet(() -> build.planned(crew, file, QUICK_SIZES, 0, header, QUICK_RUN)),
                file,
                crew,
                QUICK_PORTION);
        return shelf.find(chat);
    }

    /// Whether [#ready] has nothing to make.
    ///
    /// @throws InputException if the atlas there is damaged
    public boolean isReady() {
        return shelf.exists(chat) && begunQuickly(shelf.buildFile(chat)).isEmpty();
    }

    /// A quick atlas that was stopped.
    private static Optional<Atlas> begunQuickly(Path file) {
        return AtlasShelf.read(file).filter(atlas -> isQuick(atlas) && !atlas.isComplete());
    }

    private static boolean isQuick(Atlas atlas) {
        return atlas.header().containsKey(QUICK);
    }

    private Atlas build(Atlas planned, Path file, BuildCrew crew, int portion) {
        Atlas atlas = planned;
        AtlasShelf.requireRuns(atlas, file, chat);
        try (Stage stage = job.stage("sketches", atlas.entries().size())) {
            stage.skip(atlas.sketches().rows());
            int together = crew.width() == 1 ? 1 : WAVE * crew.width();
            while (!atlas.isComplete()) {
                int left = atlas.entries().size() - atlas.sketches().rows();
                List<BuildCrew.Portion> next = portions(atlas, shared(left, portion, crew.width()), together);
                for (QuantisedRows rows : crew.sketches(atlas, next, () -> stage.advance(1))) {
                    atlas = atlas.with(rows);
                }
                AtlasShelf.write(atlas, file);
                job.check();
            }
        }
        if (atlas.energy().isEmpty()) {
            atlas = AtlasBuilder.withSpectrum(atlas);
            AtlasShelf.write(atlas, file);
        }
        return atlas;
    }

    /// Prompts of a portion such that several who share what is left end at about the same time.
    static int shared(int left, int most, int width) {
        return width == 1 ? most : Math.clamp(Math.ceilDiv(left, WAVE * width), LEAST, most);
    }

    /// The next prompts without sketches.
    ///
    /// @param size prompts of a portion
    /// @param most portions
    public static List<BuildCrew.Portion> portions(Atlas atlas, int size, int most) {
        List<BuildCrew.Portion> portions = new ArrayList<>();
        int from = atlas.sketches().rows();
        while (portions.size() < most && from < atlas.entries().size()) {
            int to = Math.min(from + size, atlas.entries().size());
            portions.add(new BuildCrew.Portion(from, to));
            from = to;
        }
        return portions;
    }

    /// What was built of it, if anything. A damaged one is told of and set aside.
    private Optional<Atlas> begun(Path file) {
        try {
            return AtlasShelf.read(file);
        } catch (InputException damaged) {
            job.note(damaged.getMessage() + AtomicFiles.keptAside(file));
            return Optional.empty();
        }
    }

    /// @param run most prompts that are to be run; the others are its reserve
    private Atlas planned(
            BuildCrew crew, Path file, AtlasBuilder.Sizes sizes, long seed, Map<String, String> header, int run) {
        KeptLines kept = KeptLines.beside(file, crew, chat);
        List<Atlas.Entry> entries;
        try (Stage stage = job.stage("prompts written by the model", sizes.sampled())) {
            Consumer<Integer> heard = written -> {
                stage.advance(written);
                job.check();
            };
            entries = AtlasBuilder.entries(sizes, seed, heard, kept);
        }
        try (Stage stage = job.stage(
                "user turns and answers written by the model", sizes.probe().total())) {
            Atlas all = new AtlasBuilder(chat).plan(entries, sizes.probe(), seed, header, written -> {
                stage.advance(written);
                job.check();
            });
            Atlas atlas = run < entries.size() ? AtlasBuilder.withReserve(all, run) : all;
            AtlasShelf.write(atlas, file);
            kept.finished();
            tellOfGarble(all, sizes, seed);
            return atlas;
        }
    }

    /// Says what the model could not write.
    private void tellOfGarble(Atlas atlas, AtlasBuilder.Sizes sizes, long seed) {
        long sampled = atlas.entries().stream().filter(AtlasBuilder::isSampled).count();
        if (sampled < sizes.sampled()) {
            job.note("The model wrote " + sampled + " readable prompts where " + sizes.sampled()
                    + " were wanted: the atlas is made of the grammars'" + (sampled == 0 ? " alone." : " and these."));
        }
        Set<String> spare = Set.copyOf(AtlasBuilder.spare(seed));
        long lent = atlas.probe().turns().stream()
                .filter(turn -> spare.contains(turn.user()))
                .count();
        if (lent > 0) {
            job.note("The model wrote hardly any user turns: " + lent + " of the probe's "
                    + atlas.probe().turns().size() + " are instructions of the grammars.");
        }
    }

    private Map<String, String> header(AtlasBuilder.Sizes sizes, long seed) {
        Map<String, String> header = new TreeMap<>(Map.of(
                "sizes", sizes.toString(),
                "seed", Long.toString(seed),
                "dtype", chat.model().dtype().name(),
                "computed_by", Torch.description(),
                "assay_version", Provenance.assayVersion()));
        header.put(Atlas.MODEL_NAME, chat.model().name());
        header.put(Atlas.MODEL_SHA256, chat.sha256());
        header.put(Atlas.IDENTITY, chat.identity().toString());
        Thinking thinking = chat.slot().thinking();
        if (thinking != Thinking.NONE) {
            header.put(Atlas.THINKING, thinking.name());
        }
        return header;
    }

    /// What an atlas must agree on with one that is to be built.
    private static final List<String> SAME = List.of(Atlas.MODEL_SHA256, "sizes", "seed", "dtype", Atlas.THINKING);

    private static boolean isSame(Atlas atlas, Map<String, String> header) {
        return SAME.stream()
                .allMatch(
                        field -> atlas.header().getOrDefault(field, "none").equals(header.getOrDefault(field, "none")));
    }

    public static void requireSame(Atlas atlas, Map<String, String> header, Path file) {
        String extended = atlas.header().getOrDefault(Atlas.EXTENDED, "");
        if (!extended.isEmpty()) {
            throw Refusal.of(
                    "atlas",
                    "one as it was built",
                    "one extended since by " + extended,
                    file,
                    "It is whole and can be used; to build a new one, move it away or give another --out.");
        }
        for (String field : SAME) {
            String found = atlas.header().getOrDefault(field, "none");
            String expected = header.getOrDefault(field, "none");
            if (!found.equals(expected)) {
                String asked = field + " " + expected;
                throw Refusal.of("atlas", asked, found, file, "Move the file away or give another --out.");
            }
        }
    }

    /// One recomputed sketch.
    ///
    /// @param cosine of the stored and the recomputed sketch
    /// @param lengthRatio of their lengths
    public record Recomputed(String prompt, double cosine, double lengthRatio) {
        /// Whether they agree up to rounding and number format: prompts that do little were seen at .997 after a change
        /// of the order of bfloat16 sums, other prompts' sketches lie far below.
        public boolean agrees() {
            return cosine > 0.98 && Math.abs(lengthRatio - 1) < 0.05;
        }
    }

    /// Recomputes a random handful of an atlas's sketches.
    ///
    /// @param file the atlas; the model's own if empty
    /// @throws InputException if there is no atlas, or it is another model's, unfinished or damaged
    public List<Recomputed> check(Optional<Path> file, int count, long seed) {
        Atlas atlas = file.map(path -> shelf.required(path, chat))
                .orElseGet(() -> shelf.find(chat).atlas());
        AtlasBuilder builder = new AtlasBuilder(chat);
        List<Recomputed> recomputed = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        try (Stage stage = job.stage("sketches recomputed", count)) {
            for (int i = 0; i < count; i++) {
                job.check();
                int index = random.nextInt(atlas.entries().size());
                Atlas single = atlas.with(List.of(atlas.entries().get(index)));
                float[] again = builder.extended(single, 1).sketches().row(0);
                Angle angle = Angle.between(atlas.sketches().row(index), again);
                recomputed.add(new Recomputed(atlas.entries().get(index).text(), angle.cosine(), angle.lengthRatio()));
                stage.advance(1);
            }
        }
        return recomputed;
    }
}
