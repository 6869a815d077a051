package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.lab.claims.ClaimVerdict.Cause;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import java.util.ArrayList;
import java.util.List;

/// S5: the counter-example. Predicates the model can do are judged where they show; those it cannot do are no
/// counter-example for this model and are reported only.
final class PredicateRule {
    private static final String STATEMENT =
            "Even a predicate (\"a US state with an odd number of electoral votes\") is a short list of other prompts.";

    /// Contexts in which a predicate shows.
    static final String TELLING = "telling";

    /// Probability a predicate must add to its true answers for the model to do it at all.
    private static final double DOES_IT = 0.10;

    /// Closed that another pool must be ahead by to be called the reason.
    private static final double AHEAD = 0.05;

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
                    Ruling.number(pools.logPool()) + "; " + Ruling.number(pools.random()) + "; "
                            + Ruling.number(pools.sayLinear()) + "; " + Ruling.number(pools.oracle()),
                    "≥ " + Ruling.number(gate),
                    evidence.plan().command() + " --only S5"));
            if (!one.contexts().equals(TELLING)) {
                continue;
            }
            if (!(one.skill().predicate() - one.skill().plain() >= DOES_IT)) {
                unable.add(one.name());
            } else {
                counted.add(rule(one, gate));
            }
        }
        Ruling ruling = counted.isEmpty()
                ? Ruling.undecided(unable.isEmpty() ? Cause.NOT_MEASURED : Cause.MODEL_CANNOT)
                : Ruling.most(counted);
        String because = "Where predicates show, those the model does: " + Ruling.tally(counted) + " at a gate of "
                + Ruling.number(gate) + "."
                + (unable.isEmpty()
                        ? ""
                        : " The model does not do " + String.join(", ", unable)
                                + " itself (true answers gain less than " + Ruling.number(DOES_IT) + ").");
        return new ClaimVerdict("S5", STATEMENT, ruling.outcome(), ruling.cause(), because, figures);
    }

    private static Ruling rule(Predicate one, double gate) {
        if (!(one.klBase() >= SparseRule.NOTHING)) {
            return Ruling.NOT_MEASURED;
        }
        Pools pools = one.pools();
        Interval best = pools.sayLog().value() > pools.logPool().value() ? pools.sayLog() : pools.logPool();
        if (pools.logPool().value() <= pools.random().high() && pools.logPool().low() >= gate) {
            return Ruling.no(Cause.MEANINGLESS);
        }
        Cause cause = Cause.DICTIONARY_LACKS;
        if (pools.sayLinear().value() > best.value() + AHEAD) {
            cause = Cause.OR_NOT_AND;
        } else if (pools.oracle().low() > pools.logPool().high() + AHEAD) {
            cause = Cause.CONTEXT_DEPENDENT;
        }
        return Ruling.against(pools.logPool(), gate, cause);
    }
}
