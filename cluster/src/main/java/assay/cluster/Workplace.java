package assay.cluster;

import assay.tasks.session.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The open model of one executor: opened at its first piece, and used by one thread alone, as
/// torch wants it.
final class Workplace {
    /// One for each model; an executor has no other place that outlives a piece.
    private static final Map<Place, Workplace> OPEN = new ConcurrentHashMap<>();

    private final Place place;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("model").daemon().factory());
    private final Map<String, Object> kept = new HashMap<>();

    private Workplace(Place place) {
        this.place = place;
    }

    /// Works with the model of a place; whoever comes meanwhile waits.
    ///
    /// @param <T> what comes of it; nothing that holds native memory
    static <T> T at(Place place, Function<Workplace, T> work) {
        Workplace there = OPEN.computeIfAbsent(place, Workplace::new);
        try {
            return there.thread.submit(() -> work.apply(there)).get();
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("piece: expected to finish, found it stopped", stopped);
        }
    }

    /// The open model.
    Session session() {
        return get("session", Session.class, place::open);
    }

    /// Something that is made once and lasts as long as the process.
    <T> T get(String name, Class<T> type, Supplier<T> make) {
        Object known = kept.get(name);
        if (known == null) {
            known = make.get();
            kept.put(name, known);
        }
        return type.cast(known);
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> new IllegalStateException("piece: expected a reason, found none");
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException(cause);
        };
    }
}
