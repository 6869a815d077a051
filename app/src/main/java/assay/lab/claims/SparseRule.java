package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.TargetEvidence.Point;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Gates;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// S2: most soft prompts are well approximated by a mixture of 20 to 100 hard prompts. Judged on hard prompts and
/// on soft prompts trained to do something, at the largest list of at most 100 prompts.
final class SparseRule {
    private SparseRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        double gate = evidence.plan().gates().closed();
        List<Ruling> counted =
                List.copyOf(rulings(evidence, TargetKind::isCounted).values());
        Map<String, Ruling> nulls = rulings(evidence, TargetKind::isNull);
        Map<String, Ruling> planted = rulings(evidence, TargetKind.PLANTED::equals);
        Ruling ruling = controlled(Tally.most(counted), nulls, planted);
        String because = "Hard prompts and trained soft prompts: " + Tally.written(counted) + " at a gate of "
                + Tally.number(gate) + "; an excess over as many random prompts is required. Planted mixtures: "
                + Tally.written(planted.values()) + ". Controls that must not hold: " + Tally.written(nulls.values())
                + ". " + others(evidence) + own(evidence) + CeilingRule.said(evidence, Claim.S2, relative(evidence));
        List<Figure> figures = figures(evidence);
        figures.addAll(CeilingRule.figures(evidence, Claim.S2));
        return new ClaimVerdict(Claim.S2, ruling, because, figures);
    }

    /// A verdict stands only if controls behave: no null holds and every planted truth does.
    private static Ruling controlled(Ruling ruling, Map<String, Ruling> nulls, Map<String, Ruling> planted) {
        boolean nullHolds = Tally.count(nulls.values(), Outcome.YES) > 0;
        if (nulls.isEmpty() || planted.isEmpty()) {
            return Ruling.NOT_MEASURED;
        }
        boolean truthMissed = Tally.count(planted.values(), Outcome.NO) > 0;
        return nullHolds || truthMissed ? Ruling.undecided(Cause.CONTROL_FAILED) : ruling;
    }

    /// What became of targets of some kind, by name; seeds must agree.
    static Map<String, Ruling> rulings(StudyEvidence evidence, Predicate<TargetKind> kind) {
        double gate = evidence.plan().gates().closed();
        return Tally.agreed(targets(evidence, kind), SparseRule::name, one -> rule(one, gate));
    }

    private static List<TargetEvidence> targets(StudyEvidence evidence, Predicate<TargetKind> kind) {
        return evidence.targets().stream()
                .filter(one -> kind.test(one.target().kind()))
                .toList();
    }

    private static String name(TargetEvidence one) {
        return one.target().name();
    }

    /// One target with one seed.
    static Ruling rule(TargetEvidence one, double gate) {
        if (one.curve().isEmpty()) {
            return Ruling.NOT_MEASURED;
        }
        Point point = longest(one);
        Interval dense = Control.closed(one.controls(), ControlKind.DENSE);
        return Ruling.sparse(one.kl().foreign(), point.closed(), point.excess(), dense, gate);
    }

    static Point longest(TargetEvidence one) {
        return one.measured(Gates.LONGEST).orElseThrow();
    }

    private static String others(StudyEvidence evidence) {
        List<String> parts = new ArrayList<>();
        for (TargetKind kind : List.of(TargetKind.ADAPTER, TargetKind.RANDOM_SOFT, TargetKind.GIBBERISH)) {
            Map<String, Ruling> rulings = rulings(evidence, kind::equals);
            if (!rulings.isEmpty()) {
                parts.add(kind + " " + Tally.written(rulings.values()));
            }
        }
        return parts.isEmpty() ? "" : "Not counted: " + String.join("; ", parts) + ".";
    }

    /// What would be said by the targets' own answers, of the longest lists that were measured on them:
    /// less than the above where a list fitted on others' answers does not hold for the target's.
    private static String own(StudyEvidence evidence) {
        double gate = evidence.plan().gates().closed();
        List<TargetEvidence> measured = targets(evidence, TargetKind::isCounted).stream()
                .filter(one -> onBoth(one).isPresent())
                .toList();
        Collection<Ruling> rulings = Tally.agreed(
                        measured,
                        SparseRule::name,
                        one -> Ruling.against(worse(onBoth(one).orElseThrow()), gate, Cause.NOT_SPARSE))
                .values();
        return rulings.isEmpty()
                ? ""
                : " By the worse of foreign and own answers, with the longest lists measured on both: "
                        + Tally.written(rulings) + ".";
    }

    /// The longest list that was measured on foreign and own contexts.
    private static Optional<Point> onBoth(TargetEvidence one) {
        return one.curve().reversed().stream()
                .filter(point -> Double.isFinite(point.own().value()))
                .findFirst();
    }

    /// The counted targets by the share of the ceiling. A hard prompt was not trained, so that nothing of it is noise:
    /// its ceiling is one.
    private static Map<String, Ruling> relative(StudyEvidence evidence) {
        double gate = evidence.plan().gates().closed();
        Map<String, Ruling> known = CeilingRule.rulings(evidence, Claim.S2);
        return Tally.agreed(
                targets(evidence, TargetKind::isCounted),
                SparseRule::name,
                one -> one.target().kind() == TargetKind.PROMPT
                        ? untrained(one, gate)
                        : known.getOrDefault(name(one), Ruling.NOT_MEASURED));
    }

    private static Ruling untrained(TargetEvidence one, double gate) {
        Interval dense = Control.closed(one.controls(), ControlKind.DENSE);
        return onBoth(one)
                .map(point -> Ruling.sparse(one.kl().foreign(), worse(point), point.excess(), dense, gate))
                .orElse(Ruling.NOT_MEASURED);
    }

    private static Interval worse(Point point) {
        return point.own().value() < point.closed().value() ? point.own() : point.closed();
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
                    Tally.number(point.closed()) + ", " + Tally.number(point.excess()),
                    one.target().isNull()
                            ? "must not hold"
                            : Tally.least(evidence.plan().gates().closed()) + ", > 0",
                    evidence.plan().command() + " --only S2 --targets "
                            + one.target().name()));
        }
        return figures;
    }
}
