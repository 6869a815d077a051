package assay.cli;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.discover.atlas.AtlasFile;
import assay.discover.atlas.BuildAtlas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The dictionary of a model.
@Command(
        name = "atlas",
        description = "Builds, extends or checks the dictionary of a model: prompts with sketches of what they do.",
        subcommands = {AtlasCommand.Build.class, AtlasExtendCommand.class, AtlasCommand.Check.class},
        footer = "  assay atlas build --model path/to/model.gguf")
final class AtlasCommand extends AssayCommand {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String OUTCOME = "What was done is kept; start it again to go on.";

    @Override
    public Integer call() {
        throw refused("atlas: expected build, extend or check, found nothing.");
    }

    /// Builds an atlas, or goes on with an unfinished one.
    @Command(
            name = "build",
            description = "Makes a model's atlas, or goes on where an interrupted build stopped.",
            footer = {
                "  assay atlas build --model path/to/model.gguf",
                "  assay atlas build --model path/to/model.gguf --prompts 400   (small and quick)"
            })
    static final class Build extends ModelCommand {
        @Option(names = "--prompts", paramLabel = "N", description = "Prompts in the atlas (default: 4400).")
        private int prompts = 4400;

        @Mixin
        private OutputOptions.Seed seed = new OutputOptions.Seed();

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "Where to build it (default: the user's cache folder).")
        private Optional<Path> out = Optional.empty();

        @Option(names = "--force", description = "Begin anew where there is an atlas already.")
        private boolean afresh;

        @Override
        public Integer call() {
            requireWithin("--prompts", 100, 100_000, prompts, "");
            out.ifPresent(file -> AtomicFiles.requireRoom("--out", file));
            out.filter(_ -> !afresh).ifPresent(AtlasFile::requireOne);
            return with(PATIENCE, OUTCOME, session -> {
                BuildAtlas.Built built = new BuildAtlas(session.chat(), session.shelf(), session.job())
                        .build(out, prompts, seed.value, afresh);
                return print(String.format(
                        Locale.ROOT,
                        "%s: %d prompts, %d user turns, singular values fall as i^-%.2f%n",
                        built.file(),
                        built.prompts(),
                        built.turns(),
                        built.exponent()));
            });
        }
    }

    /// Recomputes a few sketches.
    @Command(
            name = "check",
            description = "Recomputes a random handful of an atlas's sketches and compares them with the stored ones.",
            footer = "  assay atlas check --count 20")
    static final class Check extends ModelCommand {
        @Option(names = "--count", paramLabel = "N", description = "How many (default: 8).")
        private int count = 8;

        @Option(names = "--seed", paramLabel = "N", description = "Which ones (default: 0).")
        private long seed;

        @Option(names = "--atlas", paramLabel = "FILE", description = "The atlas (default: the model's).")
        private Optional<Path> file = Optional.empty();

        @Override
        public Integer call() {
            return with(PATIENCE, OUTCOME, session -> {
                List<BuildAtlas.Recomputed> recomputed = new BuildAtlas(session.chat(), session.shelf(), session.job())
                        .check(file, Math.max(1, count), seed);
                for (BuildAtlas.Recomputed one : recomputed) {
                    print(String.format(
                            Locale.ROOT,
                            "%s  cosine %.5f  length ratio %.4f  %s%n",
                            one.agrees() ? "agrees " : "DIFFERS",
                            one.cosine(),
                            one.lengthRatio(),
                            one.prompt()));
                }
                long different =
                        recomputed.stream().filter(one -> !one.agrees()).count();
                if (different > 0) {
                    throw new InputException("atlas: expected the stored sketches, found " + different + " of "
                            + recomputed.size() + " different. Rebuild it with: "
                            + session.shelf().buildCommand() + " --force");
                }
                return 0;
            });
        }
    }
}
