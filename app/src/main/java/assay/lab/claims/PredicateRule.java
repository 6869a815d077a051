package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.measure.judge.Ruling;
import java.util.ArrayList;
import java.util.List;

/// S5: the counter-example. Predicates the model can do are judged where they show; those it cannot do are no
/// counter-example for this model and are reported only.
final class PredicateRule {
    /// Contexts in which a predicate shows.
    static final String TELLING = "telling";

    private PredicateRule() {}

    static ClaimVerdict judge(StudyEvidence evidence) {
        double gate = evidence.plan().gates().closed();
        List<Figure> figures = new ArrayList<>();
        List<Ruling> counted = new ArrayList<>();
        List<String> unable = new ArrayList<>();
        for (Predicate one : evidence.predicates()) {
            Pools pools = one.pools();
            figures.add(new Figure(
                    one.name() + ", " + one.contexts() + " contexts: closed by " + pools.atoms()
                            + " prompts; random; linear pool of answers; weights per context",
                    Tally.number(pools.logPool()) + "; " + Tally.number(pools.random()) + "; "
                            + Tally.number(pools.sayLinear()) + "; " + Tally.number(pools.oracle()),
                    Tally.least(gate),
                    evidence.plan().command() + " --only S5"));
            if (!one.contexts().equals(TELLING)) {
                continue;
            }
            if (!(one.skill().predicate() - one.skill().plain() >= Gates.DOES_IT)) {
                unable.add(one.name());
            } else {
                counted.add(rule(one, gate));
            }
        }
        Ruling ruling = counted.isEmpty()
                ? Ruling.undecided(unable.isEmpty() ? Cause.NOT_MEASURED : Cause.MODEL_CANNOT)
                : Tally.most(counted);
        String because = "Where predicates show, those the model does: " + Tally.written(counted) + " at a gate of "
                + Tally.number(gate) + "."
                + (unable.isEmpty()
                        ? ""
                        : " The model does not do " + String.join(", ", unable)
                                + " itself (true answers gain less than " + Tally.number(Gates.DOES_IT) + ").");
        return new ClaimVerdict(Claim.S5, ruling, because, figures);
    }

    private static Ruling rule(Predicate one, double gate) {
        if (Ruling.isNothing(one.klBase())) {
            return Ruling.NOT_MEASURED;
        }
        Pools pools = one.pools();
        Interval best = pools.sayLog().value() > pools.logPool().value() ? pools.sayLog() : pools.logPool();
        if (pools.logPool().value() <= pools.random().high() && pools.logPool().low() >= gate) {
            return Ruling.no(Cause.MEANINGLESS);
        }
        Cause cause = Cause.DICTIONARY_LACKS;
        if (pools.sayLinear().value() > best.value() + Gates.AHEAD) {
            cause = Cause.OR_NOT_AND;
        } else if (pools.oracle().low() > pools.logPool().high() + Gates.AHEAD) {
            cause = Cause.CONTEXT_DEPENDENT;
        }
        return Ruling.against(pools.logPool(), gate, cause);
    }
}
