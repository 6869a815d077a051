package assay.cli;

import assay.InputException;
import assay.cli.options.AssayCommand;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.cli.options.SearchOptions;
import assay.engine.peft.Trim;
import assay.tasks.explain.Explain;
import assay.tasks.session.Target;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Explains a behaviour as weighted prompts.
@Command(
        name = "explain",
        description =
                "Says what an adapter or a system prompt is made of: weighted prompts, their faithfulness, nulls, and a report."
                        + " What was stopped goes on with the same command. A model that was never seen gets a quick"
                        + " dictionary first, once.",
        footer = {
            "  assay explain --adapter path/to/peft-folder",
            "  assay explain --adapter path/to/peft-folder --direct",
            "  assay explain --adapter path/to/peft-folder --direct --long   # does the list hold in longer talk?",
            "  assay explain --prompt \"Answer like a lawyer.\" --budget 5m     # search longer",
            "  assay explain --adapter runs/a/adapter --sibling runs/b/adapter --sibling runs/c/adapter",
            "  assay explain --adapter path/to/peft-folder --scale 3 --rank 1     # louder, its largest direction only",
            "  assay explain --adapter run/checkpoint-900 --against run/checkpoint-300     # what changed",
            "  assay explain --soft path/to/prompt-tuning-folder",
            "  assay explain --adapter path/to/peft-folder --base-prompt default   # as the template has it",
            "  assay explain --prompt \"Reply in German and be very formal.\" --out runs/german",
            "  assay explain --model owner/repo --adapter owner/adapter --direct   # what a new model needs is made",
            "  assay explain --model path/to/model.gguf --adapter path/to/peft-folder --json > report.json",
            "  assay explain --model path/to/model.gguf --adapter path/to/adapter.gguf    # as llama.cpp keeps it"
        })
final class ExplainCommand extends ModelCommand {
    /// More prompts than this are no explanation.
    private static final int MOST_ATOMS = 200;

    private static final int MOST_SIBLINGS = 8;

    @ArgGroup(multiplicity = "1")
    private TargetOptions target = new TargetOptions();

    @Option(names = "--atoms", paramLabel = "N", description = "Most prompts in the mixture (default: 20).")
    private int atoms = 20;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Length of the soft prompt an adapter is also explained by way of (default: 16).")
    private int tokens = 16;

    @Option(
            names = "--direct",
            description = "Explain an adapter by prompts only, without the way by a soft prompt: half the time.")
    private boolean direct;

    @Option(
            names = "--sibling",
            paramLabel = "A",
            description =
                    "Another training run of the same recipe, other seed and other sample; may be repeated. Says how"
                            + " much of what is lacking is the noise of one run.")
    private List<String> siblings = List.of();

    @Option(
            names = "--long",
            description =
                    "Measure the list in longer talk too: 20 conversations of three turns, answers of up to 128 tokens, by"
                            + " position and by turn. Some minutes more.")
    private boolean atLength;

    @Mixin
    private ModelOptions.Base base = new ModelOptions.Base();

    @Mixin
    private TrimOptions trim = new TrimOptions();

    @Option(
            names = "--against",
            paramLabel = "A|T",
            description =
                    "What the target is compared with in place of the base: another adapter (a folder or owner/repo),"
                            + " or else the text of a system prompt. Explains what changed from one to the other.")
    private Optional<String> against = Optional.empty();

    @Mixin
    private SearchOptions search = new SearchOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// How much of an adapter.
    static final class TrimOptions {
        private static final int MOST_RANK = 1 << 16;

        @Option(
                names = "--scale",
                paramLabel = "K",
                description =
                        "Multiply all that the adapter changes: 0.5 is half of it, 3 makes a subtle one loud, -1 turns"
                                + " it round (default: 1).")
        private double scale = 1;

        @Option(
                names = "--rank",
                paramLabel = "R",
                description =
                        "Keep only the R largest directions of every matrix that the adapter changes (default: all).")
        private int rank;

        /// What was asked for.
        ///
        /// @param isAdapter whether there is an adapter that it could be about
        Trim trim(AssayCommand command, boolean isAdapter) {
            command.require(
                    Double.isFinite(scale) && scale != 0,
                    "--scale: expected a finite number other than 0, found " + scale + ".");
            command.requireWithin("--rank", 0, MOST_RANK, rank, "");
            Trim trim = new Trim(scale, rank);
            command.require(
                    isAdapter || trim.isNone(),
                    "--scale, --rank: expected beside --adapter, found without it. Prompts have no matrices: leave them out.");
            return trim;
        }
    }

    /// What is explained.
    static final class TargetOptions {
        @Option(
                names = "--adapter",
                paramLabel = "A",
                description = "PEFT LoRA folder, llama.cpp's .gguf file, or owner/repo[@revision][/subfolder].")
        private @Nullable String adapter;

        @Option(
                names = "--soft",
                paramLabel = "S",
                description = "PEFT prompt-tuning folder (a soft prompt), or owner/repo[@revision][/subfolder].")
        private @Nullable String soft;

        @Option(names = "--prompt", paramLabel = "T", description = "A system prompt.")
        private @Nullable String prompt;

        Target.Named named(Trim trim) {
            if (adapter != null) {
                return new Target.Named.Adapter(adapter, trim);
            }
            return soft != null ? new Target.Named.Soft(soft) : new Target.Named.Prompt(Objects.requireNonNull(prompt));
        }

        /// Siblings are of the target's kind.
        List<Target.Named> siblings(List<String> specs) {
            if (prompt != null && !specs.isEmpty()) {
                throw new InputException("--sibling: expected beside an adapter or a soft prompt, found it"
                        + " beside a prompt. A prompt is not trained: leave --sibling out.");
            }
            return specs.stream()
                    .<Target.Named>map(
                            spec -> adapter != null ? new Target.Named.Adapter(spec) : new Target.Named.Soft(spec))
                    .toList();
        }
    }

    @Override
    public Integer call() {
        model.over(base);
        requireWithin("--atoms", 1, MOST_ATOMS, atoms, " Ask for 20 if in doubt.");
        requireWithin("--tokens", 1, TrainingOptions.MOST_TOKENS, tokens, " Take 16 if in doubt.");
        requireWithin("--sibling", 0, MOST_SIBLINGS, siblings.size(), " Every group of them is measured.");
        Explain.Options options = Explain.Options.defaults(atoms, output.seed.value)
                .within(search.budget(this))
                .atLength(atLength);
        Target.Named alone = target.named(trim.trim(this, target.adapter != null));
        Target.Named named = against.<Target.Named>map(
                        other -> new Target.Named.Against(alone, Target.Named.adapterOrPrompt(other)))
                .orElse(alone);
        int bySoft = named instanceof Target.Named.Adapter && !direct ? tokens : 0;
        return new ExplainRun(model, target.siblings(siblings), options, bySoft, output.out, output.form.json)
                .run(named, this);
    }
}
