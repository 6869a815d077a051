package assay.tasks.distil;

import assay.train.Checkpoint;
import assay.train.TrainingState;

/// Saves a training every few seconds of work, and at once when it is to be interrupted.
final class Saver {
    private static final long EVERY_NANOS = 5_000_000_000L;

    private final StartTrials.Begun begun;
    private final TrainingStore savings;
    private long last = System.nanoTime();

    Saver(StartTrials.Begun begun, TrainingStore savings) {
        this.begun = begun;
        this.savings = savings;
    }

    void after(TrainingState state, boolean now) {
        if (now || System.nanoTime() - last >= EVERY_NANOS) {
            savings.save(new Checkpoint(begun.run(), begun.notes(), state));
            last = System.nanoTime();
        }
    }
}
