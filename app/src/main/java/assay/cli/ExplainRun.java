package assay.cli;

import assay.base.run.RunFolder;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Explained;
import assay.tasks.explain.Explaining;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// One explanation as a command: opens the model, explains, prints, and leaves a run folder.
///
/// @param tokens length of the soft prompt an adapter is also explained by way of; 0 for none
record ExplainRun(ModelOptions model, Explain.Options options, int tokens, Optional<Path> out, boolean json) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OUTCOME =
            "What was finished is kept in the run folder; the same command goes on from there.";

    /// Explains a target for a command that prints it.
    int run(Target.Named named, AssayCommand command) {
        Supplier<RunFolder> place = () -> Explaining.folder(out, named.folderName());
        return command.within(place, model, Optional.of(named), PATIENCE, OUTCOME, (session, made) -> {
            Target target = session.target(named);
            Explaining explaining = new Explaining(session, session.atlas());
            Optional<RunFolder> stopped = out.isPresent()
                    ? Optional.empty()
                    : explaining.stopped(target, options, tokens, named.folderName());
            try {
                return run(target, explaining, stopped.orElse(made), command);
            } finally {
                stopped.ifPresent(RunFolder::close);
            }
        });
    }

    private int run(Target target, Explaining explaining, RunFolder folder, AssayCommand command) {
        Explained explained = explaining.explain(target, options, tokens, folder);
        Runnable write = () -> explained.write(folder, "report");
        String where = "Report: " + folder.path().resolve("report.html");
        return command.leave(explained, json, explaining.session().job(), write, where);
    }
}
