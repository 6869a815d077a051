package assay.cli;

import assay.InputException;
import assay.base.run.RunFolder;
import assay.cli.options.AssayCommand;
import assay.cli.options.ModelOptions;
import assay.discover.atlas.Atlas;
import assay.tasks.check.CheckModel;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Explained;
import assay.tasks.explain.Explaining;
import assay.tasks.explain.Foreseen;
import assay.tasks.session.Forecast;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One explanation as a command: opens the model, explains, prints, and leaves a run folder.
///
/// @param siblings other training runs of the target's recipe, as the user named them
/// @param tokens length of the soft prompt an adapter is also explained by way of; 0 for none
record ExplainRun(
        ModelOptions model,
        List<Target.Named> siblings,
        Explain.Options options,
        int tokens,
        Optional<Path> out,
        boolean json) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OUTCOME =
            "What was finished is kept in the run folder; the same command goes on from there.";

    /// Explains a target for a command that prints it.
    int run(Target.Named named, AssayCommand command) {
        Supplier<RunFolder> place = () -> Explaining.folder(out, named.folderName());
        List<Target.Named> all =
                Stream.concat(Stream.of(named), siblings.stream()).toList();
        return command.within(place, model, all, PATIENCE, OUTCOME, (session, made) -> {
            Target target = session.target(named);
            List<Target> others = siblings.stream().map(session::target).toList();
            requireOthers(target, others);
            if (!session.isAtlasReady()) {
                // A dictionary takes minutes: nobody should wait for one to hear this.
                new CheckModel(session).requireEffect(target);
                long bytes = Forecast.bytes(session.chat().model());
                session.job().note(Foreseen.of(session, options, tokens, bytes).words());
            }
            Explaining explaining = new Explaining(session, session.readyAtlas());
            Optional<RunFolder> stopped = out.isPresent()
                    ? Optional.empty()
                    : explaining.stopped(target, others, options, tokens, named.folderName());
            if (stopped.isEmpty()) {
                session.job().note(foreseen(explaining).words());
            }
            try {
                return run(
                        explaining.explain(target, others, options, tokens, stopped.orElse(made)),
                        session,
                        stopped.orElse(made),
                        command);
            } finally {
                stopped.ifPresent(RunFolder::close);
            }
        });
    }

    private Forecast foreseen(Explaining explaining) {
        Session session = explaining.session();
        Atlas atlas = explaining.shelved().atlas();
        return Forecast.of(
                options.work(tokens > 0), atlas, session.chat().model(), Forecast.Speed.measure(session, atlas));
    }

    /// A copy of the target is no second run: it would close all of it.
    private static void requireOthers(Target target, List<Target> others) {
        for (Target other : others) {
            if (other.sha256().equals(target.sha256())) {
                throw new InputException("--sibling: expected another training run, found the target itself ("
                        + other.name() + "). Train one with another seed, for example by assay bake.");
            }
        }
    }

    private int run(Explained explained, Session session, RunFolder folder, AssayCommand command) {
        Runnable write = () -> explained.write(folder, "report");
        String where = "Report: " + folder.path().resolve("report.html");
        return command.leave(explained, json, session.job(), write, where);
    }
}
