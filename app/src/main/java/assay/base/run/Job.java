package assay.base.run;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// What a long job needs besides its work: somewhere to tell how far it is, somebody who may ask it to stop, and the
/// time since it began.
///
/// @param progress where it tells how far it is
/// @param interruption how it is asked to stop
/// @param startNanos when it began, by [System#nanoTime()]
public record Job(Progress progress, Interruption interruption, long startNanos) implements AutoCloseable {
    /// A command's job: tells of itself on the terminal and stops at Ctrl-C.
    ///
    /// @param patience how long what is under way may take to be saved
    /// @param outcome what the user is told of a stopped job
    public static Job begin(Duration patience, String outcome) {
        return new Job(Progress.terminal(), Interruption.install(patience, outcome), System.nanoTime());
    }

    /// A job that tells nobody anything and is stopped by nobody.
    public static Job silent() {
        return new Job(Progress.silent(), Interruption.manual(), System.nanoTime());
    }

    /// The same job, told of no more; it is still stopped when the whole is.
    public Job untold() {
        return new Job(Progress.silent(), interruption, startNanos);
    }

    /// The same job as a piece of its own, timed from now.
    public Job fromNow() {
        return new Job(progress, interruption, System.nanoTime());
    }

    /// Begins a stage; see [Progress#stage].
    public Stage stage(String name, long total) {
        return progress.stage(name, total);
    }

    /// Does something that takes a while, as a stage of its own.
    public <T> T watched(String name, Supplier<T> work) {
        try (Stage _ = stage(name, 0)) {
            return work.get();
        }
    }

    /// Tells something; see [Progress#note].
    public void note(String text) {
        progress.note(text);
    }

    /// Tells something, and to who listens what it was made of; see [Progress.Listener].
    public void note(String text, Record fact) {
        progress.note(text, Optional.of(fact));
    }

    /// Tells a fact only to who listens; see [Progress.Listener].
    public void heard(Record fact) {
        progress.fact(fact);
    }

    /// Tells something in the form of [String#format].
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    public void tell(String format, Object... values) {
        progress.note(String.format(Locale.ROOT, format, values));
    }

    /// Leaves if a stop was asked for.
    ///
    /// @throws InterruptedRunException if so
    public void check() {
        interruption.check();
    }

    /// The result is where it belongs; see [Interruption#finished].
    public void finished() {
        interruption.finished();
    }

    /// Whether a stop was asked for.
    public boolean stopRequested() {
        return interruption.requested();
    }

    /// Seconds since it began.
    public double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    @Override
    public void close() {
        interruption.close();
    }
}
