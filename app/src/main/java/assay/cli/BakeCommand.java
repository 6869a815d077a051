package assay.cli;

import assay.report.TextReport;
import assay.run.Interruption;
import assay.run.Progress;
import assay.run.RunFolder;
import assay.study.BakeRun;
import assay.study.DistilRun;
import assay.study.Distilled;
import assay.study.Session;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Bakes a prompt or examples into an adapter.
@Command(
        name = "bake",
        description = "Trains a LoRA (or a soft prompt) to do what a system prompt asks for, or what examples show.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        footer = {
            "",
            "Examples are JSONL: {\"user\": \"…\", \"answer\": \"…\"} a line. A run that was stopped goes on where it was:",
            "give the same command with the same --out.",
            "",
            "Examples:",
            "  assay bake --prompt \"You are a pirate.\" --out pirate-lora",
            "  assay bake --prompt \"Answer in French.\" --soft --tokens 8 --out french-soft",
            "  assay bake --data examples.jsonl --lora --rank 16 --modules q_proj,v_proj,o_proj --out mine"
        })
final class BakeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST_STEPS = 100_000;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @ArgGroup(multiplicity = "1")
    private SourceOptions source = new SourceOptions();

    @ArgGroup
    private FormOptions form = new FormOptions();

    @Option(names = "--rank", paramLabel = "R", defaultValue = "8", description = "Rank of the LoRA (default: 8).")
    private int rank;

    @Option(
            names = "--alpha",
            paramLabel = "X",
            defaultValue = "16",
            description = "Its scale is alpha/rank (default: 16).")
    private double alpha;

    @Option(
            names = "--modules",
            paramLabel = "M",
            split = ",",
            defaultValue = "q_proj,v_proj",
            description = "Linear layers it changes (default: q_proj,v_proj).")
    private List<String> modules = List.of();

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
            description = "Where the soft prompt sits: system (default) or prefix.")
    private String slot = "system";

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "Most training steps (default: 100).")
    private int steps;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private @Nullable CommandSpec spec;

    /// What is baked.
    static final class SourceOptions {
        @Option(names = "--prompt", paramLabel = "T", description = "A system prompt.")
        private @Nullable String prompt;

        @Option(names = "--data", paramLabel = "F", description = "A JSONL file of examples.")
        private @Nullable Path data;
    }

    /// What it is baked into.
    static final class FormOptions {
        @Option(names = "--lora", description = "Into a LoRA adapter (default).")
        private boolean lora;

        @Option(names = "--soft", description = "Into a soft prompt.")
        private boolean soft;
    }

    @Override
    public Integer call() {
        require(rank >= 1, "--rank: expected at least 1, found " + rank);
        require(Double.isFinite(alpha) && alpha != 0, "--alpha: expected a number other than 0, found " + alpha);
        require(tokens >= 1 && tokens <= 4096, "--tokens: expected 1 to 4096, found " + tokens);
        require(steps >= 1 && steps <= MOST_STEPS, "--steps: expected 1 to " + MOST_STEPS + ", found " + steps);
        long start = System.nanoTime();
        Progress progress = Progress.terminal();
        String outcome = "What was trained is kept in the run folder; the same command with --out goes on from there.";
        try (Interruption interruption = Interruption.install(PATIENCE, outcome);
                RunFolder folder = RunFolder.resumable(output.out(), "baked", DistilRun.CHECKPOINT);
                Session session = model.open(progress)) {
            BakeRun.Form into = form();
            Distilled distilled = new BakeRun(session, progress, interruption)
                    .run(name(), source(), into, new BakeRun.Effort(steps, output.seed()), folder, start);
            PrintWriter writer = Objects.requireNonNull(spec).commandLine().getOut();
            writer.print(output.json() ? distilled.json() : distilled.text(TextReport.Style.detect()));
            writer.flush();
            progress.note(String.format(
                    Locale.ROOT, "bake: %.0f s. Adapter and report: %s", distilled.seconds(), folder.path()));
            return 0;
        }
    }

    private String name() {
        return source.data == null ? "prompt" : String.valueOf(source.data.getFileName());
    }

    private BakeRun.Source source() {
        return source.data != null
                ? new BakeRun.Source.Data(source.data)
                : new BakeRun.Source.Prompt(Objects.requireNonNull(source.prompt));
    }

    private BakeRun.Form form() {
        return form.soft && !form.lora
                ? new BakeRun.Form.Soft(tokens, slot)
                : new BakeRun.Form.Lora(rank, alpha, modules);
    }

    private void require(boolean fits, String message) {
        if (!fits) {
            throw new ParameterException(
                    new CommandLine(Objects.requireNonNull(spec)), message + ". Leave it out if in doubt.");
        }
    }
}
