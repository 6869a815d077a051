package assay.cli.options;

import assay.base.run.RunFolder;
import assay.lab.trials.GivenPrompts;
import assay.lab.trials.Tournament;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which search strategies are tried, and on what.
public final class TrialsOptions {
    /// The file of targets.
    @Option(names = "--study", paramLabel = "F", required = true, description = "The file of targets.")
    public Path study = Path.of("");

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
            description = "Prompts found elsewhere, as further arms: JSON {\"ARM\": {\"TARGET\": [\"PROMPT\", …]}}.")
    private @Nullable Path given;

    @Mixin
    private OutputOptions.Seed seed = new OutputOptions.Seed();

    /// Where rows and tables go.
    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where rows and tables go; what is finished there is not run again.")
    public Path out = Path.of("");

    /// What was asked for.
    public Tournament.Options options(AssayCommand command) {
        command.requireKnown("--arms", Tournament.arms(), arms);
        command.require(
                runs >= 8 && runs <= 10_000 && seconds > 0,
                "--runs, --seconds: expected 8 to 10000 and more than 0, found " + runs + " and " + seconds + ".");
        GivenPrompts prompts = given == null ? GivenPrompts.none() : GivenPrompts.read(given);
        RunFolder.requireRoomForMany(out);
        return new Tournament.Options(Set.copyOf(arms), Set.copyOf(classes), runs, seconds, prompts, seed.value);
    }
}
