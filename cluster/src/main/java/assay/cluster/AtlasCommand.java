package assay.cluster;

import assay.cli.options.AssayCommand;
import assay.cli.options.AtlasOptions;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.discover.atlas.BuildAtlas;
import assay.tasks.extend.ExtendAtlas;
import assay.tasks.extend.ExtendPlan;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The dictionary of a model, made by many machines.
@Command(
        name = "atlas",
        description = "Builds or extends the dictionary of a model.",
        subcommands = {AtlasCommand.Build.class, AtlasCommand.Extend.class},
        footer = "  assay cluster atlas build --master spark://host:7077 --model path/to/model.gguf")
final class AtlasCommand extends AssayCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OUTCOME = "What was done is kept; start it again to go on.";

    @Override
    public Integer call() {
        throw refused("atlas: expected build or extend, found nothing.");
    }

    /// Builds an atlas, or goes on with an unfinished one, whoever began it.
    @Command(
            name = "build",
            description = "Makes a model's atlas, or goes on where an interrupted build stopped.",
            footer = "  assay cluster atlas build --master spark://host:7077 --model owner/repo --prompts 20000")
    static final class Build extends ModelCommand {
        @Mixin
        private SparkOptions options = new SparkOptions();

        @Mixin
        private AtlasOptions.Build build = new AtlasOptions.Build();

        @Override
        public Integer call() {
            options.check(this);
            build.check(this);
            return with(PATIENCE, OUTCOME, session -> {
                try (SparkOptions.Connected cluster = options.open(this, ModelOptions.home())) {
                    Pieces pieces = cluster.pieces(session.job());
                    AtlasCrew crew = new AtlasCrew(pieces, Place.of(session, ModelOptions.home()));
                    return print(new BuildAtlas(session.chat(), session.shelf(), session.job())
                            .build(build.out, build.prompts, build.seed.value, build.afresh, crew)
                            .words());
                }
            });
        }
    }

    /// Extends an atlas, or goes on with what was stopped, whoever began it.
    @Command(
            name = "extend",
            description = "Looks at many candidate prompts and adds the most novel, as assay atlas extend does.",
            footer = "  assay cluster atlas extend --master spark://host:7077 --candidates prompts.txt --keep 2000")
    static final class Extend extends ModelCommand {
        @Mixin
        private SparkOptions options = new SparkOptions();

        @Mixin
        private AtlasOptions.Extend extend = new AtlasOptions.Extend();

        @Override
        public Integer call() {
            options.check(this);
            ExtendPlan.Options plan = extend.options(this);
            return with(PATIENCE, OUTCOME, session -> {
                try (SparkOptions.Connected cluster = options.open(this, ModelOptions.home())) {
                    Pieces pieces = cluster.pieces(session.job());
                    Place place = Place.of(session, ModelOptions.home());
                    return print(new ExtendAtlas(session)
                            .extend(
                                    plan,
                                    atlas -> new ScreenSeats(pieces, place, SentAtlas.of(atlas, cluster.spark())),
                                    new AtlasCrew(pieces, place))
                            .words());
                }
            });
        }
    }
}
