package assay.web.http;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Streams that belong to whoever follows them: when the last reader has been gone for a while, the work
/// is stopped. So is work nobody ever follows.
public final class EventLogs {
    private static final int MOST = 64;
    private static final int MOST_EVENTS = 20_000;

    private final Duration grace;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, EventLog> logs = new LinkedHashMap<>();

    /// No streams yet.
    ///
    /// @param grace how long work goes on without a reader
    public EventLogs(Duration grace) {
        this.grace = grace;
    }

    /// A stream and the name it is asked for by.
    public record Named(String id, EventLog log) {}

    /// Opens a stream.
    ///
    /// @param stop ends its work
    /// @throws Refused if too many are under way
    public Named open(Runnable stop) {
        EventLog log = new EventLog(MOST_EVENTS, stop);
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        synchronized (logs) {
            while (logs.size() >= MOST) {
                String ended = logs.entrySet().stream()
                        .filter(entry -> entry.getValue().isEnded())
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(() -> new Refused(
                                503, "streams: expected at most " + MOST + " at once, found more. Stop one first."));
                logs.remove(ended);
            }
            logs.put(id, log);
        }
        stopIfAbandoned(log);
        return new Named(id, log);
    }

    /// A stream by its name.
    public EventLog find(String id) {
        synchronized (logs) {
            return Optional.ofNullable(logs.get(id)).orElseThrow(() -> Refused.missing("stream", id));
        }
    }

    /// A reader follows.
    void arrive(EventLog log) {
        log.arrive();
    }

    /// A reader has gone.
    void leave(EventLog log) {
        if (log.leave()) {
            stopIfAbandoned(log);
        }
    }

    private void stopIfAbandoned(EventLog log) {
        synchronized (logs) {
            if (!logs.containsValue(log)) {
                return;
            }
        }
        int visits = log.visits();
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(grace);
                if (log.isAbandonedSince(visits)) {
                    log.stop();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
