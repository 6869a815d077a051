package assay.lab.claims;

/// What counts as holding. Written into the study file before anything is run; a run folder refuses to go on
/// under other gates.
///
/// @param closed share of the KL a stand-in must close (S1, S2, S5)
/// @param gain closed at five prompts that a search must add to equally many random ones (S3)
/// @param recovery F1 of planted prompts found again (S3)
/// @param matching share of blind matches that must be right (S4)
/// @param edits share of counterfactual edits that must go as predicted (S4)
/// @param overlap share of weight two seeds must agree on up to paraphrase (S4)
/// @param fluent share of prompts that must read as naturally as nine in ten of the dictionary (S4)
public record Gates(
        double closed, double gain, double recovery, double matching, double edits, double overlap, double fluent) {
    /// The gates of the default study.
    public static Gates defaults() {
        return new Gates(0.90, 0.10, 0.80, 0.90, 0.80, 0.50, 0.90);
    }
}
