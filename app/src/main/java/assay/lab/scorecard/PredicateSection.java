package assay.lab.scorecard;

import static assay.show.page.Figures.count;
import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.measure.judge.Gates;
import assay.show.page.Markup;
import assay.show.page.Strips;
import assay.show.page.Table;
import java.util.List;

/// The counter-example (S5): predicates in each kind of contexts, and what stands in for them.
final class PredicateSection {
    private static final Interval NONE = Interval.NONE;

    private PredicateSection() {}

    /// The pictures and tables.
    static Markup of(List<Predicate> predicates, Gates gates) {
        if (predicates.isEmpty()) {
            return new Markup().quiet("No predicate was measured.");
        }
        Strips strips = new Strips("Predicate and contexts", "Log pool [95%]");
        for (Predicate one : predicates) {
            Markup points = Strips.points(marks(one.pools()), gates.closed());
            String figures = shareFine(one.pools().logPool());
            strips.row("", one.name(), one.contexts() + " contexts", points, figures);
        }
        return new Markup()
                .add(Strips.legend(marks(new Pools(0, NONE, NONE, NONE, NONE, NONE, 0, 0))))
                .add(strips.finish())
                .quiet("Closed on unseen contexts; the predicate and its paraphrases are not among the prompts. The"
                        + " line up is the gate, " + percent(gates.closed()) + ".")
                .element("h3", "The predicates in numbers")
                .add(numbers(predicates))
                .details("What stands in for them, in numbers", pools(predicates));
    }

    private static List<Strips.Mark> marks(Pools pools) {
        return List.of(
                new Strips.Mark("mixture", "log pool of dictionary prompts", pools.logPool()),
                new Strips.Mark("null", "as many random prompts", pools.random()),
                new Strips.Mark("own", "log pool of “Say X.”", pools.sayLog()),
                new Strips.Mark("other", "linear pool of “Say X.”", pools.sayLinear()),
                new Strips.Mark("hollow", "oracle: other weights in every context", pools.oracle()));
    }

    private static Markup numbers(List<Predicate> predicates) {
        return named(predicates)
                .cell("True answers: plain → asked", PredicateSection::skill)
                .cell("KL to base", one -> plain(one.klBase()))
                .cell("KL to plain question", one -> plain(one.klPlain()))
                .cell("Prompts to reach the gate", PredicateSection::reached)
                .cell("Effective rank", one -> plain(one.effectiveRank()))
                .cell("Left out", one -> count(one.pools().excluded()))
                .figures();
    }

    private static String skill(Predicate one) {
        return percentFine(one.skill().plain()) + " → "
                + percentFine(one.skill().predicate());
    }

    private static String reached(Predicate one) {
        int reached = one.pools().reached();
        return reached > 0 ? String.valueOf(reached) : "not by " + one.pools().atoms();
    }

    private static Markup pools(List<Predicate> predicates) {
        return named(predicates)
                .cell("Log pool", one -> one.pools().logPool())
                .cell("Random", one -> one.pools().random())
                .cell("“Say X.”, log", one -> one.pools().sayLog())
                .cell("“Say X.”, linear", one -> one.pools().sayLinear())
                .cell("Oracle", one -> one.pools().oracle())
                .figures();
    }

    private static Table<Predicate> named(List<Predicate> predicates) {
        return Table.of(predicates)
                .row("Predicate", Predicate::name, "dir", "auto", "class", "words")
                .cell("Contexts", Predicate::contexts);
    }
}
