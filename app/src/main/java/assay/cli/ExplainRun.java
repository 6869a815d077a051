package assay.cli;

import assay.base.run.RunFolder;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Explained;
import assay.tasks.explain.Explaining;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// One explanation as a command: opens the model, explains, prints, and leaves a run folder.
///
/// @param tokens length of the soft prompt an adapter is also explained by way of; 0 for none
record ExplainRun(ModelOptions model, Explain.Options options, int tokens, Optional<Path> out, boolean json) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OUTCOME = "No report was written; start it again.";

    /// Explains a target for a command that prints it.
    int run(Target.Named named, AssayCommand command) {
        return command.with(model, Optional.of(named), PATIENCE, OUTCOME, session -> {
            Target target = session.target(named);
            Explaining explaining = new Explaining(session, session.atlas());
            try (RunFolder folder = RunFolder.create(out, target.folderName())) {
                Explained explained = explaining.explain(target, options, tokens, folder);
                explained.write(folder, "report");
                Path page = folder.path().resolve("report.html");
                return command.print(explained, json, session.job(), "Report: " + page);
            }
        });
    }
}
