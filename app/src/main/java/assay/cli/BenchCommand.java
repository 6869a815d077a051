package assay.cli;

import assay.base.run.RunFolder;
import assay.lab.trials.GivenPrompts;
import assay.lab.trials.Tournament;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Comparisons of Assay's own parts.
@Command(
        name = "bench",
        description =
                "Compares search strategies with each other, the predictor with the truth, times the screen, sets "
                        + "Assay beside its peers, and measures how costs grow.",
        subcommands = {
            BenchCommand.Search.class,
            BenchPredictorCommand.class,
            BenchScreenCommand.class,
            BenchPeersCommand.class,
            BenchGrowthCommand.class,
            BenchResultsCommand.class
        },
        footer = "  assay bench predictor")
final class BenchCommand extends AssayCommand {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTCOME = "What is finished is kept; the same command goes on from there.";

    @Override
    public Integer call() {
        throw refused("bench: expected search, predictor, screen, peers, growth or results, found nothing.");
    }

    /// The tournament of search strategies.
    @Command(
            name = "search",
            description = "Lets search strategies explain the same targets with equally many prompts run exactly.",
            footer = {
                "  assay bench search --study examples/search/tournament.json --out tournament",
                "  assay bench search --study examples/search/tournament.json --arms dictionary,guided --out some",
                "  assay bench search --study examples/search/tournament.json --runs 400 --seconds 60 --out timed",
                "  assay bench search --study examples/search/tournament.json --arms gcg --given found.json --out peers"
            })
    static final class Search extends ModelCommand {
        @Option(names = "--study", paramLabel = "F", required = true, description = "The file of targets.")
        private Path study = Path.of("");

        @Option(names = "--arms", paramLabel = "A", split = ",", description = "Only these arms (default: all).")
        private List<String> arms = List.of();

        @Option(names = "--classes", paramLabel = "C", split = ",", description = "Only these classes of targets.")
        private List<String> classes = List.of();

        @Option(
                names = "--runs",
                paramLabel = "N",
                description = "Prompts run exactly by every arm for every target (default: 48).")
        private int runs = 48;

        @Option(
                names = "--seconds",
                paramLabel = "S",
                description = "Stop every search after so long, for a comparison at equal time (default: never).")
        private double seconds = Double.POSITIVE_INFINITY;

        @Option(
                names = "--given",
                paramLabel = "F",
                description =
                        "Prompts found elsewhere, as further arms: JSON {\"ARM\": {\"TARGET\": [\"PROMPT\", …]}}.")
        private @Nullable Path given;

        @Mixin
        private OutputOptions.Seed seed = new OutputOptions.Seed();

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Where rows and tables go; what is finished there is not run again.")
        private Path out = Path.of("");

        @Override
        public Integer call() {
            List<String> known = Tournament.arms();
            for (String arm : arms) {
                require(known.contains(arm), "--arms: expected some of " + known + ", found " + arm + ".");
            }
            require(
                    runs >= 8 && runs <= 10_000 && seconds > 0,
                    "--runs, --seconds: expected 8 to 10000 and more than 0, found " + runs + " and " + seconds + ".");
            GivenPrompts prompts = given == null ? GivenPrompts.none() : GivenPrompts.read(given);
            Tournament.Options options =
                    new Tournament.Options(Set.copyOf(arms), Set.copyOf(classes), runs, seconds, prompts, seed.value);
            RunFolder.requireRoomForMany(out);
            return with(
                    PATIENCE, OUTCOME, session -> print(Tournament.of(session).table(study, options, out)));
        }
    }
}
