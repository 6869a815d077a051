package assay.web.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Cuts off clients that do not take what is written to them. Interrupting a virtual thread that writes
/// closes its connection.
final class Watch implements AutoCloseable {
    private final Map<Thread, Long> writing = new ConcurrentHashMap<>();
    private final Thread watchman;

    /// Writes something.
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    Watch(Duration patience) {
        watchman = Thread.ofVirtual().name("watch").start(() -> watch(patience.toNanos()));
    }

    /// Writes, or fails when it takes too long.
    void during(Writing work) throws IOException {
        writing.put(Thread.currentThread(), System.nanoTime());
        try {
            work.run();
        } finally {
            writing.remove(Thread.currentThread());
        }
    }

    private void watch(long patienceNanos) {
        try {
            while (true) {
                Thread.sleep(Math.max(20, patienceNanos / 10_000_000));
                long now = System.nanoTime();
                writing.forEach((thread, since) -> {
                    if (now - since > patienceNanos) {
                        thread.interrupt();
                    }
                });
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watchman.interrupt();
    }
}
