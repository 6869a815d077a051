package assay.cli;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.cli.options.ModelCommand;
import assay.cli.options.ModelOptions;
import assay.web.site.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// A local page: past runs, new explanations, talk side by side, a guessing game.
@Command(
        name = "serve",
        description = {
            "Opens a page for your browser: look at runs, begin explanations and watch them grow, talk to base, target and",
            "mixture side by side, change the mixture, and guess fine-tunes by their lists. Nothing leaves this machine."
        },
        footer = {
            "  assay serve                                  # then open the address it prints",
            "  assay serve --adapters path/to/my/adapters   # the page may explain what lies in there",
            "  assay serve --model path/to/model.gguf --port 9000",
            "  assay serve --host 0.0.0.0                   # for others too, with the token it prints"
        })
final class ServeCommand extends ModelCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OUTCOME =
            "The page is closed. What an explanation had finished is kept in its run folder.";
    private static final long LOOK_MILLIS = 200;

    @Option(
            names = "--host",
            paramLabel = "H",
            description =
                    "Name or address to listen at (default: 127.0.0.1, this machine alone). Any other needs the token"
                            + " that is printed.")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen at (default: 8017, or any if that is taken).")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--runs", paramLabel = "DIR", description = "Folder of runs (default: runs).")
    private Path runs = Path.of("runs");

    @Option(
            names = "--adapters",
            paramLabel = "DIR",
            description =
                    "A folder from which the page may take adapters and soft prompts; may be repeated. Those of runs"
                            + " and of the examples it may take anyway.")
    private List<Path> adapters = List.of();

    @Override
    public Integer call() {
        port.ifPresent(number -> requireWithin("--port", 0, 65_535, number, " Leave it out if in doubt."));
        for (Path folder : adapters) {
            require(Files.isDirectory(folder), "--adapters: expected a folder, found none (" + folder + ").");
        }
        AtomicFiles.requireRoomIn("--runs", runs);
        List<Path> folders = new ArrayList<>(adapters);
        folders.add(ModelOptions.home().resolve("examples").resolve("adapters"));
        return with(model, PATIENCE, OUTCOME, session -> {
            try (Site site = Site.open(session, new Site.Setting(host, port, runs, folders))) {
                print("Open " + site.address() + "\nCtrl-C closes it.\n");
                untilStopped(session.job());
            }
            return 0;
        });
    }

    private static void untilStopped(Job job) {
        try {
            while (true) {
                job.check();
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
