package assay.cli.options;

import assay.ResourceException;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.run.Visible;
import assay.show.page.Result;
import assay.show.page.Style;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What all commands do alike: refuse options that do not fit, open a model, print. A new command
/// is one class of its own, with the mixins it needs, and a line in [Main].
@Command(mixinStandardHelpOptions = true, footerHeading = "%nExamples:%n")
public abstract class AssayCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    /// A refusal of what was typed; ends the command with exit code 2.
    public final ParameterException refused(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /// Refuses what does not fit.
    public final void require(boolean fits, String message) {
        if (!fits) {
            throw refused(message);
        }
    }

    /// Refuses a number out of bounds.
    ///
    /// @param next what to do instead, behind a blank; or nothing
    public final void requireWithin(String option, long least, long most, long found, String next) {
        require(
                found >= least && found <= most,
                option + ": expected " + least + " to " + most + ", found " + found + "." + next);
    }

    /// Refuses names that are none of those known.
    public final void requireKnown(String option, List<String> known, List<String> found) {
        for (String name : found) {
            require(
                    known.contains(name),
                    option + ": expected some of " + String.join(", ", known) + ", found " + name + ".");
        }
    }

    /// Works with an open model; what the work returns is the exit code.
    ///
    /// @param patience how long what is under way may take to be saved when the user stops it
    /// @param outcome what the user is told then
    public final int with(ModelOptions model, Duration patience, String outcome, ToIntFunction<Session> work) {
        return with(model, Optional.empty(), patience, outcome, work);
    }

    /// The same for a target, of which everything that needs no model is looked at first.
    public final int with(
            ModelOptions model,
            Optional<Target.Named> target,
            Duration patience,
            String outcome,
            ToIntFunction<Session> work) {
        try (Job job = Job.begin(patience, outcome)) {
            target.ifPresent(named -> Session.requireThere(named, job));
            try (Session session = model.open(job)) {
                return work.applyAsInt(session);
            }
        }
    }

    /// The same in a run folder, which is made before the model is opened.
    ///
    /// @param folder makes it, or takes that of a stopped run
    public final int within(
            Supplier<RunFolder> folder,
            ModelOptions model,
            List<Target.Named> targets,
            Duration patience,
            String outcome,
            ToIntBiFunction<Session, RunFolder> work) {
        try (Job job = Job.begin(patience, outcome);
                RunFolder made = folder.get()) {
            targets.forEach(named -> Session.requireThere(named, job));
            try (Session session = model.open(job)) {
                return work.applyAsInt(session, made);
            }
        }
    }

    /// Where results go.
    public final PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    /// Prints a result of plain text.
    public final int print(String text) {
        return write(Visible.text(text));
    }

    private int write(String shown) {
        PrintWriter writer = out();
        writer.print(shown);
        writer.flush();
        return 0;
    }

    /// Leaves a result where it belongs, and prints it even if the disk does not take it.
    ///
    /// @param write leaves it
    /// @param where such as `Report: runs/1/report.html`
    /// @throws ResourceException if it could not be written, after it was printed
    public final int leave(Result result, boolean json, Job job, Runnable write, String where) {
        try {
            write.run();
        } catch (ResourceException full) {
            print(result, json, job, "It stands above and nowhere else, since no report could be written.");
            throw full;
        }
        job.finished();
        return print(result, json, job, where);
    }

    /// Prints a result, which as text has colours of its own, and says how long it took and where
    /// the rest lies.
    ///
    /// @param json as one document instead of text
    /// @param where such as `Report: runs/1/report.html`
    public final int print(Result result, boolean json, Job job, String where) {
        write(json ? Visible.text(result.json()) : result.text(Style.detect()));
        String name = Objects.requireNonNull(spec).name();
        job.tell("%s: %.0f s. %s", name, result.seconds(), where);
        return 0;
    }
}
