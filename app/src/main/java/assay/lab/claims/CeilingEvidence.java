package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Grade;
import assay.measure.judge.Noise;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What stands in for something that was trained, beside second training runs of its recipe
/// (docs/decisions/0025-noise-ceiling.md).
///
/// @param claim S1 if a soft prompt stands in for an adapter, S2 if a list of prompts stands in for either
/// @param model what stands in, in words: `16 soft tokens`, `18 prompts`
/// @param excess closed beyond as many random prompts, at the largest measured number that the list has; not
/// measured of a soft prompt
/// @param found what the stand-in closes beside the second runs
/// @param truth the same of the true prompt, weight one, where it is known
public record CeilingEvidence(Claim claim, Case of, String model, Interval excess, Noise found, Optional<Noise> truth) {
    /// What is stood in for.
    ///
    /// @param name of the adapter or target
    /// @param kind its class
    /// @param klBase KL from the base, nats per token
    public record Case(String name, String kind, long seed, double klBase) {}

    /// What is not closed, in parts that add up to it. Without a truth the two others stand together in `search`.
    ///
    /// @param noise one training run's own: what the recipe without noise would not close either
    /// @param systematic of it what the true prompt lacks; NaN where the truth is not known
    /// @param search what the search left of what the true prompt closes; below zero where the stand-in is better
    public record Lack(double noise, double systematic, double search) {}

    /// One kind of contexts.
    ///
    /// @param contexts `foreign` or `own`
    public record Side(String contexts, Noise.Side found, Optional<Noise.Side> truth) {
        /// How what is lacking splits up.
        public Lack lack() {
            double reachable = found.ceiling().reachable().value();
            double closed = found.closed().value();
            return truth.map(side -> side.closed().value())
                    .map(known -> new Lack(1 - reachable, reachable - known, known - closed))
                    .orElse(new Lack(1 - reachable, Double.NaN, reachable - closed));
        }
    }

    /// Foreign contexts, then own ones if there are any.
    public List<Side> sides() {
        List<Side> sides = new ArrayList<>(List.of(new Side("foreign", found.foreign(), truth.map(Noise::foreign))));
        found.own().ifPresent(own -> sides.add(new Side("own", own, truth.flatMap(Noise::own))));
        return sides;
    }

    /// Whether it reaches a share of the ceiling, on the worse of foreign and own contexts, with the lower end of the
    /// paired interval; of the upper bound where there is but one second run. A list must also beat random prompts.
    public Ruling reaches(double gate) {
        if (Ruling.isNothing(of.klBase()) || (claim == Claim.S2 && Double.isNaN(excess.low()))) {
            return Ruling.NOT_MEASURED;
        }
        if (claim == Claim.S2 && !(excess.low() > 0)) {
            return Ruling.no(Cause.MEANINGLESS);
        }
        Cause cause = claim == Claim.S2 ? Cause.NOT_SPARSE : Cause.NEEDS_ATTENTION;
        return Ruling.against(found.worse().share(), gate, cause);
    }

    /// The same in words.
    public Grade grade() {
        boolean isMeant = claim != Claim.S2 || excess.low() > 0;
        return isMeant ? Grade.of(found.worse().share().low()) : Grade.NOT;
    }
}
