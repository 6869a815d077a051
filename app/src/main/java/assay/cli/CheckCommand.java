package assay.cli;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.cli.options.AssayCommand;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.cli.options.OutputOptions;
import assay.engine.hub.ModelStore;
import assay.tasks.check.CheckModel;
import assay.tasks.check.Checked;
import assay.tasks.check.ModelList;
import assay.tasks.check.RunTokens;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A quick look at a model before anything long is begun.
@Command(
        name = "check",
        description = {
            "Says in seconds what a model is, where prompts sit in it, whether it has an atlas, and what an adapter, a soft",
            "prompt or a system prompt does to it; compares its logits with those of another program."
        },
        footer = {
            "  assay model check",
            "  assay model check path/to/model --adapter path/to/peft-folder",
            "  assay model check owner/repo --prompt \"You are a pirate.\"",
            "  assay model check path/to/model --ids ids.json --logits logits.safetensors",
            "  assay model check path/to/model --device cuda          (docs/devices.md)",
            "",
            "Is it run as transformers runs it? Exit code 1 if not:",
            "  python ${sys:assay.home:-.}/bench/reference/logits.py path/to/model --out reference.safetensors",
            "  assay model check path/to/model --reference reference.safetensors"
        })
final class CheckCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Parameters(paramLabel = "M", arity = "0..1", description = "The model; the same as --model M.")
    private @Nullable String named;

    @Option(names = "--adapter", paramLabel = "A", description = "A LoRA adapter, as for explain.")
    private Optional<String> adapter = Optional.empty();

    @Option(names = "--soft", paramLabel = "S", description = "A soft prompt, as for explain.")
    private Optional<String> soft = Optional.empty();

    @Option(names = "--prompt", paramLabel = "T", description = "A system prompt.")
    private Optional<String> prompt = Optional.empty();

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "Logits of another program, written by ${sys:assay.home:-.}/bench/reference/logits.py,"
                    + " to compare with in float32.")
    private Optional<Path> reference = Optional.empty();

    @Option(
            names = "--ids",
            paramLabel = "FILE",
            description = "A JSON array of arrays of token ids to run as they are; needs --logits.")
    private Optional<Path> ids = Optional.empty();

    @Option(
            names = "--logits",
            paramLabel = "OUT",
            description = "Where their logits go: a safetensors file of logits.0, logits.1 … [position vocab] and"
                    + " hidden.0 … [position hidden], in float32.")
    private Optional<Path> logits = Optional.empty();

    @Mixin
    private ModelOptions.Base base = new ModelOptions.Base();

    @Mixin
    private ExplainCommand.TrimOptions trim = new ExplainCommand.TrimOptions();

    @Option(names = "--against", paramLabel = "A|T", description = "What the target is compared with, as for explain.")
    private Optional<String> against = Optional.empty();

    @Mixin
    private OutputOptions.Form form = new OutputOptions.Form();

    @Override
    public Integer call() {
        if (named != null) {
            model.take(named);
        }
        model.over(base);
        List<Target.Named> targets = Stream.of(
                        adapter.map(spec -> new Target.Named.Adapter(spec, trim.trim(this, true))),
                        soft.map(Target.Named.Soft::new),
                        prompt.map(Target.Named.Prompt::new))
                .<Target.Named>flatMap(Optional::stream)
                .toList();
        require(targets.size() <= 1, "--adapter, --soft, --prompt: expected one of them, found more.");
        trim.trim(this, adapter.isPresent());
        boolean isCompared = reference.isPresent() || ids.isPresent();
        require(ids.isPresent() == logits.isPresent(), "--ids, --logits: expected both or neither, found one.");
        require(
                !isCompared || (soft.isEmpty() && prompt.isEmpty() && against.isEmpty()),
                "--reference, --ids: expected alone or with --adapter, found --soft, --prompt or --against.");
        if (isCompared) {
            model.exact();
        }
        Optional<Target.Named> alone = targets.stream().findFirst();
        require(against.isEmpty() || alone.isPresent(), "--against: expected beside a target, found without one.");
        Optional<Target.Named> target = against.map(Target.Named::adapterOrPrompt)
                .<Target.Named>map(other -> new Target.Named.Against(alone.orElseThrow(), other))
                .or(() -> alone);
        return ids.isPresent() ? run(ids.get(), target, logits.orElseThrow()) : look(target);
    }

    private int look(Optional<Target.Named> target) {
        return with(model, target, PATIENCE, "Nothing was kept.", session -> {
            Checked checked = new CheckModel(session).run(target, reference);
            print(form.json ? checked.json() : checked.text());
            return checked.isOther() ? 1 : 0;
        });
    }

    private int run(Path tokens, Optional<Target.Named> target, Path to) {
        AtomicFiles.requireRoom("--logits", to);
        return with(model, target, PATIENCE, "Nothing was kept.", session -> {
            RunTokens.Written written = new RunTokens(session).write(tokens, target, to);
            return print(form.json ? written.json(session) : written.text());
        });
    }

    /// Commands about models.
    @Command(
            name = "model",
            description = "Lists, fetches and looks at models.",
            subcommands = {CheckCommand.class, CheckCommand.Listing.class, CheckCommand.Pull.class},
            footer = {
                "  assay model list",
                "  assay model pull Qwen/Qwen2.5-0.5B-Instruct",
                "  assay model check path/to/model --adapter path/to/peft-folder"
            })
    static final class Parent extends AssayCommand {
        @Override
        public Integer call() {
            throw refused("model: expected check, list or pull, found nothing.");
        }
    }

    /// What is on this machine.
    @Command(
            name = "list",
            description = "Lists the models on this machine: the embedded one and those of the Hugging Face cache.",
            footer = {"  assay model list", "  assay model list --json"})
    static final class Listing extends AssayCommand {
        @Mixin
        private OutputOptions.Form form = new OutputOptions.Form();

        @Override
        public Integer call() {
            try (Job job = Job.begin(PATIENCE, "Nothing was kept.")) {
                ModelList models = ModelList.of(ModelStore.current(), ModelOptions.home(), job);
                return print(form.json ? models.json() : models.text());
            }
        }
    }

    /// Fetches a model.
    @Command(
            name = "pull",
            description = {
                "Fetches a model into the cache that Hugging Face's libraries use, unless it is there. What was broken off",
                "goes on where it was. HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE mean what they mean there."
            },
            footer = {
                "  assay model pull Qwen/Qwen2.5-0.5B-Instruct",
                "  assay model pull owner/repo@revision/model-q4_k_m.gguf",
                "  assay model pull owner/repo/model-00001-of-00003.gguf     (all its parts)"
            })
    static final class Pull extends AssayCommand {
        @Parameters(paramLabel = "ID", description = "owner/repo[@revision][/subfolder or file.gguf].")
        private String id = "";

        @Override
        public Integer call() {
            try (Job job = Job.begin(PATIENCE, "What came so far is kept; the same command goes on.")) {
                ModelStore.Located located = ModelStore.current().pull(id, job.progress());
                print(located.path() + "\n");
                job.tell("Look at it with: assay model check %s", located.name());
                return 0;
            }
        }
    }
}
