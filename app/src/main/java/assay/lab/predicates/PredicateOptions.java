package assay.lab.predicates;

/// How much is run for a predicate.
///
/// @param ordinary contexts as in the atlas's probe
/// @param special contexts where the predicate shows
/// @param atoms most prompts in a mixture
/// @param said most prompts that ask for one answer each
/// @param nullPrompts random prompts run exactly
/// @param draws random mixtures per K
/// @param asked user turns of the test split on which the model's ability is measured
/// @param planted whether the predicate's own prompt may explain it: the instrument's own test
public record PredicateOptions(
        Ordinary ordinary,
        Special special,
        int atoms,
        int said,
        int nullPrompts,
        int draws,
        int asked,
        boolean planted) {
    /// User turns of the probe, answer tokens of each, and prompts of the atlas run exactly because the screen
    /// chose them.
    public record Ordinary(int search, int fit, int test, int tokens, int candidates) {}

    /// User turns of the predicate, answer starts behind each, answer tokens behind each start, and prompts of
    /// the atlas.
    public record Special(int search, int fit, int test, int starts, int tokens, int candidates) {}

    /// Up to twenty prompts.
    public static PredicateOptions full() {
        return new PredicateOptions(
                new Ordinary(6, 12, 14, 8, 32), new Special(4, 6, 9, 3, 4, 64), 20, 12, 26, 3, 2, false);
    }

    /// Up to five prompts; fewer contexts, candidates and random prompts.
    public static PredicateOptions quick() {
        return new PredicateOptions(new Ordinary(2, 6, 8, 6, 12), new Special(3, 5, 8, 2, 3, 12), 5, 6, 6, 3, 1, false);
    }

    /// The same with the predicate's own prompt among those that may explain it, if the atlas has it.
    public PredicateOptions withTruth() {
        return new PredicateOptions(ordinary, special, atoms, said, nullPrompts, draws, asked, true);
    }
}
