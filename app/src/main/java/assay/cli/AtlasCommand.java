package assay.cli;

import assay.InputException;
import assay.cli.options.AssayCommand;
import assay.cli.options.AtlasOptions;
import assay.cli.options.ModelCommand;
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
        @Mixin
        private AtlasOptions.Build build = new AtlasOptions.Build();

        @Override
        public Integer call() {
            build.check(this);
            return with(
                    PATIENCE,
                    OUTCOME,
                    session -> print(new BuildAtlas(session.chat(), session.shelf(), session.job())
                            .build(build.out, build.prompts, build.seed.value, build.afresh)
                            .words()));
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
