package assay.base.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C and a polite kill into an exception at the next safe point, so that state can be saved.
///
/// The Java machine answers both signals by running its shutdown hooks. Ours raises a flag and holds the
/// shutdown back until this object is closed, or for the given patience. The working thread calls
/// [#check()] between steps and closes this object last, after what it holds is saved.
public final class Interruption implements AutoCloseable {
    /// Exit code of a run that was interrupted with its state saved.
    public static final int EXIT_CODE = 130;

    private final Duration patience;
    private final String outcome;
    private final Runnable between;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;
    private volatile boolean thrown;
    private volatile boolean finished;

    private Interruption(Duration patience, String outcome, Runnable between) {
        this.patience = patience;
        this.outcome = outcome;
        this.between = between;
        this.hook = Thread.ofPlatform().name("interruption").unstarted(this::shutDown);
    }

    /// Starts listening.
    ///
    /// @param patience how long the shutdown may be held back
    /// @param outcome what the user is told: what is kept and what to do next
    public static Interruption install(Duration patience, String outcome) {
        Interruption interruption = new Interruption(patience, outcome, () -> {});
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /// One that only listens to [#request()], for tests and for callers that stop themselves.
    public static Interruption manual() {
        return manual(() -> {});
    }

    /// The same, for work that gives way to other work.
    ///
    /// @param between is run at every safe point, on whatever thread reaches it; may wait
    public static Interruption manual(Runnable between) {
        return new Interruption(Duration.ZERO, "What was done is kept; start it again to go on.", between);
    }

    /// Whether a stop was asked for.
    public boolean requested() {
        return requested;
    }

    /// Asks for a stop, as Ctrl-C does.
    public void request() {
        requested = true;
    }

    /// A safe point.
    ///
    /// @throws InterruptedRunException if a stop was asked for
    public void check() {
        between.run();
        if (requested && !finished) {
            thrown = true;
            throw new InterruptedRunException("run: expected to finish, found it interrupted. " + outcome);
        }
    }

    /// The result is where it belongs: whoever stops the process now loses nothing, and is told nothing else.
    public void finished() {
        finished = true;
    }

    /// Stops listening. If [#check()] threw after a signal, the process says so and ends here, with code 130.
    ///
    /// Ending the process by `System.exit` while this is open would wait in vain: close first.
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            awaitEnd();
        }
    }

    /// Reached only while the shutdown is under way: the hook ends the process, so nothing may run past this
    /// point.
    private void awaitEnd() {
        if (!requested || !thrown) {
            return;
        }
        try {
            hook.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void shutDown() {
        requested = true;
        try {
            if (closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                if (thrown) {
                    System.err.println("run: interrupted. " + outcome);
                    Runtime.getRuntime().halt(EXIT_CODE);
                }
                return;
            }
            if (finished) {
                return;
            }
            System.err.println("run: expected a safe point within " + patience.toSeconds()
                    + " s to save the state, found none. Only what was saved before is kept.");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
