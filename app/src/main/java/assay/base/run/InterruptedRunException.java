package assay.base.run;

/// The user asked the run to stop; whoever holds state saves it while this passes. Ends the run with exit
/// code 130.
public final class InterruptedRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message one line for the user
    public InterruptedRunException(String message) {
        super(message);
    }
}
