package assay.cluster;

import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.TrialsOptions;
import assay.lab.trials.Tournament;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The tournament of search strategies on many machines.
@Command(
        name = "trials",
        description =
                "Lets search strategies explain the same targets, as assay bench search does; a target is a piece. The"
                        + " study file must be found under the same path by every machine.",
        footer =
                "  assay cluster trials --master spark://host:7077 --study examples/search/tournament.json --out trials")
final class TrialsCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTCOME = "What is finished is kept; the same command with the same --out goes on.";

    @Mixin
    private SparkOptions options = new SparkOptions();

    @Mixin
    private TrialsOptions trials = new TrialsOptions();

    @Override
    public Integer call() {
        options.check(this);
        Tournament.Options wanted = trials.options(this);
        return with(PATIENCE, OUTCOME, session -> {
            try (SparkOptions.Connected cluster = options.open(this, ModelOptions.home())) {
                Pieces pieces = cluster.pieces(session.job());
                SentAtlas atlas = SentAtlas.of(session.atlas().atlas(), cluster.spark());
                Place place = Place.of(session, ModelOptions.home());
                finish(trials.study, wanted, new StudyParts(pieces, place, atlas, trials.out));
            }
            return print(Tournament.of(session).table(trials.study, wanted, trials.out));
        });
    }

    /// Has all machines run the targets.
    static void finish(Path study, Tournament.Options wanted, StudyParts parts) {
        String path = study.toAbsolutePath().toString();
        byte[] how = Travel.sent(wanted);
        parts.finish(
                Tournament.targets(study, wanted),
                "{}/",
                (session, names, folder) -> Tournament.of(session)
                        .table(
                                Path.of(path),
                                Travel.received(how, Tournament.Options.class),
                                Set.copyOf(names),
                                folder.path()));
    }
}
