package assay.lab.claims;

import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// S1: many low-rank fine-tunes are well approximated by soft prompts. Judged on the elicitation class, where an
/// adapter brings out what the model can do; the other classes were predicted one by one.
final class DistilRule {
    private static final String ELICITATION = "elicitation";

    private DistilRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        Gates gates = evidence.plan().gates();
        List<Figure> figures = new ArrayList<>();
        int predicted = 0;
        for (DistilEvidence one : evidence.distilled()) {
            boolean works = rule(one, gates).outcome() == Outcome.YES;
            predicted += works == one.predicted().equals("works") ? 1 : 0;
            figures.add(new Figure(
                    one.name() + " (" + one.kind() + ", seed " + one.seed() + "): closed by " + one.tokens()
                            + " soft tokens",
                    Tally.number(one.closed()),
                    Tally.least(gates.closed()),
                    evidence.plan().command() + " --only S1"));
        }
        Map<String, Ruling> adapters = Tally.agreed(
                evidence.distilled().stream()
                        .filter(one -> one.kind().equals(ELICITATION))
                        .toList(),
                DistilEvidence::name,
                one -> rule(one, gates));
        Collection<Ruling> targets = adapters.values();
        Ruling ruling = Tally.most(targets);
        String because = targets.isEmpty()
                ? "No adapter of the elicitation class was distilled."
                : "Of the adapters that bring out what the model can do: " + Tally.written(targets)
                        + ", at a gate of " + Tally.number(gates.closed()) + " closed on unseen turns. "
                        + predicted + " of " + evidence.distilled().size() + " predictions came true."
                        + CeilingRule.said(evidence, Claim.S1, relative(evidence, adapters.keySet()));
        figures.addAll(CeilingRule.figures(evidence, Claim.S1));
        return new ClaimVerdict(Claim.S1, ruling, because, figures);
    }

    /// One adapter with one seed.
    private static Ruling rule(DistilEvidence one, Gates gates) {
        return Ruling.distilled(one.klBase(), one.closed(), one.training().lastGain(), gates.closed());
    }

    /// The same adapters by the share of the ceiling.
    private static Map<String, Ruling> relative(StudyEvidence evidence, Set<String> names) {
        Map<String, Ruling> known = CeilingRule.rulings(evidence, Claim.S1);
        Map<String, Ruling> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(name, known.getOrDefault(name, Ruling.NOT_MEASURED)));
        return all;
    }
}
