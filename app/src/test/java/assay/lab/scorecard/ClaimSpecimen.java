package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ClaimVerdict.Cause;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.ClaimVerdict.Outcome;
import java.util.List;

/// Claims to render, with every outcome; their figures are invented.
final class ClaimSpecimen {
    private static final String COMMAND = VerdictSpecimen.COMMAND;

    private ClaimSpecimen() {}

    /// S1 … S6.
    static List<ClaimVerdict> claims() {
        return List.of(
                claim(
                        "S1",
                        "many low-rank fine-tunes are well approximated by soft prompts",
                        Outcome.UNDECIDED,
                        Cause.STILL_LEARNING,
                        "two of five adapters reach the gate, and two others were still gaining.",
                        figure("adapters that reach the gate", "2 of 5", "more than half")),
                claim(
                        "S2",
                        "most soft prompts are a linear combination of 20–100 hard prompts",
                        Outcome.NO,
                        Cause.MEANINGLESS,
                        "at a hundred prompts random ones close nearly as much; only short lists are far ahead.",
                        figure("closed at 20, mean over soft prompts", "91.2%", "at least 90%"),
                        figure("excess at 100", "6.1 points [3.9, 8.0]", "above 0")),
                claim(
                        "S3",
                        "those prompts are discoverable in a dictionary of vocab^length",
                        Outcome.YES,
                        Cause.NONE,
                        "searched lists beat as many random runs on every target.",
                        figure("gain, mean", "24 points [20, 29]", "at least 10"),
                        new Figure("planted prompts found again, F1", "0.85", "at least 0.80", COMMAND + " --seed 1")),
                claim(
                        "S4",
                        "they are readable, not token noise",
                        Outcome.YES,
                        Cause.NONE,
                        "a blind reader names 38 of 41 targets, and every null sits at chance.",
                        figure("blind matches right", "92.7% [85.7, 98.7]", "at least 90%")),
                claim(
                        "S5",
                        "the Electoral College prompt is such a combination, and 50,000 dimensions do not matter",
                        Outcome.NO,
                        Cause.OR_NOT_AND,
                        "a linear pool of answers closes what the log pool does not.",
                        figure("log pool, telling contexts", "58%", "at least 90%"),
                        figure("linear pool, telling contexts", "71%", "")),
                claim(
                        "S6",
                        "otherwise the idea is bad",
                        Outcome.UNDECIDED,
                        Cause.UNSETTLED,
                        "two claims fail and one is open, so the idea is neither carried nor refuted.",
                        figure("claims that fail", "2 of 5", "")));
    }

    private static ClaimVerdict claim(
            String claim, String statement, Outcome holds, Cause cause, String because, Figure... figures) {
        return new ClaimVerdict(claim, statement, holds, cause, because, List.of(figures));
    }

    private static Figure figure(String name, String value, String gate) {
        return new Figure(name, value, gate, COMMAND);
    }
}
