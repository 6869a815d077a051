package assay.cli;

import assay.base.run.Job;
import assay.lab.trials.GivenPrompts;
import assay.lab.trials.Tournament;
import assay.tasks.session.Session;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Comparisons of Assay's own parts.
@Command(
        name = "bench",
        description = "Compares search strategies with each other, the predictor with the truth, and times the screen.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        subcommands = {BenchCommand.Search.class, BenchPredictorCommand.class, BenchScreenCommand.class, BenchResultsCommand.class})
final class BenchCommand implements Callable<Integer> {
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OUTCOME = "What is finished is kept; the same command goes on from there.";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        throw new ParameterException(line, "bench: expected search, predictor or screen, found nothing.");
    }

    /// The tournament of search strategies.
    @Command(
            name = "search",
            description = "Lets search strategies explain the same targets with equally many prompts run exactly.",
            mixinStandardHelpOptions = true,
            exitCodeOnInvalidInput = 2,
            footer = {
                "",
                "Examples:",
                "  assay bench search --study examples/search/tournament.json --out tournament",
                "  assay bench search --study examples/search/tournament.json --arms dictionary,guided --out some",
                "  assay bench search --study examples/search/tournament.json --runs 400 --seconds 60 --out timed",
                "  assay bench search --study examples/search/tournament.json --arms gcg --given found.json --out peers"
            })
    static final class Search implements Callable<Integer> {
        @Mixin
        private ModelOptions model = new ModelOptions();

        @Option(names = "--study", paramLabel = "F", required = true, description = "The file of targets.")
        private Path study = Path.of("");

        @Option(names = "--arms", paramLabel = "A", split = ",", description = "Only these arms (default: all).")
        private List<String> arms = List.of();

        @Option(names = "--classes", paramLabel = "C", split = ",", description = "Only these classes of targets.")
        private List<String> classes = List.of();

        @Option(
                names = "--runs",
                paramLabel = "N",
                defaultValue = "48",
                description = "Prompts run exactly by every arm for every target (default: 48).")
        private int runs;

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

        @Option(
                names = "--seed",
                paramLabel = "N",
                defaultValue = "0",
                description = "Seed of every random choice (default: 0).")
        private long seed;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "Where rows and tables go; what is finished there is not run again.")
        private Path out = Path.of("");

        @Spec
        private @Nullable CommandSpec spec;

        private Tournament.Options options() {
            GivenPrompts prompts = given == null ? GivenPrompts.none() : GivenPrompts.read(given);
            return new Tournament.Options(Set.copyOf(arms), Set.copyOf(classes), runs, seconds, prompts, seed);
        }

        @Override
        public Integer call() {
            CommandSpec command = Objects.requireNonNull(spec);
            for (String arm : arms) {
                if (!Tournament.arms().contains(arm)) {
                    throw new ParameterException(
                            command.commandLine(),
                            "--arms: expected some of " + Tournament.arms() + ", found " + arm + ".");
                }
            }
            if (runs < 8 || runs > 10_000 || !(seconds > 0)) {
                throw new ParameterException(
                        command.commandLine(),
                        "--runs, --seconds: expected 8 to 10000 and more than 0, found " + runs + " and " + seconds
                                + ".");
            }
            Tournament.Options options = options();
            try (Job job = Job.begin(PATIENCE, OUTCOME);
                    Session session = model.open(job)) {
                String table = new Tournament(session).table(study, options, out);
                PrintWriter writer = command.commandLine().getOut();
                writer.print(table);
                writer.flush();
                return 0;
            }
        }
    }
}
