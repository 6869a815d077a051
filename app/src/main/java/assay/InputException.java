package assay;

/// What the user gave does not fit: a file, an adapter, a prompt, an option's value. Ends the run with exit
/// code 3.
///
/// The message is one line: *subject: expected X, found Y (where). Next step.*
public sealed class InputException extends RuntimeException permits NoEffectException {
    private static final long serialVersionUID = 1L;

    /// @param message one line for the user
    public InputException(String message) {
        super(message);
    }

    /// @param message one line for the user
    /// @param cause what failed underneath
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
