package assay.measure.judge;

/// What counts as holding: the only place where it is said. Single runs are judged under [#defaults]; a study
/// writes its gates into its file before anything is run, and its run folder refuses to go on under others.
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
    /// KL(target ‖ base) in nats per token below which there is nothing to explain.
    public static final double NOTHING = 0.005;

    /// Closed gained in the last quarter of a training from which on it was cut short.
    public static final double STILL_RISING = 0.01;

    /// Longest list of prompts that still counts as short.
    public static final int LONGEST = 100;

    /// Probability a predicate must add to its true answers for the model to do it at all.
    public static final double DOES_IT = 0.10;

    /// Closed that another pool must be ahead by to be called the reason why a predicate is no list.
    public static final double AHEAD = 0.05;

    /// The usual gates, written before any figure was seen.
    ///
    /// `closed` is what counts as faithful elsewhere: proxy-tuning (arXiv 2401.08565) closes .88 to .91 of a
    /// chat model's gap by one logit difference. The others are round numbers.
    public static Gates defaults() {
        return new Gates(0.90, 0.10, 0.80, 0.90, 0.80, 0.50, 0.90);
    }
}
