package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.measure.judge.Claim;
import assay.measure.judge.NoiseCeiling;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// S1 and S2 by the share of what a recipe without the noise of any training run would close
/// (docs/decisions/0025-noise-ceiling.md). It stands beside the verdict and does not move it.
final class CeilingRule {
    private CeilingRule() {}

    /// What became of the cases of a claim, by name; seeds must agree.
    static Map<String, Ruling> rulings(StudyEvidence evidence, Claim claim) {
        double gate = evidence.plan().gates().closed();
        return Tally.agreed(of(evidence, claim), one -> one.of().name(), one -> one.reaches(gate));
    }

    /// The claim by that share, in words; nothing if no ceiling is known.
    ///
    /// @param counted the cases the claim is judged by, with what became of each; [Ruling#NOT_MEASURED] where the
    /// ceiling is unknown
    static String said(StudyEvidence evidence, Claim claim, Map<String, Ruling> counted) {
        List<CeilingEvidence> known = of(evidence, claim);
        if (known.isEmpty()) {
            return "";
        }
        Set<String> measured = known.stream().map(one -> one.of().name()).collect(Collectors.toSet());
        List<String> unknown = counted.keySet().stream()
                .filter(name -> !measured.contains(name) && isTrained(evidence, claim, name))
                .toList();
        DoubleSummaryStatistics reachable = known.stream()
                .flatMap(one -> one.sides().stream())
                .map(side -> side.found().ceiling())
                .map(NoiseCeiling::reachable)
                .collect(Collectors.summarizingDouble(Interval::value));
        String tally = Tally.written(counted.values());
        Outcome outcome = Tally.most(counted.values()).outcome();
        return " By the share of what second training runs reach, on the worse of foreign and own answers (it decides"
                + " nothing): " + tally + " at a gate of "
                + Tally.number(evidence.plan().gates().closed()) + " of the ceiling, so that "
                + claim.id() + " "
                + switch (outcome) {
                    case YES -> "would hold";
                    case NO -> "would fail";
                    case UNDECIDED -> "would be undecided";
                }
                + "."
                + (unknown.isEmpty() ? "" : " Ceiling unknown, nothing divided: " + String.join(", ", unknown) + ".")
                + " Known ceilings: " + Tally.number(reachable.getMin()) + " to " + Tally.number(reachable.getMax())
                + ".";
    }

    /// Whether it was trained, so that its ceiling could be known: all but the hard prompts of S2.
    private static boolean isTrained(StudyEvidence evidence, Claim claim, String name) {
        return claim != Claim.S2
                || evidence.targets().stream()
                        .map(TargetEvidence::target)
                        .noneMatch(target -> target.kind() == TargetKind.PROMPT
                                && target.name().equals(name));
    }

    /// The shares, one figure for each case and seed.
    static List<Figure> figures(StudyEvidence evidence, Claim claim) {
        return of(evidence, claim).stream()
                .map(one -> new Figure(
                        one.of().name() + " (" + one.of().kind() + ", seed "
                                + one.of().seed() + "): " + one.model() + ", share of the ceiling, "
                                + one.sides().stream()
                                        .map(CeilingEvidence.Side::contexts)
                                        .collect(Collectors.joining("; ")),
                        one.sides().stream()
                                .map(side -> Tally.number(side.found().share()))
                                .collect(Collectors.joining("; ")),
                        Tally.least(evidence.plan().gates().closed()),
                        command(evidence, one)))
                .toList();
    }

    private static String command(StudyEvidence evidence, CeilingEvidence one) {
        String targets = one.claim() == Claim.S2 ? " --targets " + one.of().name() : "";
        return evidence.plan().command() + " --only " + one.claim().id() + targets;
    }

    private static List<CeilingEvidence> of(StudyEvidence evidence, Claim claim) {
        return evidence.ceilings().stream().filter(one -> one.claim() == claim).toList();
    }
}
