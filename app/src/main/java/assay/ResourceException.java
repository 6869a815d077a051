package assay;

/// The machine cannot do it now: memory, disk or network. Ends the run with exit code 4.
///
/// The message is one line: *subject: expected X, found Y (where). Next step.*
public final class ResourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message one line for the user
    public ResourceException(String message) {
        super(message);
    }

    /// @param message one line for the user
    /// @param cause what failed underneath
    public ResourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
