package assay.lab.bench;

import java.util.List;
import java.util.Map;

/// A row made ready: its model is open, its inputs are written.
public interface ReadyRow extends AutoCloseable {
    /// One round of Assay's side, in seconds. What it found is left for [#leave()].
    double run();

    /// One round of what it is compared with, where that is not another program.
    default double other() {
        throw new IllegalStateException("other: expected a row that is compared with itself.");
    }

    /// Rounds there can be at most.
    default int most() {
        return Integer.MAX_VALUE;
    }

    /// Whether the first round is as good as any.
    default boolean isWarm() {
        return false;
    }

    /// What is done in a round, part after part; nothing that could be counted unless said.
    default List<Cost> cost() {
        return List.of();
    }

    /// What a peer needs to know besides the row's name, for `task.json`.
    default Map<String, Object> task() {
        return Map.of();
    }

    /// Writes what the last round found, as raw numbers in `ours.f32`, for the peer to compare with.
    default void leave() {}

    @Override
    default void close() {}
}
