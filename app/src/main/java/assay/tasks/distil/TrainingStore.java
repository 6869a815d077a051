package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.train.Checkpoint;
import assay.train.TrainingState;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where a training is saved: every few seconds of work, and at once when it is to be interrupted.
public class TrainingStore {
    /// The file by which a folder is known to hold an unfinished run.
    private static final String CHECKPOINT = "checkpoint.assay";

    private static final long EVERY_NANOS = 5_000_000_000L;

    private final Optional<RunFolder> folder;
    private final String file;
    private final Map<String, String> run;
    private long last = System.nanoTime();

    /// In a run folder, if there is one.
    ///
    /// @param run what a resuming run must agree on, by name
    TrainingStore(Optional<RunFolder> folder, Map<String, String> run) {
        this(folder, CHECKPOINT, run);
    }

    private TrainingStore(Optional<RunFolder> folder, String file, Map<String, String> run) {
        this.folder = folder;
        this.file = file;
        this.run = run;
    }

    /// Nowhere: for runs that are quick enough to begin again.
    public static TrainingStore nowhere() {
        return new TrainingStore(Optional.empty(), Map.of());
    }

    /// In a file of its own, for a training that is a part of a longer run. A damaged one is told of, set aside and
    /// begun anew.
    ///
    /// @param file a name in the folder
    /// @param run what a resuming run must agree on, by name
    public static TrainingStore part(RunFolder folder, String file, Map<String, String> run, Job job) {
        TrainingStore store = new TrainingStore(Optional.of(folder), file, run);
        try {
            store.saved();
        } catch (InputException damaged) {
            String aside = file + ".damaged";
            job.note(damaged.getMessage() + " It is set aside as " + aside + ", and the training begins anew.");
            folder.rename(file, aside);
        }
        return store;
    }

    /// The folder of a training: a new one, or one that holds an unfinished training.
    ///
    /// @param out where the user wants it
    /// @param name what runs, for the default folder's name
    /// @throws InputException if `out` holds something else
    public static RunFolder folder(Optional<Path> out, String name) {
        return RunFolder.resumable(out, name, CHECKPOINT);
    }

    /// What was saved of this run, if anything.
    ///
    /// @throws InputException if it is damaged or of another run
    Optional<Checkpoint> saved() {
        Path path = folder.map(known -> known.path().resolve(file)).orElse(Path.of(""));
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            return Optional.of(Checkpoint.read(in, run, path.toString()));
        } catch (IOException unreadable) {
            throw new InputException(
                    "checkpoint: expected a readable file, found " + unreadable.getMessage() + " (" + path
                            + "). Check its permissions.",
                    unreadable);
        }
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
