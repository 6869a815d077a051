package assay.web.http;

/// What a client is answered.
public sealed interface Reply {
    /// A value as JSON.
    record Json(int status, Object value) implements Reply {}

    /// Bytes as they are.
    ///
    /// @param type of the content
    /// @param policy what a browser may do with it, in the words of a Content-Security-Policy
    record Content(String type, byte[] bytes, String policy) implements Reply {}

    /// Numbered events as they happen.
    ///
    /// @param from number of the first one wanted
    record Events(EventLog log, int from) implements Reply {}

    /// A value as JSON, all well.
    static Reply ok(Object value) {
        return new Json(200, value);
    }
}
