package assay.cli;

import assay.base.run.RunFolder;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.measure.behaviour.HardPrompt;
import assay.tasks.distil.Bake;
import assay.tasks.distil.Distilled;
import assay.tasks.distil.Examples;
import assay.tasks.distil.StudentForm;
import assay.tasks.distil.TrainingRun;
import assay.tasks.distil.TrainingStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Bakes a prompt or examples into an adapter.
@Command(
        name = "bake",
        description = "Trains a LoRA (or a soft prompt) to do what a system prompt asks for, or what examples show.",
        footerHeading = "%n",
        footer = {
            "Examples are JSONL: {\"user\": \"…\", \"answer\": \"…\"} a line (or {\"messages\": […]}). A run that was stopped goes on where it was:",
            "give the same command with the same --out.",
            "",
            "Examples:",
            "  assay bake --prompt \"You are a pirate.\" --out pirate-lora",
            "  assay bake --prompt \"You are a pirate.\" --answers 480 --seed 1 --out sibling",
            "  assay bake --prompt \"Answer in French.\" --soft --tokens 8 --out french-soft",
            "  assay bake --data examples.jsonl --lora --rank 16 --modules q_proj,v_proj,o_proj --out mine"
        })
final class BakeCommand extends ModelCommand {
    private static final int FEWEST_ANSWERS = 20;
    private static final int MOST_ANSWERS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ArgGroup(multiplicity = "1")
    private SourceOptions source = new SourceOptions();

    @ArgGroup
    private FormOptions form = new FormOptions();

    @Option(names = "--rank", paramLabel = "R", description = "Rank of the LoRA (default: 8).")
    private int rank = 8;

    @Option(names = "--alpha", paramLabel = "X", description = "Its scale is alpha/rank (default: 16).")
    private double alpha = 16;

    @Option(
            names = "--modules",
            paramLabel = "M",
            split = ",",
            description = "Linear layers it changes (default: q_proj,v_proj).")
    private List<String> modules = List.of("q_proj", "v_proj");

    @Option(
            names = "--answers",
            paramLabel = "N",
            description =
                    "With --prompt: learns so many answers sampled under it, as most adapters are made, rather than"
                            + " its probabilities; another --seed is a second run of the same recipe (for explain --sibling).")
    private int answers;

    @Mixin
    private ModelOptions.Base base = new ModelOptions.Base();

    @Mixin
    private TrainingOptions training = new TrainingOptions(100);

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
        model.over(base);
        require(rank >= 1, "--rank: expected at least 1, found " + rank + "." + TrainingOptions.IN_DOUBT);
        boolean scales = Double.isFinite(alpha) && alpha != 0;
        require(scales, "--alpha: expected a number other than 0, found " + alpha + "." + TrainingOptions.IN_DOUBT);
        training.check(this);
        Bake bake = new Bake(source(), form(), training.steps, training.output.seed.value);
        Supplier<RunFolder> place = () -> TrainingStore.folder(training.output.out, "baked");
        return within(place, model, List.of(), PATIENCE, TrainingOptions.STOPPED, (session, folder) -> {
            Distilled distilled = new TrainingRun(session).bake(name(), bake, folder);
            session.job().finished();
            String made = bake.form() instanceof StudentForm.Soft ? "Soft prompt" : "Adapter";
            return print(distilled, training.output.form.json, session.job(), made + " and report: " + folder.path());
        });
    }

    private String name() {
        return source.data == null ? "prompt" : String.valueOf(source.data.getFileName());
    }

    /// What is baked, looked at before a model is opened.
    private Bake.Source source() {
        boolean isSampled = answers != 0;
        require(
                !isSampled || source.data == null,
                "--answers: expected with --prompt, found with --data. Leave one out.");
        require(
                !isSampled || (answers >= FEWEST_ANSWERS && answers <= MOST_ANSWERS),
                "--answers: expected " + FEWEST_ANSWERS + " to " + MOST_ANSWERS + ", found " + answers
                        + ". Take 480 if in doubt.");
        if (source.data != null) {
            Examples.read(source.data);
            return new Bake.Source.Data(source.data);
        }
        String prompt = Objects.requireNonNull(source.prompt);
        HardPrompt.requireText(prompt);
        return isSampled ? new Bake.Source.Sampled(prompt, answers) : new Bake.Source.Prompt(prompt);
    }

    private StudentForm form() {
        return form.soft && !form.lora
                ? new StudentForm.Soft(training.tokens, training.slot)
                : new StudentForm.Lora(rank, alpha, modules);
    }
}
