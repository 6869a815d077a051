package assay.cli;

import assay.base.run.RunFolder;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.lab.trials.Zoo;
import assay.tasks.check.CheckModel;
import assay.tasks.distil.Distil;
import assay.tasks.distil.Distilled;
import assay.tasks.distil.TrainingRun;
import assay.tasks.distil.TrainingStore;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Distils an adapter into a soft prompt.
@Command(
        name = "distil",
        description = "Trains a soft prompt to act like an adapter, and says how well it does on unseen user turns.",
        footerHeading = "%n",
        footer = {
            "A training step takes about a second on two cores. A run that was stopped goes on where it was: give the",
            "same command with the same --out.",
            "",
            "Examples:",
            "  assay distil --adapter path/to/peft-folder --out soft",
            "  assay distil --adapter path/to/peft-folder --tokens 4 --steps 400 --out soft4",
            "  assay distil --adapter path/to/peft-folder --scale 2 --out twice        # twice the adapter",
            "  assay distil --adapter path/to/peft-folder --slot prefix --out soft    # loads in PEFT as it is",
            "  assay distil --adapter path/to/peft-folder --sweep --out lengths       # 1 to 64 tokens",
            "  assay distil --study examples/zoo/zoo.json --out zoo                   # every target of a study"
        })
final class DistilCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<Integer> LENGTHS = List.of(1, 2, 4, 8, 16, 32, 64);
    private static final int BAKE_STEPS = 60;

    @ArgGroup(multiplicity = "1")
    private SourceOptions source = new SourceOptions();

    /// What is distilled.
    static final class SourceOptions {
        @Option(
                names = "--adapter",
                paramLabel = "A",
                description = "PEFT LoRA folder, llama.cpp's .gguf file, or owner/repo[@revision][/subfolder].")
        private @Nullable String adapter;

        @Option(
                names = "--study",
                paramLabel = "F",
                description = "A study file of targets: each is baked into an adapter, then distilled; needs --out.")
        private @Nullable Path study;
    }

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "With --study: soft prompts of each elicitation adapter (default: 3).")
    private int seeds = 3;

    @Option(
            names = "--classes",
            paramLabel = "C",
            split = ",",
            description = "With --study: only these classes of targets.")
    private List<String> classes = List.of();

    @Option(names = "--sweep", description = "Also train soft prompts of 1, 2, 4, 8, 16, 32 and 64 tokens.")
    private boolean sweep;

    @Mixin
    private ModelOptions.Base base = new ModelOptions.Base();

    @Mixin
    private ExplainCommand.TrimOptions trim = new ExplainCommand.TrimOptions();

    @Mixin
    private TrainingOptions training = new TrainingOptions(160);

    @Override
    public Integer call() {
        model.over(base);
        Distil.Options options = options();
        requireWithin("--seeds", 1, 100, seeds, TrainingOptions.IN_DOUBT);
        Path study = source.study;
        trim.trim(this, study == null);
        return study == null ? one(Objects.requireNonNull(source.adapter), options) : study(study, options);
    }

    private int study(Path study, Distil.Options options) {
        Path folder =
                training.output.out.orElseThrow(() -> refused("--out: expected a folder for the study, found none."));
        RunFolder.requireRoomForMany(folder);
        String outcome = "What is finished is kept; the same command goes on from there.";
        return with(PATIENCE, outcome, session -> {
            Zoo zoo = new Zoo(session);
            List<Zoo.Row> rows =
                    zoo.run(study, new Zoo.Options(Set.copyOf(classes), BAKE_STEPS, seeds, options), folder);
            return print(training.output.form.json ? zoo.json(rows) : Zoo.table(rows));
        });
    }

    private int one(String adapter, Distil.Options options) {
        Target.Named named = new Target.Named.Adapter(adapter, trim.trim(this, true));
        Supplier<RunFolder> place = () -> TrainingStore.folder(training.output.out, named.folderName() + "-soft");
        return within(place, model, List.of(named), PATIENCE, TrainingOptions.STOPPED, (session, folder) -> {
            Target target = session.target(named);
            // Teachers are heard for minutes: nobody should wait for that to hear this.
            new CheckModel(session).requireEffect(target);
            Distilled distilled = new TrainingRun(session).distil(target, options, folder);
            session.job().finished();
            String where = "Soft prompt and report: " + folder.path();
            return print(distilled, training.output.form.json, session.job(), where);
        });
    }

    private Distil.Options options() {
        training.check(this);
        Distil.Options options = Distil.Options.defaults(training.tokens, training.output.seed.value)
                .withSteps(training.steps)
                .in(training.slot);
        return sweep ? options.sweeping(LENGTHS) : options;
    }
}
