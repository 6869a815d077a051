package assay.tasks.census;

/// An adapter at first sight.
///
/// @param identity hash of what it does to the weights, whatever its factors are; empty if it
/// cannot be read
/// @param kind explained, unless it is known already that it cannot be
/// @param error why it cannot be
public record Look(String identity, RowKind kind, String error) {
    static Look failed(RowKind kind, String error) {
        return new Look("", kind, error);
    }

    boolean isFine() {
        return kind == RowKind.EXPLAINED;
    }
}
