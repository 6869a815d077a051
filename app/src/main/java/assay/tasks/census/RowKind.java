package assay.tasks.census;

/// What became of an adapter.
public enum RowKind {
    /// Its figures, prompts and words are known.
    EXPLAINED,
    /// It does what the base does.
    NO_EFFECT,
    /// It could not be read, does not fit the model, or failed while it ran.
    BROKEN
}
