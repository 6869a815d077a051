package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.measure.judge.Control;
import assay.measure.judge.Lacking;
import java.util.List;
import java.util.Optional;

/// How well short lists of prompts stand for one target, with one seed.
///
/// Closed figures are on foreign test contexts unless *own* is said: answers the target wrote itself, which
/// makes them the free-running forward divergence of whole answers.
///
/// @param kl how far it is from the base
/// @param curve closed against the number of prompts, which ascends
/// @param controls what other explanations close
/// @param atoms the list at the chosen K, heaviest first
/// @param stability how far the list can be relied on
public record TargetEvidence(
        Target target,
        long seed,
        Kl kl,
        List<Point> curve,
        List<Control> controls,
        Search search,
        List<Atom> atoms,
        Stability stability) {
    /// The curve at the largest measured number of prompts up to one, or else at the smallest measured; nothing
    /// if there is no curve.
    public Optional<Point> measured(int most) {
        return curve.reversed().stream()
                .filter(point -> point.k() <= most)
                .findFirst()
                .or(() -> curve.stream().findFirst());
    }

    /// What was explained.
    ///
    /// @param text what it says, if it says anything
    public record Target(String name, TargetKind kind, String text) {
        /// Whether it is a control that must not hold.
        public boolean isNull() {
            return kind.isNull();
        }
    }

    /// Divergences, nats per token.
    ///
    /// @param foreign KL(target ‖ base) on foreign contexts
    /// @param own on answers of the target
    /// @param reverse KL(list ‖ target) on answers that the list of five prompts wrote
    /// @param reverseBase KL(base ‖ target) on answers the base wrote
    /// @param lacking which part of the target the list at the chosen K lacks; [Lacking#NONE] for
    /// controls
    public record Kl(double foreign, double own, double reverse, double reverseBase, Lacking lacking) {}

    /// One size of the list.
    ///
    /// @param closed by the best list found
    /// @param own the same on answers of the target
    /// @param random by as many random prompts, refitted
    /// @param expected what random prompts were expected to close, told from the dictionary's spectrum
    /// @param excess closed minus random
    /// @param bits length of its texts and weights
    /// @param absoluteWeights Σ|w|
    public record Point(
            int k,
            Interval closed,
            Interval own,
            Interval random,
            Interval expected,
            Interval excess,
            double bits,
            double absoluteWeights) {}

    /// What equally many exact runs are worth at five prompts.
    ///
    /// @param runs exact runs of every arm
    /// @param random closed by five of as many random prompts
    /// @param dictionary by five chosen from the dictionary by their sketches
    /// @param searched by five when half of the runs go to prompts searched for
    /// @param gain searched minus random
    /// @param recovered F1 of planted prompts found again, NaN if none were planted
    /// @param named the prompts that were said to be the planted ones
    public record Search(
            int runs,
            Interval random,
            Interval dictionary,
            Interval searched,
            Interval gain,
            double recovered,
            List<String> named) {}

    /// A prompt of the list.
    ///
    /// @param perplexity under the base
    /// @param source where it came from
    public record Atom(String text, double weight, double perplexity, String source) {}

    /// How far the list can be relied on.
    ///
    /// @param chosen number of prompts at which the search split stopped improving
    /// @param halves overlap of the lists found on two halves of the fit split
    /// @param dictionaries overlap of the lists found in two halves of the candidates
    /// @param condition of the curvature of the chosen prompts, largest over smallest eigenvalue
    /// @param fluent share of prompts that read as naturally as nine in ten of the dictionary
    public record Stability(int chosen, double halves, double dictionaries, double condition, double fluent) {}
}
