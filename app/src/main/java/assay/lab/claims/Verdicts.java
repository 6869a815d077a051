package assay.lab.claims;

import java.util.List;

/// A study judged.
///
/// @param claims S1 … S6, in order
public record Verdicts(StudyEvidence evidence, List<ClaimVerdict> claims) {}
