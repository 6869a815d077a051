package assay.lab.scorecard;

import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strip;
import assay.show.page.Table;
import java.util.List;

/// The counter-example (S5): predicates in each kind of contexts, and what stands in for them.
final class PredicateSection {
    private static final Interval NOTHING = new Interval(Double.NaN, Double.NaN, Double.NaN);

    private PredicateSection() {}

    /// The pictures and tables.
    static Markup of(List<Predicate> predicates, Gates gates) {
        Markup out = new Markup();
        if (predicates.isEmpty()) {
            return out.element("p", "No predicate was measured.", "class", "quiet");
        }
        out.add(Strip.legend(marks(new Pools(0, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0, 0))));
        Strip.open(out, "Predicate and contexts", "Log pool [95%]");
        for (Predicate one : predicates) {
            Strip.row(
                    out,
                    "",
                    one.name(),
                    one.contexts() + " contexts",
                    Strip.points(marks(one.pools()), gates.closed()),
                    shareFine(one.pools().logPool()));
        }
        out.close().closeLine();
        out.element(
                "p",
                "Closed on unseen contexts; the predicate and its paraphrases are not among the prompts. The line up is"
                        + " the gate, " + Figures.percent(gates.closed()) + ".",
                "class",
                "quiet");
        out.element("h3", "The predicates in numbers").add(numbers(predicates));
        out.open("details")
                .element("summary", "What stands in for them, in numbers")
                .add(pools(predicates));
        return out.close();
    }

    private static List<Strip.Mark> marks(Pools pools) {
        return List.of(
                new Strip.Mark("mixture", "log pool of dictionary prompts", pools.logPool()),
                new Strip.Mark("null", "as many random prompts", pools.random()),
                new Strip.Mark("own", "log pool of “Say X.”", pools.sayLog()),
                new Strip.Mark("other", "linear pool of “Say X.”", pools.sayLinear()),
                new Strip.Mark("hollow", "oracle: other weights in every context", pools.oracle()));
    }

    private static Markup numbers(List<Predicate> predicates) {
        Markup out = Table.openFigures(
                "Predicate",
                "Contexts",
                "True answers: plain → asked",
                "KL to base",
                "KL to plain question",
                "Prompts to reach the gate",
                "Effective rank",
                "Left out");
        for (Predicate one : predicates) {
            Pools pools = one.pools();
            out.open("tr").element("th", one.name(), "scope", "row", "dir", "auto", "class", "words");
            Table.cells(
                    out,
                    one.contexts(),
                    percentFine(one.skill().plain()) + " → "
                            + percentFine(one.skill().predicate()),
                    Figures.plain(one.klBase()),
                    Figures.plain(one.klPlain()),
                    pools.reached() > 0 ? String.valueOf(pools.reached()) : "not by " + pools.atoms(),
                    Figures.plain(one.effectiveRank()),
                    Figures.count(pools.excluded()));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }

    private static Markup pools(List<Predicate> predicates) {
        Markup out = Table.openFigures(
                "Predicate", "Contexts", "Log pool", "Random", "“Say X.”, log", "“Say X.”, linear", "Oracle");
        for (Predicate one : predicates) {
            Pools pools = one.pools();
            out.open("tr").element("th", one.name(), "scope", "row", "dir", "auto", "class", "words");
            Table.cells(out, one.contexts(), shareFine(pools.logPool()), shareFine(pools.random()));
            Table.cells(out, shareFine(pools.sayLog()), shareFine(pools.sayLinear()), shareFine(pools.oracle()));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }
}
