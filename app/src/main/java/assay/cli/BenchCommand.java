package assay.cli;

import assay.cli.options.AssayCommand;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.base.run.AtomicFiles;
import assay.base.run.RunFolder;
import assay.lab.scorecard.PerformancePage;
import assay.lab.scorecard.ResultsTable;
import assay.lab.trials.GivenPrompts;
import assay.lab.trials.ScreenTrial;
import assay.lab.trials.Tournament;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
            BenchCommand.Screen.class,
            BenchPeersCommand.class,
            BenchGrowthCommand.class,
            BenchCommand.Results.class
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

    /// How fast candidates are looked at.
    @Command(
            name = "screen",
            description = "Times how many prompts a second are read, and read, predicted and scored. bench/screen lets "
                    + "transformers read the same states.",
            footer = {"  assay bench screen", "  assay bench screen --prompts 4000 --rounds 5 --out screen.json"})
    static final class Screen extends ModelCommand {
        @Option(
                names = "--prompts",
                paramLabel = "N",
                description = "Prompts read in a round, drawn from the atlas (default: 1536).")
        private int prompts = 1536;

        @Option(
                names = "--rounds",
                paramLabel = "N",
                description = "How often; the first round is not counted (default: 4).")
        private int rounds = 4;

        @Option(
                names = "--blocks",
                paramLabel = "B",
                description = "Blocks run to read a prompt (default: three fifths of the model's).")
        private Optional<Integer> blocks = Optional.empty();

        @Option(names = "--seed", paramLabel = "N", description = "Seed of the draw (default: 0).")
        private long seed;

        @Option(names = "--out", paramLabel = "F", description = "Where prompts, speeds and some readings go.")
        private Optional<Path> out = Optional.empty();

        @Override
        public Integer call() {
            require(
                    prompts >= 1 && prompts <= 1_000_000 && rounds >= 2 && rounds <= 1000 && blocks.orElse(1) >= 1,
                    "--prompts, --rounds, --blocks: expected 1 to 1000000, 2 to 1000 and at least 1, found " + prompts
                            + ", " + rounds + " and "
                            + blocks.map(String::valueOf).orElse("none") + ".");
            ScreenTrial.Options options = new ScreenTrial.Options(prompts, rounds, blocks, seed);
            out.ifPresent(file -> AtomicFiles.requireRoom("--out", file));
            return with(
                    PATIENCE,
                    "Nothing was kept.",
                    session -> print(new ScreenTrial(session).run(options, out).text()));
        }
    }

    /// Writes the table of results and the page of speeds.
    @Command(
            name = "results",
            description =
                    "Writes docs/results.md, and docs/performance.md with its pictures, from the JSON documents that runs "
                            + "left in docs/log/data.",
            footer = {"  assay bench results", "  assay bench results --data my/data --out my/results.md"})
    static final class Results extends AssayCommand {
        @Option(names = "--data", paramLabel = "DIR", description = "Folder of documents (default: docs/log/data).")
        private Path data = ModelOptions.home().resolve("docs/log/data");

        @Option(
                names = "--out",
                paramLabel = "F",
                description = "The page of results; that of speeds stands beside it (default: docs/results.md).")
        private Path out = ModelOptions.home().resolve("docs/results.md");

        @Override
        public Integer call() {
            String results = ResultsTable.of(data);
            PerformancePage speeds = PerformancePage.of(data);
            AtomicFiles.write(out, results);
            AtomicFiles.write(out.resolveSibling("performance.md"), speeds.text());
            if (!speeds.picture().isEmpty()) {
                AtomicFiles.write(out.resolveSibling(PerformancePage.PICTURE), speeds.picture());
            }
            if (!speeds.growth().isEmpty()) {
                AtomicFiles.write(out.resolveSibling(PerformancePage.GROWTH_PICTURE), speeds.growth());
            }
            return 0;
        }
    }
}
