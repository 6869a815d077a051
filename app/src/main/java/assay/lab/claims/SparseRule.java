package assay.lab.claims;

import assay.lab.claims.ClaimVerdict.Cause;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.ClaimVerdict.Outcome;
import assay.lab.claims.TargetEvidence.Control;
import assay.lab.claims.TargetEvidence.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// S2: most soft prompts are well approximated by a mixture of 20 to 100 hard prompts. Judged on hard prompts and
/// on soft prompts trained to do something, at the largest list of at most 100 prompts.
final class SparseRule {
    /// KL(target ‖ base) in nats per token below which there is nothing to explain.
    static final double NOTHING = 0.005;

    /// Name of the control that uses every prompt that was run.
    static final String DENSE = "dense ridge";

    private static final String STATEMENT =
            "Most soft prompts are well approximated by a linear combination of 20 to 100 hard prompts.";

    private static final int LONGEST = 100;
    private static final Set<String> COUNTED = Set.of("prompt", "soft");

    private SparseRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        double gate = evidence.plan().gates().closed();
        List<Ruling> counted = List.copyOf(
                rulings(evidence, target -> COUNTED.contains(target.kind())).values());
        Map<String, Ruling> nulls = rulings(evidence, TargetEvidence.Target::isNull);
        Map<String, Ruling> planted = rulings(evidence, target -> target.kind().equals("planted"));
        Ruling ruling = controlled(Ruling.most(counted), nulls, planted);
        String because = "Hard prompts and trained soft prompts: " + Ruling.tally(counted) + " at a gate of "
                + Ruling.number(gate) + "; an excess over as many random prompts is required. Planted mixtures: "
                + Ruling.tally(planted.values()) + ". Controls that must not hold: " + Ruling.tally(nulls.values())
                + ". " + others(evidence);
        return new ClaimVerdict("S2", STATEMENT, ruling.outcome(), ruling.cause(), because, figures(evidence));
    }

    /// A verdict stands only if controls behave: no null holds and every planted truth does.
    private static Ruling controlled(Ruling ruling, Map<String, Ruling> nulls, Map<String, Ruling> planted) {
        boolean nullHolds = Ruling.count(nulls.values(), Outcome.YES) > 0;
        if (nulls.isEmpty() || planted.isEmpty()) {
            return Ruling.NOT_MEASURED;
        }
        boolean truthMissed = Ruling.count(planted.values(), Outcome.NO) > 0;
        return nullHolds || truthMissed ? Ruling.undecided(Cause.CONTROL_FAILED) : ruling;
    }

    /// What became of targets of some kind, by name; seeds must agree.
    static Map<String, Ruling> rulings(StudyEvidence evidence, Predicate<TargetEvidence.Target> kind) {
        Map<String, List<Ruling>> seeds = new LinkedHashMap<>();
        for (TargetEvidence one : evidence.targets()) {
            if (kind.test(one.target())) {
                seeds.computeIfAbsent(one.target().name(), _ -> new ArrayList<>())
                        .add(rule(one, evidence.plan().gates().closed()));
            }
        }
        Map<String, Ruling> rulings = new LinkedHashMap<>();
        seeds.forEach((name, all) -> rulings.put(name, Ruling.agreed(all)));
        return rulings;
    }

    /// One target with one seed.
    static Ruling rule(TargetEvidence one, double gate) {
        if (!(one.kl().foreign() >= NOTHING) || one.curve().isEmpty()) {
            return Ruling.NOT_MEASURED;
        }
        Point point = longest(one);
        if (Double.isNaN(point.excess().low())) {
            return Ruling.NOT_MEASURED;
        }
        if (!(point.excess().low() > 0)) {
            return Ruling.no(Cause.MEANINGLESS);
        }
        double dense = one.controls().stream()
                .filter(control -> control.name().equals(DENSE))
                .mapToDouble((Control control) -> control.closed().high())
                .max()
                .orElse(Double.NaN);
        return Ruling.against(point.closed(), gate, dense >= gate ? Cause.NOT_SPARSE : Cause.DICTIONARY_LACKS);
    }

    static Point longest(TargetEvidence one) {
        return one.curve().reversed().stream()
                .filter(point -> point.k() <= LONGEST)
                .findFirst()
                .orElse(one.curve().getFirst());
    }

    private static String others(StudyEvidence evidence) {
        List<String> parts = new ArrayList<>();
        for (String kind : List.of("adapter", "random-soft", "gibberish")) {
            Map<String, Ruling> rulings =
                    rulings(evidence, target -> target.kind().equals(kind));
            if (!rulings.isEmpty()) {
                parts.add(kind + " " + Ruling.tally(rulings.values()));
            }
        }
        return parts.isEmpty() ? "" : "Not counted: " + String.join("; ", parts) + ".";
    }

    private static List<Figure> figures(StudyEvidence evidence) {
        List<Figure> figures = new ArrayList<>();
        for (TargetEvidence one : evidence.targets()) {
            if (one.curve().isEmpty()) {
                continue;
            }
            Point point = longest(one);
            figures.add(new Figure(
                    one.target().name() + " (" + one.target().kind() + ", seed " + one.seed() + "): closed by "
                            + point.k() + ", excess over random",
                    Ruling.number(point.closed()) + ", " + Ruling.number(point.excess()),
                    one.target().isNull()
                            ? "must not hold"
                            : "≥ " + Ruling.number(evidence.plan().gates().closed()) + ", > 0",
                    evidence.plan().command() + " --only S2 --targets "
                            + one.target().name()));
        }
        return figures;
    }
}
