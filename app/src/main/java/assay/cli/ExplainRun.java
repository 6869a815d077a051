package assay.cli;

import assay.base.run.Provenance;
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
        // Another version's stopped run is no run of this command: it could not be gone on with.
        String asked = String.join(
                " ",
                named.toString(),
                options.toString(),
                Integer.toString(tokens),
                "model" + model.given(),
                Provenance.codeHash());
        Supplier<RunFolder> place = () -> Explaining.folder(out, named.folderName(), asked);
        return command.within(place, model, Optional.of(named), PATIENCE, OUTCOME, (session, folder) -> {
            Target target = session.target(named);
            Explaining explaining = new Explaining(session, session.atlas());
            Explained explained = explaining.explain(target, options, tokens, folder, asked);
            Runnable write = () -> explained.write(folder, "report");
            String where = "Report: " + folder.path().resolve("report.html");
            return command.leave(explained, json, session.job(), write, where);
        });
    }
}
