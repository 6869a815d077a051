package assay.cli.options;

import assay.base.run.AtomicFiles;
import assay.discover.atlas.AtlasFile;
import assay.tasks.extend.ExtendPlan;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What atlases are built and extended by.
public final class AtlasOptions {
    private AtlasOptions() {}

    /// How an atlas is built.
    public static final class Build {
        private static final int MOST_PROMPTS = 100_000;

        /// Prompts in it.
        @Option(names = "--prompts", paramLabel = "N", description = "Prompts in the atlas (default: 4400).")
        public int prompts = 4400;

        /// Of every random choice.
        @Mixin
        public OutputOptions.Seed seed = new OutputOptions.Seed();

        /// Where it is built.
        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "Where to build it (default: the user's cache folder).")
        public Optional<Path> out = Optional.empty();

        /// Whether one that is there counts for nothing.
        @Option(names = "--force", description = "Begin anew where there is an atlas already.")
        public boolean afresh;

        /// Refuses what does not fit.
        public void check(AssayCommand command) {
            command.requireWithin("--prompts", 100, MOST_PROMPTS, prompts, "");
            out.ifPresent(file -> AtomicFiles.requireRoom("--out", file));
            out.filter(_ -> !afresh).ifPresent(AtlasFile::requireOne);
        }
    }

    /// How an atlas is extended.
    public static final class Extend {
        private static final long MOST_CANDIDATES = 1_000_000_000L;

        @Option(
                names = "--candidates",
                required = true,
                paramLabel = "N|FILE",
                description = "How many to compose from the grammars, one in 50 written by the model; or a UTF-8 text "
                        + "file with one prompt a line, of at most 512 tokens and 2,000 characters each.")
        private String candidates = "";

        @Option(names = "--keep", paramLabel = "K", description = "Most prompts to add (default: 500).")
        private int keep = 500;

        @Mixin
        private OutputOptions.Seed seed = new OutputOptions.Seed();

        @Option(names = "--atlas", paramLabel = "FILE", description = "The atlas to extend (default: the model's).")
        private Optional<Path> atlas = Optional.empty();

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "Where to write it (default: the user's cache folder, where explain finds it).")
        private Optional<Path> out = Optional.empty();

        /// What was asked for.
        public ExtendPlan.Options options(AssayCommand command) {
            command.requireWithin("--keep", 1, 10_000, keep, "");
            ExtendPlan.Options options = new ExtendPlan.Options(supply(command), keep, seed.value, atlas, out);
            out.ifPresent(file -> AtomicFiles.requireRoom("--out", file));
            return options;
        }

        /// A number, or else a file.
        private ExtendPlan.Supply supply(AssayCommand command) {
            if (!candidates.matches("[-+]?[0-9]{1,18}")) {
                return new ExtendPlan.Supply.Lines(Path.of(candidates));
            }
            long count = Long.parseLong(candidates);
            command.require(
                    count >= 1 && count <= MOST_CANDIDATES,
                    "--candidates: expected 1 to " + MOST_CANDIDATES + " or a file, found " + count + ".");
            return new ExtendPlan.Supply.Drawn(count);
        }
    }
}
