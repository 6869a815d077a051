package assay.web.http;

/// A request that is not answered as it was meant to be.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /// Refuses in words, *subject: expected X, found Y. Next step.*
    ///
    /// @param status of HTTP
    public Refused(int status, String message) {
        super(message);
        this.status = status;
    }

    /// Refuses what is not there.
    public static Refused missing(String what, String named) {
        String name = named.length() <= 80 ? named : named.substring(0, 80) + "…";
        return new Refused(404, what + ": expected one that is there, found none (" + name + "). Load the page again.");
    }

    /// The status of HTTP.
    public int status() {
        return status;
    }
}
