package assay.study;

import assay.distil.Checkpoint;
import java.util.Map;
import java.util.Optional;

/// Where a training is saved.
interface Savings {
    /// What a resuming run must agree on, by name.
    Map<String, String> run();

    /// What was saved of this run, if anything.
    Optional<Checkpoint> saved();

    /// Saves.
    void save(Checkpoint checkpoint);

    /// Saves nothing: for runs that are quick enough to begin again.
    record Nowhere() implements Savings {
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
