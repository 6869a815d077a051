package assay.lab.claims;

import assay.lab.claims.ClaimVerdict.Cause;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// S1: many low-rank fine-tunes are well approximated by soft prompts. Judged on the elicitation class, where an
/// adapter brings out what the model can do; the other classes were predicted one by one.
final class DistilRule {
    private static final String STATEMENT = "Many low-rank fine-tunes are well approximated by soft prompts.";

    private static final String ELICITATION = "elicitation";

    /// Closed gained in the last quarter of a training from which on it was cut short.
    private static final double STILL_RISING = 0.01;

    private DistilRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        Gates gates = evidence.plan().gates();
        Map<String, List<Ruling>> byName = new LinkedHashMap<>();
        List<Figure> figures = new ArrayList<>();
        int predicted = 0;
        for (DistilEvidence one : evidence.distilled()) {
            Ruling ruling = rule(one, gates.closed());
            if (one.kind().equals(ELICITATION)) {
                byName.computeIfAbsent(one.name(), _ -> new ArrayList<>()).add(ruling);
            }
            boolean works = ruling.outcome() == ClaimVerdict.Outcome.YES;
            predicted += works == one.predicted().equals("works") ? 1 : 0;
            figures.add(new Figure(
                    one.name() + " (" + one.kind() + ", seed " + one.seed() + "): closed by " + one.tokens()
                            + " soft tokens",
                    Ruling.number(one.closed()),
                    "≥ " + Ruling.number(gates.closed()),
                    evidence.plan().command() + " --only S1"));
        }
        List<Ruling> targets = byName.values().stream().map(Ruling::agreed).toList();
        Ruling ruling = Ruling.most(targets);
        String because = targets.isEmpty()
                ? "No adapter of the elicitation class was distilled."
                : "Of the adapters that bring out what the model can do: " + Ruling.tally(targets)
                        + ", at a gate of " + Ruling.number(gates.closed()) + " closed on unseen turns. "
                        + predicted + " of " + evidence.distilled().size() + " predictions came true.";
        return new ClaimVerdict("S1", STATEMENT, ruling.outcome(), ruling.cause(), because, figures);
    }

    private static Ruling rule(DistilEvidence one, double gate) {
        if (!(one.klBase() >= SparseRule.NOTHING)) {
            return Ruling.NOT_MEASURED;
        }
        return Ruling.against(
                one.closed(),
                gate,
                one.training().lastGain() > STILL_RISING ? Cause.STILL_LEARNING : Cause.NEEDS_ATTENTION);
    }
}
