package assay.lab.claims;

import assay.lab.claims.ClaimVerdict.Figure;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.List;

/// Judges all claims of a study. The rules were written before any study was run; they see evidence only.
public final class Judgement {
    private Judgement() {}

    /// The claims S1 … S6, in order.
    public static Verdicts of(StudyEvidence evidence) {
        List<ClaimVerdict> claims = new ArrayList<>();
        claims.add(DistilRule.judge(evidence));
        claims.add(SparseRule.judge(evidence));
        claims.add(SearchRule.judge(evidence));
        claims.add(ReadingRule.judge(evidence));
        claims.add(PredicateRule.judge(evidence));
        claims.add(whole(claims, evidence));
        return new Verdicts(evidence, claims);
    }

    /// S6: that the idea is bad, with the reason. It is bad when short lists do not stand for most soft prompts, or
    /// cannot be found, or cannot be read; it is not when all of these hold.
    private static ClaimVerdict whole(List<ClaimVerdict> claims, StudyEvidence evidence) {
        List<ClaimVerdict> needed = claims.subList(1, 4);
        List<ClaimVerdict> failing =
                needed.stream().filter(claim -> claim.holds() == Outcome.NO).toList();
        Outcome outcome = !failing.isEmpty()
                ? Outcome.YES
                : needed.stream().allMatch(claim -> claim.holds() == Outcome.YES) ? Outcome.NO : Outcome.UNDECIDED;
        Cause cause = switch (outcome) {
            case YES -> failing.getFirst().cause();
            case NO -> Cause.NONE;
            case UNDECIDED ->
                needed.stream()
                        .filter(claim -> claim.holds() == Outcome.UNDECIDED)
                        .findFirst()
                        .map(ClaimVerdict::cause)
                        .orElse(Cause.NOT_MEASURED);
        };
        List<String> reasons = claims.stream()
                .filter(claim -> claim.holds() != Outcome.YES)
                .map(claim -> claim.claim() + " " + word(claim.holds()) + ": "
                        + claim.cause().words())
                .toList();
        String because = switch (outcome) {
            case YES -> "The idea fails as it stands. ";
            case NO -> "The idea stands: short readable lists of prompts hold most soft prompts and can be found. ";
            case UNDECIDED -> "The evidence neither carries the idea nor refutes it. ";
        };
        String command = evidence.plan().command();
        List<Figure> figures = claims.stream()
                .map(claim -> new Figure(claim.claim().id(), word(claim.holds()), "", command))
                .toList();
        return new ClaimVerdict(
                Claim.S6,
                new Ruling(outcome, cause),
                because + String.join("; ", reasons) + (reasons.isEmpty() ? "" : "."),
                figures);
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case YES -> "holds";
            case NO -> "fails";
            case UNDECIDED -> "is undecided";
        };
    }
}
