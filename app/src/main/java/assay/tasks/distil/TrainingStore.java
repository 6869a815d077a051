package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Refusal;
import assay.base.run.RunFolder;
import assay.base.run.SavedState;
import assay.train.Checkpoint;
import assay.train.TrainingState;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where a training is saved: every few seconds of work, and at once when it is to be interrupted.
public class TrainingStore {
    /// The file by which a folder is known to hold an unfinished run.
    private static final String CHECKPOINT = "checkpoint.assay";

    private static final long EVERY_NANOS = 5_000_000_000L;

    private final Optional<RunFolder> folder;
    private final String file;
    private final Map<String, String> run;
    private final boolean isPart;
    private final Job job;
    private long last = System.nanoTime();

    /// In a run folder, if there is one.
    ///
    /// @param run what a resuming run must agree on, by name
    /// @param job is told of a damaged one
    TrainingStore(Optional<RunFolder> folder, Map<String, String> run, Job job) {
        this(folder, CHECKPOINT, run, false, job);
    }

    private TrainingStore(Optional<RunFolder> folder, String file, Map<String, String> run, boolean isPart, Job job) {
        this.folder = folder;
        this.file = file;
        this.run = run;
        this.isPart = isPart;
        this.job = job;
    }

    /// Nowhere: for runs that are quick enough to begin again.
    public static TrainingStore nowhere() {
        return new TrainingStore(Optional.empty(), Map.of(), Job.silent());
    }

    /// In a file of its own, for a training that is a part of a longer run. What the file holds of
    /// another run is treated as damaged: the longer run was asked whose it is.
    ///
    /// @param file a name in the folder
    /// @param run what a resuming run must agree on, by name
    public static TrainingStore part(RunFolder folder, String file, Map<String, String> run, Job job) {
        return new TrainingStore(Optional.of(folder), file, run, true, job);
    }

    /// The folder of a training: a new one, or one that holds an unfinished training.
    ///
    /// @param out where the user wants it
    /// @param name what runs, for the default folder's name
    /// @throws InputException if `out` holds something else
    public static RunFolder folder(Optional<Path> out, String name) {
        return RunFolder.resumable(out, name, CHECKPOINT);
    }

    /// What was saved of this run, if anything; see [#saved(Function)].
    Optional<Checkpoint> saved() {
        return saved(checkpoint -> checkpoint);
    }

    /// What was saved of this run, if anything. A damaged file is told of and kept aside, and the
    /// training begins anew.
    ///
    /// @param reading refuses a state that cannot be gone on with, which counts as damaged
    /// @throws InputException if it is of another run
    <T> Optional<T> saved(Function<Checkpoint, T> reading) {
        Path path = folder.map(known -> known.path().resolve(file)).orElse(Path.of(""));
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        Checkpoint found;
        try {
            found = read(path);
        } catch (InputException damaged) {
            return begunAnew(damaged);
        }
        try {
            SavedState.requireSame(found.run(), run, Checkpoint.WORDING, path.toString());
        } catch (InputException other) {
            if (isPart) {
                return begunAnew(other);
            }
            throw other;
        }
        try {
            return found.state().isEmpty() ? Optional.empty() : Optional.of(reading.apply(found));
        } catch (InputException damaged) {
            return begunAnew(damaged);
        }
    }

    private static Checkpoint read(Path path) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            return Checkpoint.read(in, Map.of(), path.toString());
        } catch (IOException unreadable) {
            throw Refusal.unreadable("checkpoint", path, unreadable);
        }
    }

    /// In place of the damaged file stands an empty state, so that the folder is still known to be this
    /// run's.
    private <T> Optional<T> begunAnew(InputException damaged) {
        folder.ifPresent(known -> job.note(damaged.getMessage() + known.keptAside(file)));
        keep(TrainingState.begin(new float[0][]), Map.of());
        return Optional.empty();
    }

    /// Hears of every step: saves when it is time, and leaves if a stop was asked for.
    ///
    /// @param notes what to remember besides the state
    void after(TrainingState state, Map<String, String> notes, Job job) {
        if (job.stopRequested() || System.nanoTime() - last >= EVERY_NANOS) {
            keep(state, notes);
        }
        job.check();
    }

    /// Saves now: what is written into the folder behind this belongs to a run that is known to go on.
    void keep(TrainingState state, Map<String, String> notes) {
        Checkpoint checkpoint = new Checkpoint(run, notes, state);
        folder.ifPresent(known -> known.write(file, checkpoint::write));
        last = System.nanoTime();
    }

    /// Whether a folder holds a training that is not finished.
    public static boolean isUnfinished(Path folder) {
        return Files.isRegularFile(folder.resolve(CHECKPOINT));
    }

    /// Forgets what was saved: the training is finished, and all that comes of it is written.
    public static void finished(RunFolder folder) {
        folder.remove(CHECKPOINT);
    }
}
