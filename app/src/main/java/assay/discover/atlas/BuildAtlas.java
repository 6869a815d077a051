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

    /// Portions for each of several who work: nobody waits long for the slowest.
    private static final int WAVE = 4;

    /// Prompts of a quick atlas.
    private static final int QUICK_PROMPTS = 1000;

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
        Atlas atlas = build(file, sizes, seed, header(sizes, seed), begun, crew);
        return new Built(file, atlas.entries().size(), atlas.probe().turns().size(), atlas.exponent());
    }

    /// The model's atlas; where there is none, a quick one is made first, or finished, and kept for the next time.
    ///
    /// @throws InputException if the one there is unfinished, damaged or another model's
    public AtlasShelf.Shelved ready() {
        Path file = shelf.buildFile(chat);
        boolean isMissing = !shelf.exists(chat);
        Optional<Atlas> begun = isMissing
                ? Optional.empty()
                : AtlasShelf.read(file).filter(atlas -> isQuick(atlas) && !atlas.isComplete());
        if (isMissing || begun.isPresent()) {
            AtlasBuilder.Sizes sizes = AtlasBuilder.Sizes.of(QUICK_PROMPTS);
            job.note("No dictionary of " + chat.model().name() + " yet: a quick one of " + QUICK_PROMPTS
                    + " prompts is made now, once (" + file + "). For a full one: " + shelf.buildCommand());
            Map<String, String> header = header(sizes, 0);
            header.put(QUICK, "true");
            ChatModel usual = chat.over(BasePrompt.usual());
            new BuildAtlas(usual, shelf, job).build(file, sizes, 0, header, begun, BuildCrew.alone(usual));
        }
        return shelf.find(chat);
    }

    private static boolean isQuick(Atlas atlas) {
        return atlas.header().containsKey(QUICK);
    }

    private Atlas build(
            Path file,
            AtlasBuilder.Sizes sizes,
            long seed,
            Map<String, String> header,
            Optional<Atlas> begun,
            BuildCrew crew) {
        Atlas atlas = begun.orElseGet(() -> planned(crew, file, sizes, seed, header));
        requireSame(atlas, header, file);
        AtlasShelf.requireRuns(atlas, file, chat);
        try (Stage stage = job.stage("sketches", atlas.entries().size())) {
            stage.skip(atlas.sketches().rows());
            int together = crew.width() == 1 ? 1 : WAVE * crew.width();
            while (!atlas.isComplete()) {
                int before = atlas.sketches().rows();
                for (QuantisedRows rows : crew.sketches(atlas, portions(atlas, PORTION, together))) {
                    atlas = atlas.with(rows);
                }
                AtlasShelf.write(atlas, file);
                stage.advance(atlas.sketches().rows() - before);
                job.check();
            }
        }
        if (atlas.energy().isEmpty()) {
            atlas = AtlasBuilder.withSpectrum(atlas);
            AtlasShelf.write(atlas, file);
        }
        return atlas;
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

    private Atlas planned(BuildCrew crew, Path file, AtlasBuilder.Sizes sizes, long seed, Map<String, String> header) {
        try (Stage stage = job.stage("prompts written by the model", sizes.sampled())) {
            Consumer<Integer> heard = written -> {
                stage.advance(written);
                job.check();
            };
            Atlas atlas = new AtlasBuilder(chat).plan(sizes, seed, header, heard, crew);
            AtlasShelf.write(atlas, file);
            tellOfGarble(atlas, sizes, seed);
            return atlas;
        }
    }

    /// Says what the model could not write.
    private void tellOfGarble(Atlas atlas, AtlasBuilder.Sizes sizes, long seed) {
        long sampled = atlas.entries().stream()
                .filter(entry -> entry.source().equals(AtlasBuilder.SAMPLED))
                .count();
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
        for (String field : List.of(Atlas.MODEL_SHA256, "sizes", "seed", "dtype", Atlas.THINKING)) {
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
