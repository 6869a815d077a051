package assay.cli;

import assay.InputException;
import assay.cli.chat.ChatLoop;
import assay.cli.chat.ChatSettings;
import assay.cli.chat.Lines;
import assay.cli.options.ModelCommand;
import assay.show.page.Style;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.tasks.talk.RunFile;
import assay.tasks.talk.Talk;
import assay.tasks.talk.WorkQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Talks to base, target and mixture side by side.
@Command(
        name = "chat",
        description = {
            "Talks to a fine-tune, its base and the prompts it is explained by, side by side. Prompts can be changed, dropped",
            "and added between two messages; /help in the chat says how. Without RUN, the newest explanation in runs."
        },
        footer = {
            "  assay chat                                                  # the newest explanation",
            "  assay chat runs/20260101-120000-pirate",
            "  assay chat runs/20260101-120000-pirate/mixture-1.json       # one saved in a chat",
            "  assay chat --adapter path/to/peft-folder                    # nothing explained yet",
            "  printf 'Hello!\\n/why\\n/drop 3\\nHello!\\n' | assay chat        # through a pipe"
        })
final class ChatCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            description = "A run folder of explain, or a mixture that was saved in one.")
    private Optional<Path> run = Optional.empty();

    @Option(names = "--adapter", paramLabel = "A", description = "A LoRA adapter, as for explain.")
    private Optional<String> adapter = Optional.empty();

    @Option(names = "--soft", paramLabel = "S", description = "A soft prompt, as for explain.")
    private Optional<String> soft = Optional.empty();

    @Option(names = "--prompt", paramLabel = "T", description = "A system prompt, as for explain.")
    private Optional<String> prompt = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the answers (default: 0).")
    private long seed;

    @Override
    public Integer call() {
        List<Target.Named> targets = Stream.of(
                        adapter.map(Target.Named.Adapter::new),
                        soft.map(Target.Named.Soft::new),
                        prompt.map(Target.Named.Prompt::new))
                .<Target.Named>flatMap(Optional::stream)
                .toList();
        require(targets.size() <= 1, "--adapter, --soft, --prompt: expected one of them, found more.");
        Optional<Target.Named> target = targets.stream().findFirst();
        Optional<RunFile> opened = run.isEmpty() && target.isPresent()
                ? Optional.empty()
                : Optional.of(RunFile.read(run.orElseGet(ChatCommand::newest), target));
        opened.map(RunFile::under)
                .ifPresent(under -> model.takeUnlessGiven(under.model(), under.precision(), under.base()));
        Optional<Target.Named> named = target.or(() -> opened.map(RunFile::target));
        return with(model, named, PATIENCE, "Nothing was kept.", session -> chat(session, opened, named));
    }

    private int chat(Session session, Optional<RunFile> opened, Optional<Target.Named> named) {
        try (WorkQueue queue = new WorkQueue();
                Talk talk = opened.map(file -> Talk.open(session, queue, file))
                        .orElseGet(() -> Talk.open(session, queue, named.orElseThrow()))) {
            session.job().finished();
            new ChatLoop(talk, Lines.standard(), out(), Style.detect(), ChatSettings.defaults(seed)).run();
            return 0;
        }
    }

    private static Path newest() {
        return RunFile.newest(Path.of("runs"))
                .orElseThrow(() -> new InputException("run: expected an explanation in runs, found none. Explain"
                        + " something first (assay demo), or talk to an adapter by itself: assay chat --adapter A"));
    }
}
