package assay.lab.scorecard;

import assay.base.sparse.Interval;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Atom;
import assay.lab.claims.TargetEvidence.Kl;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.claims.TargetEvidence.Search;
import assay.lab.claims.TargetEvidence.Stability;
import assay.lab.claims.TargetEvidence.Target;
import assay.lab.claims.TargetKind;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Lacking;
import java.util.ArrayList;
import java.util.List;

/// The targets of a study to render: invented figures, with nulls and one that was not measured.
final class TargetSpecimen {
    private static final double NONE = Double.NaN;
    private static final Interval UNMEASURED = new Interval(NONE, NONE, NONE);
    private static final List<Integer> SIZES = List.of(1, 2, 5, 10, 20, 50, 100, 200);

    private TargetSpecimen() {}

    /// Targets of every class, most with three seeds.
    static List<TargetEvidence> all() {
        List<TargetEvidence> targets = new ArrayList<>();
        for (long seed : List.of(0L, 1L, 2L)) {
            targets.add(target("pirate", TargetKind.PROMPT, "Talk like a pirate.", seed, 0.88, 0.952));
            targets.add(target("be brief", TargetKind.PROMPT, "Be brief.", seed, 0.41, 0.81));
            targets.add(target("Coca-Cola salesman", TargetKind.PROMPT, "You sell Coca-Cola.", seed, 0.37, 0.70));
            targets.add(target("three parts", TargetKind.PLANTED, "", seed, 0.62, 0.994));
            targets.add(target("pirate, distilled", TargetKind.SOFT, "", seed, 0.81, 0.913));
            targets.add(target("french, tuned", TargetKind.SOFT, "", seed, 0.74, 0.903));
            targets.add(target("pirate-lora", TargetKind.ADAPTER, "", seed, 0.70, 0.783));
            targets.add(target("random soft 1", TargetKind.RANDOM_SOFT, "", seed, 0.11, 0.478));
            targets.add(target("gibberish 1", TargetKind.GIBBERISH, "xq jjv 77 pl", seed, 0.21, 0.571));
        }
        targets.add(target("shuffled pirate", TargetKind.NULL_SHUFFLED, "", 0, -0.14, 0.031));
        targets.add(target("noise tokens", TargetKind.NULL_NOISE, "", 0, 0.13, 0.402));
        targets.add(unmeasured());
        return targets;
    }

    private static TargetEvidence target(
            String name, TargetKind kind, String text, long seed, double first, double last) {
        double shift = 0.006 * seed;
        List<Point> curve = SIZES.stream()
                .map(k -> {
                    double share = Math.log(k) / Math.log(200);
                    double closed = first + (last - first) * (1 - Math.pow(1 - share, 2)) - shift;
                    double random = Math.max(-0.2, last * 0.86 * share * share - 0.03 + shift);
                    return new Point(
                            k,
                            VerdictSpecimen.around(closed),
                            k > 50 ? UNMEASURED : VerdictSpecimen.around(closed - 0.04),
                            VerdictSpecimen.around(random),
                            kind.isNull() ? UNMEASURED : VerdictSpecimen.around(random + 0.02),
                            VerdictSpecimen.around(closed - random),
                            113.4 * k,
                            0.93 + 0.11 * k);
                })
                .toList();
        boolean planted = kind == TargetKind.PLANTED;
        return new TargetEvidence(
                new Target(name, kind, text),
                seed,
                new Kl(0.538, 0.713, 0.061, 0.497, kind.isMeaningful() ? lacking(closed(last)) : Lacking.NONE),
                curve,
                List.of(
                        new Control(ControlKind.NOISE, 20, VerdictSpecimen.around(0.17 + shift)),
                        new Control(ControlKind.WRONG, 20, VerdictSpecimen.around(0.43)),
                        new Control(ControlKind.SINGLE, 1, VerdictSpecimen.around(first)),
                        new Control(ControlKind.CONSTANT, 20, VerdictSpecimen.around(0.29)),
                        new Control(ControlKind.DENSE, 600, VerdictSpecimen.around(Math.min(0.99, last + 0.02))),
                        new Control(ControlKind.DIRECTIONS, 20, VerdictSpecimen.around(0.97))),
                new Search(
                        256,
                        VerdictSpecimen.around(last * 0.58),
                        VerdictSpecimen.around(last * 0.83),
                        VerdictSpecimen.around(last * 0.86),
                        new Interval(last * 0.28, last * 0.28 - 0.04, last * 0.28 + 0.05),
                        planted ? 0.86 - shift : NONE,
                        planted ? List.of("Act as a pirate.", "Answer in rhyme.") : List.of()),
                List.of(
                        new Atom("Act as a pirate who helps those who help.", 0.663, 31.2, "atlas"),
                        new Atom("You are the captain of a ship.", 0.214, 22.7, "searched"),
                        new Atom("Answer in one word.", -0.127, 18.9, "atlas"),
                        new Atom("Sing a sea shanty.", 0.09, 44.1, "atlas"),
                        new Atom("Speak in the plural.", 0.05, 39.3, "atlas"),
                        new Atom("Be rude.", 0.04, 61.7, "atlas")),
                new Stability(20, 0.63, 0.41, 214.3, 0.95));
    }

    private static double closed(double last) {
        return 0.538 * (1 - last);
    }

    private static Lacking lacking(double left) {
        return new Lacking(
                List.of(new Lacking.Side("foreign", List.of(left("the list", left, 1), left("base", 0.538, 0.62)))),
                List.of());
    }

    private static Lacking.Left left(String model, double left, double alike) {
        return new Lacking.Left(
                model,
                VerdictSpecimen.around(left),
                alike,
                List.of(
                        new Lacking.Part("kind", "function words", VerdictSpecimen.around(0.3 * left)),
                        new Lacking.Part("kind", "content words", VerdictSpecimen.around(0.7 * left))));
    }

    private static TargetEvidence unmeasured() {
        return new TargetEvidence(
                new Target("untrained weights", TargetKind.NULL_UNTRAINED, ""),
                0,
                new Kl(NONE, NONE, NONE, NONE, Lacking.NONE),
                List.of(),
                List.of(),
                new Search(0, UNMEASURED, UNMEASURED, UNMEASURED, UNMEASURED, NONE, List.of()),
                List.of(),
                new Stability(0, NONE, NONE, NONE, NONE));
    }
}
