package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.List;

/// Claims to render, with every outcome; their figures are invented.
final class ClaimSpecimen {
    private static final String COMMAND = VerdictSpecimen.COMMAND;

    private ClaimSpecimen() {}

    /// S1 … S6.
    static List<ClaimVerdict> claims() {
        return List.of(
                claim(
                        Claim.S1,
                        Outcome.UNDECIDED,
                        Cause.STILL_LEARNING,
                        "two of five adapters reach the gate, and two others were still gaining.",
                        figure("adapters that reach the gate", "2 of 5", "more than half")),
                claim(
                        Claim.S2,
                        Outcome.NO,
                        Cause.MEANINGLESS,
                        "at a hundred prompts random ones close nearly as much; only short lists are far ahead.",
                        figure("closed at 20, mean over soft prompts", "91.2%", "at least 90%"),
                        figure("excess at 100", "6.1 points [3.9, 8.0]", "above 0")),
                claim(
                        Claim.S3,
                        Outcome.YES,
                        Cause.NONE,
                        "searched lists beat as many random runs on every target.",
                        figure("gain, mean", "24 points [20, 29]", "at least 10"),
                        new Figure("planted prompts found again, F1", "0.85", "at least 0.80", COMMAND + " --seed 1")),
                claim(
                        Claim.S4,
                        Outcome.YES,
                        Cause.NONE,
                        "a blind reader names 38 of 41 targets, and every null sits at chance.",
                        figure("blind matches right", "92.7% [85.7, 98.7]", "at least 90%")),
                claim(
                        Claim.S5,
                        Outcome.NO,
                        Cause.OR_NOT_AND,
                        "a linear pool of answers closes what the log pool does not.",
                        figure("log pool, telling contexts", "58%", "at least 90%"),
                        figure("linear pool, telling contexts", "71%", "")),
                claim(
                        Claim.S6,
                        Outcome.UNDECIDED,
                        Cause.UNSETTLED,
                        "two claims fail and one is open, so the idea is neither carried nor refuted.",
                        figure("claims that fail", "2 of 5", "")));
    }

    private static ClaimVerdict claim(Claim claim, Outcome holds, Cause cause, String because, Figure... figures) {
        return new ClaimVerdict(claim, new Ruling(holds, cause), because, List.of(figures));
    }

    private static Figure figure(String name, String value, String gate) {
        return new Figure(name, value, gate, COMMAND);
    }
}
