package assay.predicates;

/// How much is run for a predicate.
///
/// @param ordinary contexts as in the atlas's probe
/// @param special contexts where the predicate shows
/// @param candidates prompts of the atlas run exactly because the screen chose them
/// @param atoms most prompts in a mixture
/// @param said most prompts that ask for one answer each
/// @param nullPrompts random prompts run exactly
/// @param draws random mixtures per K
/// @param asked user turns of the test split on which the model's ability is measured
public record PredicateOptions(
        Ordinary ordinary,
        Special special,
        int candidates,
        int atoms,
        int said,
        int nullPrompts,
        int draws,
        int asked) {
    /// User turns of the probe, and answer tokens of each.
    public record Ordinary(int search, int fit, int test, int tokens) {}

    /// User turns of the predicate, answer starts behind each, and answer tokens behind each start.
    public record Special(int search, int fit, int test, int starts, int tokens) {}

    /// Twenty prompts.
    public static PredicateOptions full() {
        return new PredicateOptions(new Ordinary(6, 12, 14, 8), new Special(4, 6, 9, 3, 4), 48, 20, 16, 26, 3, 4);
    }

    /// Five prompts, fewer contexts and candidates.
    public static PredicateOptions quick() {
        return new PredicateOptions(new Ordinary(3, 6, 8, 6), new Special(3, 5, 8, 2, 3), 16, 5, 8, 8, 3, 2);
    }
}
