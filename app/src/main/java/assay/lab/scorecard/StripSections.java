package assay.lab.scorecard;

import static assay.show.page.Figures.count;
import static assay.show.page.Figures.counted;
import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.shareFine;
import static assay.show.page.Figures.signed;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Search;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strips;
import assay.show.page.Strips.Mark;
import assay.show.page.Table;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// The claims whose evidence is shares beside each other: adapters distilled (S1), searches (S3), predicates (S5).
/// Each has a legend, strips, a note that says what they mean, and figures.
final class StripSections {
    private static final int MOST_ADAPTERS = 30;
    private static final int MOST_TARGETS = 24;
    private static final Interval NONE = Interval.NONE;

    private StripSections() {}

    /// Whether adapters come close to soft prompts (S1): closed per adapter, with the gate.
    static Markup distilled(List<DistilEvidence> distilled, Gates gates) {
        if (distilled.isEmpty()) {
            return new Markup().quiet("No adapter was distilled.");
        }
        List<List<DistilEvidence>> adapters =
                StudyFacts.together(distilled, one -> List.of(one.name(), one.kind(), one.tokens()));
        return new Markup()
                .add(Strips.legend(adapter(adapters.getFirst())))
                .folding(adapters, MOST_ADAPTERS, " more", some -> adapters(some, gates))
                .quiet("Closed on foreign contexts by the soft prompt distilled from each adapter. The line up is the"
                        + " gate, " + percent(gates.closed()) + ". Several dots of a kind are several seeds.")
                .details("How training went", training(distilled));
    }

    private static Markup adapters(List<List<DistilEvidence>> adapters, Gates gates) {
        Strips strips = new Strips("Adapter", "Closed [95%]");
        for (List<DistilEvidence> seeds : adapters) {
            DistilEvidence one = seeds.getFirst();
            String detail = one.kind() + ", predicted: " + one.predicted() + "; " + counted(one.tokens(), "soft token");
            List<Mark> marks = adapter(seeds);
            String figures = Strips.figures(marks.getFirst().shares());
            strips.row("", one.name(), detail, Strips.points(marks, gates.closed()), figures);
        }
        return strips.finish();
    }

    private static List<Mark> adapter(List<DistilEvidence> seeds) {
        List<Interval> closed = seeds.stream().map(DistilEvidence::closed).toList();
        List<Interval> prompts =
                seeds.stream().map(one -> alone(one.training().bestPrompt())).toList();
        return List.of(new Mark("mixture", "soft prompt", closed), new Mark("other", "best readable prompt", prompts));
    }

    /// A share without an interval.
    private static Interval alone(double share) {
        return new Interval(share, Double.NaN, Double.NaN);
    }

    private static Markup training(List<DistilEvidence> distilled) {
        return Table.of(distilled)
                .row("Adapter", DistilEvidence::name, "dir", "auto")
                .cell("Seed", DistilEvidence::seed)
                .cell("KL to base", one -> plain(one.klBase()))
                .cell("Closed", DistilEvidence::closed)
                .cell("Best prompt", one -> percentFine(one.training().bestPrompt()))
                .cell("Steps", one -> one.training().steps())
                .cell("Gained last quarter", one -> percentFine(one.training().lastGain()))
                .cell("Cosine", one -> signed(one.training().hiddenCosine()))
                .figures();
    }

    /// Whether such prompts can be found (S3): what the same number of exact runs is worth by three ways, and planted
    /// prompts found again.
    static Markup searched(List<TargetEvidence> targets, Gates gates) {
        List<List<TargetEvidence>> searched =
                measured(targets, search -> search.searched().value());
        List<List<TargetEvidence>> planted = measured(targets, Search::recovered);
        Markup out = new Markup();
        if (searched.isEmpty()) {
            out.quiet("No search was measured.");
        } else {
            out.add(Strips.legend(search(searched.getFirst())))
                    .folding(searched, MOST_TARGETS, " more", StripSections::searches)
                    .quiet("Closed by five prompts after equally many exact runs. The gain, searched minus random, must"
                            + " reach " + Figures.points(gates.gain())
                            + " points. Several dots of a kind are several seeds.");
        }
        out.element("h3", "Planted prompts found again");
        return planted.isEmpty() ? out.quiet("Nothing was planted.") : out.add(recovered(planted, gates));
    }

    /// The targets of which something was measured, the seeds of each together.
    private static List<List<TargetEvidence>> measured(
            List<TargetEvidence> targets, ToDoubleFunction<Search> quantity) {
        List<TargetEvidence> measured = targets.stream()
                .filter(one -> Double.isFinite(quantity.applyAsDouble(one.search())))
                .toList();
        return StudyFacts.together(measured, TargetEvidence::target);
    }

    private static Markup searches(List<List<TargetEvidence>> targets) {
        Strips strips = new Strips("Target", "Gain [95%]");
        for (List<TargetEvidence> seeds : targets) {
            TargetEvidence one = seeds.getFirst();
            String detail = one.target().kind() + ", " + count(one.search().runs()) + " runs";
            String figures = Strips.figures(shares(seeds, Search::gain));
            strips.row("", one.target().name(), detail, Strips.points(search(seeds), Double.NaN), figures);
        }
        return strips.finish();
    }

    private static List<Mark> search(List<TargetEvidence> seeds) {
        return List.of(
                new Mark("null", "random prompts", shares(seeds, Search::random)),
                new Mark("other", "chosen from the dictionary", shares(seeds, Search::dictionary)),
                new Mark("mixture", "half of the runs searched", shares(seeds, Search::searched)));
    }

    private static List<Interval> shares(List<TargetEvidence> seeds, Function<Search, Interval> share) {
        return seeds.stream().map(one -> share.apply(one.search())).toList();
    }

    private static Markup recovered(List<List<TargetEvidence>> planted, Gates gates) {
        Strips strips = new Strips("Planted mixture", "F1");
        for (List<TargetEvidence> seeds : planted) {
            String name = seeds.getFirst().target().name();
            List<Interval> recovered = shares(seeds, search -> alone(search.recovered()));
            Markup points = Strips.points(List.of(new Mark("mixture", name, recovered)), gates.recovery());
            String detail = String.join(" · ", seeds.getFirst().search().named());
            strips.row("", name, detail, points, Strips.figures(recovered));
        }
        return strips.finish();
    }

    /// The counter-example (S5): predicates in each kind of contexts, and what stands in for them.
    static Markup predicates(List<Predicate> predicates, Gates gates) {
        if (predicates.isEmpty()) {
            return new Markup().quiet("No predicate was measured.");
        }
        Strips strips = new Strips("Predicate and contexts", "Log pool [95%]");
        for (Predicate one : predicates) {
            Markup points = Strips.points(predicate(one.pools()), gates.closed());
            String figures = shareFine(one.pools().logPool());
            strips.row("", one.name(), one.contexts() + " contexts", points, figures);
        }
        return new Markup()
                .add(Strips.legend(predicate(new Pools(0, NONE, NONE, NONE, NONE, NONE, 0, 0))))
                .add(strips.finish())
                .quiet("Closed on unseen contexts; the predicate and its paraphrases are not among the prompts. The"
                        + " line up is the gate, " + percent(gates.closed()) + ".")
                .element("h3", "The predicates in numbers")
                .add(numbers(predicates))
                .details("What stands in for them, in numbers", pools(predicates));
    }

    private static List<Mark> predicate(Pools pools) {
        return List.of(
                new Mark("mixture", "log pool of dictionary prompts", pools.logPool()),
                new Mark("null", "as many random prompts", pools.random()),
                new Mark("own", "log pool of “Say X.”", pools.sayLog()),
                new Mark("other", "linear pool of “Say X.”", pools.sayLinear()),
                new Mark("hollow", "oracle: other weights in every context", pools.oracle()));
    }

    private static Markup numbers(List<Predicate> predicates) {
        return named(predicates)
                .cell("True answers: plain → asked", StripSections::skill)
                .cell("KL to base", one -> plain(one.klBase()))
                .cell("KL to plain question", one -> plain(one.klPlain()))
                .cell("Prompts to reach the gate", StripSections::reached)
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
