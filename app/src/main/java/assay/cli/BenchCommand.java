package assay.cli;

import assay.base.run.AtomicFiles;
import assay.base.run.RunFolder;
import assay.cli.options.AssayCommand;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.cli.options.TrialsOptions;
import assay.lab.scorecard.Answer;
import assay.lab.scorecard.PerformancePage;
import assay.lab.scorecard.ResultsTable;
import assay.lab.trials.NamingTrial;
import assay.lab.trials.ScreenTrial;
import assay.lab.trials.Tournament;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Comparisons of Assay's own parts.
@Command(
        name = "bench",
        description =
                "Compares search strategies with each other, the predictor with the truth, times the screen, asks "
                        + "whether first lines name their targets, sets Assay beside its peers, and measures how costs grow.",
        subcommands = {
            BenchCommand.Search.class,
            BenchPredictorCommand.class,
            BenchCommand.Screen.class,
            BenchCommand.Naming.class,
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
        throw refused("bench: expected search, predictor, screen, naming, peers, growth or results, found nothing.");
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
        @Mixin
        private TrialsOptions trials = new TrialsOptions();

        @Override
        public Integer call() {
            Tournament.Options options = trials.options(this);
            return with(
                    PATIENCE,
                    OUTCOME,
                    session -> print(Tournament.of(session).table(trials.study, options, trials.out)));
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

    /// Whether first lines name what they are about.
    @Command(
            name = "naming",
            description =
                    "Takes the readings of a study apart and lets a reader guess each from the first three lines of "
                            + "its explanation alone.",
            footer = {
                "  assay bench naming --study examples/verdict/study.json --out naming",
                "  assay bench naming --study mine.json --runs 0 --out dictionary-alone"
            })
    static final class Naming extends ModelCommand {
        @Option(names = "--study", paramLabel = "F", required = true, description = "The file of readings.")
        private Path study = Path.of("");

        @Option(
                names = "--runs",
                paramLabel = "N",
                description = "Prompts run by the search for every reading (default: 24).")
        private int runs = 24;

        @Mixin
        private OutputOptions.Seed seed = new OutputOptions.Seed();

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Where rows and table go; what is finished there is not run again.")
        private Path out = Path.of("");

        @Override
        public Integer call() {
            require(runs >= 0 && runs <= 10_000, "--runs: expected 0 to 10000, found " + runs + ".");
            NamingTrial.Options usual = NamingTrial.Options.defaults(seed.value);
            NamingTrial.Options options =
                    new NamingTrial.Options(usual.atoms(), usual.candidates(), runs, usual.seed());
            RunFolder.requireRoomForMany(out);
            return with(
                    PATIENCE,
                    OUTCOME,
                    session -> print(
                            NamingTrial.of(session).run(study, options, out).text()));
        }
    }

    /// Writes the table of results and the page of speeds.
    @Command(
            name = "results",
            description =
                    "Writes docs/results.md, and docs/performance.md with its pictures, from the JSON documents that runs "
                            + "left in docs/log/data; and docs/answer.md with its pictures, from docs/results.",
            footer = {
                "  assay bench results",
                "  assay bench results --keep study=runs/study/report.json   # the answer is of this study from now on",
                "  assay bench results --data my/data --out my/results.md"
            })
    static final class Results extends AssayCommand {
        @Option(names = "--data", paramLabel = "DIR", description = "Folder of documents (default: docs/log/data).")
        private Path data = ModelOptions.home().resolve("docs/log/data");

        @Option(
                names = "--out",
                paramLabel = "F",
                description = "The page of results; that of speeds stands beside it (default: docs/results.md).")
        private Path out = ModelOptions.home().resolve("docs/results.md");

        @Option(
                names = "--keep",
                paramLabel = "RUN=F",
                description = "Keep a run's report.json for the answer: study or adapter. May be repeated.")
        private Map<String, Path> keep = Map.of();

        @Override
        public Integer call() {
            Path runs = out.resolveSibling("results");
            keep.forEach((name, file) -> AtomicFiles.write(runs.resolve(name + ".json"), Answer.compact(file)));
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
            if (Files.exists(runs.resolve("study.json"))) {
                Answer answer = Answer.of(runs);
                AtomicFiles.write(out.resolveSibling("answer.md"), answer.text());
                answer.pictures()
                        .forEach((name, picture) ->
                                AtomicFiles.write(out.resolveSibling("pictures").resolve(name), picture));
            }
            return 0;
        }
    }
}
