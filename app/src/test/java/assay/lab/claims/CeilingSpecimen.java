package assay.lab.claims;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.measure.judge.Claim;
import assay.measure.judge.Noise;
import assay.measure.judge.NoiseCeiling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Stand-ins beside second training runs, made by hand: turns of one nat each for the base, of which a second run
/// leaves as much as is said.
public final class CeilingSpecimen {
    private static final int TURNS = 12;

    private CeilingSpecimen() {}

    /// A list of a soft prompt with three second runs and a known truth, on foreign and own contexts.
    public static CeilingEvidence list() {
        return list("soft", 0, around(0.2), side(3, 0.10, 0.12), side(3, 0.10, 0.20));
    }

    /// A soft prompt with one second run and no truth.
    public static CeilingEvidence alone() {
        CeilingEvidence one = soft("adapter", 0, side(1, 0.10, 0.28), side(1, 0.10, 0.28));
        return new CeilingEvidence(
                one.claim(), one.of(), "16 soft tokens", one.excess(), one.found(), Optional.empty());
    }

    static CeilingEvidence list(String name, long seed, Interval excess, Noise.Side foreign, Noise.Side own) {
        return of(Claim.S2, new CeilingEvidence.Case(name, "soft", seed, 0.5), excess, foreign, own);
    }

    static CeilingEvidence soft(String name, long seed, Noise.Side foreign, Noise.Side own) {
        return of(Claim.S1, new CeilingEvidence.Case(name, "elicitation", seed, 0.5), Interval.NONE, foreign, own);
    }

    private static CeilingEvidence of(
            Claim claim, CeilingEvidence.Case of, Interval excess, Noise.Side foreign, Noise.Side own) {
        int siblings = foreign.ceiling().siblings();
        return new CeilingEvidence(
                claim,
                of,
                "5 prompts",
                excess,
                new Noise(foreign, Optional.of(own)),
                Optional.of(new Noise(side(siblings, 0.10, 0.15), Optional.of(side(siblings, 0.10, 0.16)))));
    }

    /// A side on which two training runs are twice `noise` apart, as a share of the base, more of them tend to 1.4 of
    /// it, and the stand-in leaves so much.
    static Noise.Side side(int siblings, double noise, double left) {
        List<List<double[]>> groups = new ArrayList<>();
        for (int size = 1; size <= siblings; size++) {
            groups.add(List.of(turns(1.4 * noise + 0.6 * noise / size)));
        }
        Bootstrap bootstrap = Bootstrap.defaults(1);
        double[] base = turns(1);
        // As many groups of one as there are siblings.
        groups.set(
                0, IntStream.range(0, siblings).mapToObj(_ -> turns(2 * noise)).toList());
        return new Noise.Side(
                NoiseCeiling.of(groups, base, bootstrap),
                bootstrap.closed(turns(left), base),
                NoiseCeiling.share(turns(left), groups, base, bootstrap));
    }

    private static double[] turns(double share) {
        double[] turns = new double[TURNS];
        Arrays.setAll(turns, turn -> share * (1 + 0.1 * (turn % 3)));
        return turns;
    }

    private static Interval around(double value) {
        return new Interval(value, value - 0.03, value + 0.03);
    }

    /// The same study with these.
    public static StudyEvidence with(StudyEvidence study, List<CeilingEvidence> ceilings) {
        return new StudyEvidence(
                study.plan(),
                study.targets(),
                study.distilled(),
                study.reading(),
                study.predicates(),
                study.failures(),
                study.rivals(),
                ceilings);
    }
}
