package assay.tasks.talk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All work of models, on one platform thread: torch keeps per-thread state, and two that compute at once only wait
/// for each other.
///
/// Work comes in pieces (a token of every column, a prompt on a split). All that is under way takes turns, a piece
/// each, so nobody waits for another's whole answer. What can wait ([#startLater]) gets a turn when nothing else
/// wants one, or when it had none for two seconds. Stopped work ends before its next piece. Any thread may use this.
public final class WorkQueue implements AutoCloseable {
    private static final long LONGEST_WAIT_NANOS = 2_000_000_000L;

    private final Deque<Ticket> now = new ArrayDeque<>();
    private final Deque<Ticket> later = new ArrayDeque<>();
    private final Thread worker;
    /// What a piece is being done of, and whether it could have waited.
    private @Nullable Ticket current;

    private long laterSince = System.nanoTime();
    private boolean isLater;
    private boolean isClosed;

    /// Starts the thread.
    public WorkQueue() {
        worker = Thread.ofPlatform().name("model-work").daemon().start(this::work);
    }

    /// Something done in pieces.
    public interface Work {
        /// Does a piece.
        ///
        /// @return whether there is more to do
        boolean advance();

        /// Frees what it holds; called once, on the same thread, when it is over, stopped or failed.
        ///
        /// @param wasStopped whether it was stopped in between
        default void end(boolean wasStopped) {}
    }

    /// Work under way.
    public static final class Ticket {
        private final Work work;
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
        private volatile boolean stopped;

        private Ticket(Work work) {
            this.work = work;
        }

        /// Asks it to end before its next piece.
        public void stop() {
            stopped = true;
        }

        /// Whether nothing of it is done any more.
        public boolean isOver() {
            return over.isDone();
        }

        /// Runs `next` when it is over, with what it failed by, if it did: on the queue's thread, or here at once.
        public void whenOver(Consumer<Optional<Throwable>> next) {
            CompletableFuture<Boolean> _ = over.whenComplete((_, failure) -> next.accept(Optional.ofNullable(failure)));
        }

        /// Waits until it is over.
        ///
        /// @throws RuntimeException what it failed by
        public void await() {
            try {
                over.join();
            } catch (CompletionException failed) {
                switch (failed.getCause()) {
                    case RuntimeException cause -> throw cause;
                    case Error cause -> throw cause;
                    case null, default -> throw failed;
                }
            }
        }

        /// @return whether there is more to do
        private boolean advance() {
            try {
                if (!stopped && work.advance()) {
                    return true;
                }
                end(Optional.empty());
            } catch (RuntimeException | Error failure) {
                end(Optional.of(failure));
            }
            return false;
        }

        private void end(Optional<Throwable> failure) {
            try {
                work.end(stopped);
            } catch (RuntimeException | Error second) {
                over.completeExceptionally(failure.orElse(second));
            }
            failure.ifPresentOrElse(over::completeExceptionally, () -> over.complete(true));
        }
    }

    /// Begins work that somebody waits for.
    public Ticket start(Work work) {
        return put(work, now);
    }

    /// Begins work that may wait for all other.
    public Ticket startLater(Work work) {
        return put(work, later);
    }

    private Ticket put(Work work, Deque<Ticket> where) {
        Ticket ticket = new Ticket(work);
        synchronized (this) {
            if (isClosed) {
                throw new IllegalStateException("queue: expected an open one, found it closed.");
            }
            where.addLast(ticket);
            notifyAll();
        }
        return ticket;
    }

    /// Does one piece there and waits for what it gives.
    ///
    /// @throws RuntimeException what it fails by
    public <T> T call(Supplier<T> piece) {
        if (Thread.currentThread() == worker) {
            return piece.get();
        }
        AtomicReference<@Nullable T> given = new AtomicReference<>();
        start(() -> {
                    given.set(piece.get());
                    return false;
                })
                .await();
        return Objects.requireNonNull(given.get());
    }

    /// The same for a piece that gives nothing.
    public void run(Runnable piece) {
        call(() -> {
            piece.run();
            return true;
        });
    }

    private void work() {
        for (Ticket ticket = next(); ticket != null; ticket = next()) {
            boolean goesOn = ticket.advance();
            synchronized (this) {
                if (goesOn) {
                    (isLater ? later : now).addLast(ticket);
                }
                current = null;
                notifyAll();
            }
        }
    }

    private synchronized @Nullable Ticket next() {
        while (now.isEmpty() && later.isEmpty()) {
            if (isClosed) {
                return null;
            }
            try {
                wait();
            } catch (InterruptedException _) {
                return null;
            }
        }
        boolean hasWaited = System.nanoTime() - laterSince > LONGEST_WAIT_NANOS;
        isLater = now.isEmpty() || (!later.isEmpty() && hasWaited);
        if (isLater || later.isEmpty()) {
            laterSince = System.nanoTime();
        }
        current = (isLater ? later : now).removeFirst();
        return current;
    }

    /// Stops everything, waits for the piece under way, and ends the thread.
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            now.forEach(Ticket::stop);
            later.forEach(Ticket::stop);
            if (current != null) {
                current.stop();
            }
            notifyAll();
        }
        boolean wasInterrupted = false;
        while (worker.isAlive() && Thread.currentThread() != worker) {
            try {
                worker.join();
            } catch (InterruptedException _) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
