package assay.cli;

import assay.format.PeftPrompt;
import assay.report.TextReport;
import assay.run.Interruption;
import assay.run.Progress;
import assay.run.RunFolder;
import assay.study.Distil;
import assay.study.DistilRun;
import assay.study.Distilled;
import assay.study.Session;
import assay.study.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Distils an adapter into a soft prompt.
@Command(
        name = "distil",
        description = "Trains a soft prompt to act like an adapter, and says how well it does on unseen user turns.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        footer = {
            "",
            "A run that was stopped goes on where it was: give the same command with the same --out.",
            "",
            "Examples:",
            "  assay distil --adapter path/to/peft-folder --out soft",
            "  assay distil --adapter path/to/peft-folder --tokens 4 --steps 400 --out soft4",
            "  assay distil --adapter path/to/peft-folder --slot prefix --out soft    # loads in PEFT as it is",
            "  assay distil --adapter path/to/peft-folder --sweep --out lengths       # 1 to 64 tokens"
        })
final class DistilCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<Integer> LENGTHS = List.of(1, 2, 4, 8, 16, 32, 64);
    private static final int MOST_TOKENS = 4096;
    private static final int MOST_STEPS = 100_000;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "A",
            description = "PEFT LoRA folder, or owner/repo[@revision][/subfolder].")
    private String adapter = "";

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "16",
            description = "Length of the soft prompt (default: 16).")
    private int tokens;

    @Option(
            names = "--slot",
            paramLabel = "S",
            defaultValue = "system",
            description =
                    "Where it sits: system (the system message, default) or prefix (in front of all input, as PEFT).")
    private String slot = "system";

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "160",
            description = "Most training steps (default: 160, about a second each on two cores).")
    private int steps;

    @Option(names = "--sweep", description = "Also train soft prompts of 1, 2, 4, 8, 16, 32 and 64 tokens.")
    private boolean sweep;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of every random choice (default: 0).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "New or empty folder, or that of an unfinished run (default: runs/<time>-<name>-soft).")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Distil.Options options = options();
        long start = System.nanoTime();
        Progress progress = Progress.terminal();
        String outcome = "What was trained is kept in the run folder; the same command with --out goes on from there.";
        try (Interruption interruption = Interruption.install(PATIENCE, outcome);
                Session session = model.open(progress)) {
            Target target = session.adapter(adapter, progress);
            String name = ExplainRun.folderName(target) + "-soft";
            try (RunFolder folder = RunFolder.resumable(Optional.ofNullable(out), name, DistilRun.CHECKPOINT)) {
                Distilled distilled =
                        new DistilRun(session, progress, interruption).run(target, options, folder, start);
                print(distilled, folder, progress);
            }
            return 0;
        }
    }

    private Distil.Options options() {
        require(tokens >= 1 && tokens <= MOST_TOKENS, "--tokens: expected 1 to " + MOST_TOKENS + ", found " + tokens);
        require(steps >= 1 && steps <= MOST_STEPS, "--steps: expected 1 to " + MOST_STEPS + ", found " + steps);
        require(
                slot.equalsIgnoreCase("system") || slot.equalsIgnoreCase("prefix"),
                "--slot: expected system or prefix, found " + slot);
        Distil.Options options = Distil.Options.defaults(tokens, seed)
                .withSteps(steps)
                .at(PeftPrompt.Place.valueOf(slot.toUpperCase(Locale.ROOT)));
        return sweep ? options.sweeping(LENGTHS) : options;
    }

    private void require(boolean fits, String message) {
        if (!fits) {
            throw new ParameterException(
                    new CommandLine(Objects.requireNonNull(spec)), message + ". Leave it out if in doubt.");
        }
    }

    private void print(Distilled distilled, RunFolder folder, Progress progress) {
        PrintWriter writer = Objects.requireNonNull(spec).commandLine().getOut();
        writer.print(json ? distilled.json() : distilled.text(TextReport.Style.detect()));
        writer.flush();
        progress.note(String.format(
                Locale.ROOT, "distil: %.0f s. Soft prompt and report: %s", distilled.seconds(), folder.path()));
    }
}
