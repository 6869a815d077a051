package assay.cli;

import assay.tasks.check.CheckModel;
import assay.tasks.check.Checked;
import assay.tasks.session.Target;
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
            "prompt or a system prompt does to it."
        },
        footer = {
            "  assay model check",
            "  assay model check path/to/model --adapter path/to/peft-folder",
            "  assay model check owner/repo --prompt \"You are a pirate.\""
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
        List<Target.Named> targets = Stream.of(
                        adapter.map(spec -> new Target.Named.Adapter(spec, trim.trim(this, true))),
                        soft.map(Target.Named.Soft::new),
                        prompt.map(Target.Named.Prompt::new))
                .<Target.Named>flatMap(Optional::stream)
                .toList();
        require(targets.size() <= 1, "--adapter, --soft, --prompt: expected one of them, found more.");
        trim.trim(this, adapter.isPresent());
        Optional<Target.Named> alone = targets.stream().findFirst();
        require(against.isEmpty() || alone.isPresent(), "--against: expected beside a target, found without one.");
        Optional<Target.Named> target = against.map(Target.Named::adapterOrPrompt)
                .<Target.Named>map(other -> new Target.Named.Against(alone.orElseThrow(), other))
                .or(() -> alone);
        return with(model, target, PATIENCE, "Nothing was kept.", session -> {
            Checked checked = new CheckModel(session).run(target);
            return print(form.json ? checked.json() : checked.text());
        });
    }

    /// Commands about models.
    @Command(
            name = "model",
            description = "Looks at models.",
            subcommands = CheckCommand.class,
            footer = "  assay model check path/to/model --adapter path/to/peft-folder")
    static final class Parent extends AssayCommand {
        @Override
        public Integer call() {
            throw refused("model: expected check, found nothing.");
        }
    }
}
