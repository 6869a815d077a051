package assay.measure.judge;

/// What became of a claim.
public enum Outcome {
    /// The evidence supports it.
    YES,
    /// The evidence contradicts it.
    NO,
    /// The evidence does not settle it.
    UNDECIDED
}
