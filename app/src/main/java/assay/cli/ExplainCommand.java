package assay.cli;

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

/// Explains a behaviour as weighted prompts.
@Command(
        name = "explain",
        description =
                "Says what an adapter or a system prompt is made of: weighted prompts, their faithfulness, nulls, and a report.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 2,
        footer = {
            "",
            "Examples:",
            "  assay explain --adapter path/to/peft-folder",
            "  assay explain --adapter path/to/peft-folder --direct",
            "  assay explain --prompt \"Answer like a lawyer.\" --budget 5m     # search longer",
            "  assay explain --soft path/to/prompt-tuning-folder",
            "  assay explain --prompt \"Reply in German and be very formal.\" --out runs/german",
            "  assay explain --model path/to/model.gguf --adapter path/to/peft-folder --json > report.json"
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private ModelOptions model = new ModelOptions();

    @ArgGroup(multiplicity = "1")
    private TargetOptions target = new TargetOptions();

    @Option(
            names = "--atoms",
            paramLabel = "N",
            defaultValue = "20",
            description = "Most prompts in the mixture (default: 20).")
    private int atoms;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "16",
            description = "Length of the soft prompt an adapter is also explained by way of (default: 16).")
    private int tokens;

    @Option(
            names = "--direct",
            description = "Explain an adapter by prompts only, without the way by a soft prompt: half the time.")
    private boolean direct;

    @Mixin
    private SearchOptions search = new SearchOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Spec
    private @Nullable CommandSpec spec;

    /// What is explained.
    static final class TargetOptions {
        @Option(
                names = "--adapter",
                paramLabel = "A",
                description = "PEFT LoRA folder, or owner/repo[@revision][/subfolder].")
        private @Nullable String adapter;

        @Option(
                names = "--soft",
                paramLabel = "S",
                description = "PEFT prompt-tuning folder (a soft prompt), or owner/repo[@revision][/subfolder].")
        private @Nullable String soft;

        @Option(names = "--prompt", paramLabel = "T", description = "A system prompt.")
        private @Nullable String prompt;
    }

    @Override
    public Integer call() {
        if (atoms < 1 || atoms > ExplainRun.MOST_ATOMS) {
            throw new ParameterException(
                    new CommandLine(java.util.Objects.requireNonNull(spec)),
                    "--atoms: expected 1 to " + ExplainRun.MOST_ATOMS + ", found " + atoms
                            + ". Ask for 20 if in doubt.");
        }
        if (tokens < 1 || tokens > TrainingOptions.MOST_TOKENS) {
            throw new ParameterException(
                    new CommandLine(java.util.Objects.requireNonNull(spec)),
                    "--tokens: expected 1 to " + TrainingOptions.MOST_TOKENS + ", found " + tokens
                            + ". Take 16 if in doubt.");
        }
        boolean bySoft = target.adapter != null && !direct;
        ExplainRun run = new ExplainRun(
                model,
                atoms,
                bySoft ? tokens : 0,
                search.budget(java.util.Objects.requireNonNull(spec)),
                output.seed(),
                output.out(),
                output.json(),
                java.util.Objects.requireNonNull(spec));
        String adapter = target.adapter;
        String soft = target.soft;
        if (soft != null) {
            return run.soft("explain", soft);
        }
        return adapter != null
                ? run.adapter("explain", adapter)
                : run.prompt("explain", java.util.Objects.requireNonNull(target.prompt));
    }
}
