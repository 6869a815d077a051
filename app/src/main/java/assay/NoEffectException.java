package assay;

/// An adapter or another target does what its base does. Ends the run with exit code 3, as whatever does not fit.
public final class NoEffectException extends InputException {
    private static final long serialVersionUID = 1L;

    /// @param message one line for the user
    public NoEffectException(String message) {
        super(message);
    }
}
