package assay.cli;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.discover.search.TargetSearch;
import assay.show.page.Style;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Explained;
import assay.tasks.explain.Explaining;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/// One explanation as a command: opens the model, explains, prints, and leaves a run folder.
///
/// @param tokens length of the soft prompt an adapter is also explained by way of; 0 for none
/// @param budget of the search beyond the dictionary
record ExplainRun(
        ModelOptions model,
        int atoms,
        int tokens,
        TargetSearch.Budget budget,
        long seed,
        Optional<Path> out,
        boolean json,
        CommandSpec spec) {
    /// More prompts than this are no explanation.
    static final int MOST_ATOMS = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OUTCOME = "No report was written; start it again.";

    /// Explains a soft prompt.
    int soft(String command, String soft) {
        return run(command, session -> session.soft(soft));
    }

    /// Explains an adapter.
    int adapter(String command, String adapter) {
        return run(command, session -> session.adapter(adapter));
    }

    /// Explains a system prompt.
    int prompt(String command, String prompt) {
        return run(command, session -> session.prompt(prompt));
    }

    private int run(String command, Function<Session, Target> targetOf) {
        try (Job job = Job.begin(PATIENCE, OUTCOME);
                Session session = model.open(job)) {
            Target target = targetOf.apply(session);
            AtlasShelf.Shelved atlas = session.atlas();
            explain(command, session, target, atlas);
            return 0;
        }
    }

    private void explain(String command, Session session, Target target, AtlasShelf.Shelved atlas) {
        try (RunFolder folder = RunFolder.create(out, folderName(target))) {
            Explaining explaining = new Explaining(session, atlas);
            Explain.Options options = Explain.Options.defaults(atoms, seed).within(budget);
            Explained explained = tokens > 0
                    ? explaining.bySoftPrompt(target, options, tokens, folder)
                    : explaining.direct(target, options);
            folder.write("report.json", explained.json().getBytes(StandardCharsets.UTF_8));
            folder.write("report.html", explained.html().getBytes(StandardCharsets.UTF_8));
            PrintWriter writer = spec.commandLine().getOut();
            writer.print(json ? explained.json() : explained.text(Style.detect()));
            writer.flush();
            session.job()
                    .note(String.format(
                            Locale.ROOT,
                            "%s: %.0f s. Report: %s",
                            command,
                            explained.seconds(),
                            folder.path().resolve("report.html")));
        }
    }

    static String folderName(Target target) {
        String name = target.name()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return name.isEmpty() ? "prompt" : name.substring(0, Math.min(40, name.length()));
    }
}
