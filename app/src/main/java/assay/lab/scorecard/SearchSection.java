package assay.lab.scorecard;

import assay.base.sparse.Interval;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Search;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strips;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Whether such prompts can be found (S3): what the same number of exact runs is worth by three ways, and planted
/// prompts found again.
final class SearchSection {
    private static final int MOST = 24;

    private SearchSection() {}

    /// The pictures and tables.
    static Markup of(List<TargetEvidence> targets, Gates gates) {
        List<List<TargetEvidence>> searched =
                measured(targets, search -> search.searched().value());
        List<List<TargetEvidence>> planted = measured(targets, Search::recovered);
        Markup out = new Markup();
        if (searched.isEmpty()) {
            out.quiet("No search was measured.");
        } else {
            out.add(Strips.legend(marks(searched.getFirst())))
                    .folding(searched, MOST, " more", SearchSection::strips)
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

    private static Markup strips(List<List<TargetEvidence>> targets) {
        Strips strips = new Strips("Target", "Gain [95%]");
        for (List<TargetEvidence> seeds : targets) {
            TargetEvidence one = seeds.getFirst();
            String detail =
                    one.target().kind() + ", " + Figures.count(one.search().runs()) + " runs";
            String figures = Strips.figures(shares(seeds, Search::gain));
            strips.row("", one.target().name(), detail, Strips.points(marks(seeds), Double.NaN), figures);
        }
        return strips.finish();
    }

    private static List<Strips.Mark> marks(List<TargetEvidence> seeds) {
        return List.of(
                new Strips.Mark("null", "random prompts", shares(seeds, Search::random)),
                new Strips.Mark("other", "chosen from the dictionary", shares(seeds, Search::dictionary)),
                new Strips.Mark("mixture", "half of the runs searched", shares(seeds, Search::searched)));
    }

    private static List<Interval> shares(List<TargetEvidence> seeds, Function<Search, Interval> share) {
        return seeds.stream().map(one -> share.apply(one.search())).toList();
    }

    private static Markup recovered(List<List<TargetEvidence>> planted, Gates gates) {
        Strips strips = new Strips("Planted mixture", "F1");
        for (List<TargetEvidence> seeds : planted) {
            String name = seeds.getFirst().target().name();
            List<Interval> recovered =
                    shares(seeds, search -> new Interval(search.recovered(), Double.NaN, Double.NaN));
            List<Strips.Mark> marks = List.of(new Strips.Mark("mixture", name, recovered));
            String detail = String.join(" · ", seeds.getFirst().search().named());
            strips.row("", name, detail, Strips.points(marks, gates.recovery()), Strips.figures(recovered));
        }
        return strips.finish();
    }
}
