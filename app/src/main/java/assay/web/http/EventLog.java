package assay.web.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Numbered events of one piece of work. Who lost the connection asks again from the number it has; who
/// comes late gets all that is kept. Any number of threads may write and read.
public final class EventLog {
    /// An event.
    ///
    /// @param number 0 for the first one
    /// @param data one line of JSON
    record Event(int number, String type, String data) {}

    private final int most;
    private final Runnable stop;
    private final Deque<Event> kept = new ArrayDeque<>();
    private int next;
    private int readers;
    private int visits;
    private boolean isEnded;

    /// A log of work nobody has begun to follow.
    ///
    /// @param most events kept; the oldest are forgotten
    /// @param stop ends the work
    public EventLog(int most, Runnable stop) {
        this.most = most;
        this.stop = stop;
    }

    /// Adds an event. Behind the end nothing is added.
    public void add(String type, Object value) {
        String data = Wire.write(value);
        synchronized (this) {
            if (isEnded) {
                return;
            }
            kept.addLast(new Event(next++, type, data));
            if (kept.size() > most) {
                kept.removeFirst();
            }
            notifyAll();
        }
    }

    /// Nothing follows.
    public synchronized void end() {
        isEnded = true;
        notifyAll();
    }

    /// Whether nothing follows.
    public synchronized boolean isEnded() {
        return isEnded;
    }

    /// Asks the work to end; it says itself when it has.
    public void stop() {
        stop.run();
    }

    /// Events that are there.
    ///
    /// @param events from the number asked for
    /// @param isLast whether nothing follows them
    record Piece(List<Event> events, boolean isLast) {}

    /// Waits for events.
    ///
    /// @param from number of the first one wanted; those forgotten are left out
    /// @param millis how long to wait if there is none
    synchronized Piece take(int from, long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; next <= from && !isEnded && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        List<Event> events = new ArrayList<>();
        for (Event event : kept) {
            if (event.number() >= from) {
                events.add(event);
            }
        }
        return new Piece(events, isEnded);
    }

    synchronized void arrive() {
        readers++;
        visits++;
    }

    /// How often a reader has come.
    synchronized int visits() {
        return visits;
    }

    /// Whether that was the last reader of work that goes on.
    synchronized boolean leave() {
        readers--;
        return isAbandoned();
    }

    private boolean isAbandoned() {
        return readers == 0 && !isEnded;
    }

    /// Whether work goes on that nobody follows, and nobody came since.
    ///
    /// @param seen readers that had come by then
    synchronized boolean isAbandonedSince(int seen) {
        return isAbandoned() && visits == seen;
    }
}
