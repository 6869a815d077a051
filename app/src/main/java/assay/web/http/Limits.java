package assay.web.http;

import java.time.Duration;

/// What a server bears from its clients.
///
/// @param bodyBytes most bytes of what a client sends
/// @param streams most streams open at once
/// @param request how long a client may take to send a request
/// @param write how long a client may take to receive what is written at once
/// @param grace how long work goes on for a client that went away and may come back
public record Limits(int bodyBytes, int streams, Duration request, Duration write, Duration grace) {
    /// A megabyte, 32 streams, ten seconds to ask, twenty to receive, five to come back.
    public static Limits defaults() {
        return new Limits(1 << 20, 32, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(5));
    }
}
