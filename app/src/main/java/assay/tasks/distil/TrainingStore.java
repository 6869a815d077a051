package assay.tasks.distil;

import assay.train.Checkpoint;
import java.util.Map;
import java.util.Optional;

/// Where a training is saved.
public interface TrainingStore {
    /// What a resuming run must agree on, by name.
    Map<String, String> run();

    /// What was saved of this run, if anything.
    Optional<Checkpoint> saved();

    /// Saves.
    void save(Checkpoint checkpoint);

    /// Saves nothing: for runs that are quick enough to begin again.
    record Nowhere() implements TrainingStore {
        @Override
        public Map<String, String> run() {
            return Map.of();
        }

        @Override
        public Optional<Checkpoint> saved() {
            return Optional.empty();
        }

        @Override
        public void save(Checkpoint checkpoint) {
            // That is the point.
        }
    }
}
