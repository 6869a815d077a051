package assay.lab.scorecard;

import assay.base.sparse.Interval;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Search;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strip;
import java.util.List;
import java.util.function.Function;

/// Whether such prompts can be found (S3): what the same number of exact runs is worth by three ways, and planted
/// prompts found again.
final class SearchSection {
    private static final int MOST = 24;

    private SearchSection() {}

    /// The pictures and tables.
    static Markup of(List<TargetEvidence> targets, Gates gates) {
        List<TargetEvidence> searched = targets.stream()
                .filter(one -> Double.isFinite(one.search().searched().value()))
                .toList();
        Markup out = new Markup();
        if (searched.isEmpty()) {
            out.element("p", "No search was measured.", "class", "quiet");
        } else {
            List<List<TargetEvidence>> rows = seedsTogether(searched);
            out.add(Strip.legend(marks(rows.getFirst())));
            int shown = Math.min(MOST, rows.size());
            out.add(strips(rows.subList(0, shown)));
            if (shown < rows.size()) {
                out.open("details").element("summary", (rows.size() - shown) + " more");
                out.add(strips(rows.subList(shown, rows.size()))).close();
            }
            out.element(
                    "p",
                    "Closed by five prompts after equally many exact runs. The gain, searched minus random, must reach "
                            + Figures.points(gates.gain()) + " points. Several dots of a kind are several seeds.",
                    "class",
                    "quiet");
        }
        return out.add(planted(targets, gates));
    }

    private static Markup strips(List<List<TargetEvidence>> targets) {
        Markup out = new Markup();
        Strip.open(out, "Target", "Gain [95%]");
        for (List<TargetEvidence> seeds : targets) {
            TargetEvidence one = seeds.getFirst();
            String detail =
                    one.target().kind() + ", " + Figures.count(one.search().runs()) + " runs";
            String figures = Strip.figures(shares(seeds, Search::gain));
            Strip.row(out, "", one.target().name(), detail, Strip.points(marks(seeds), Double.NaN), figures);
        }
        return out.close().closeLine();
    }

    private static List<Strip.Mark> marks(List<TargetEvidence> seeds) {
        return List.of(
                new Strip.Mark("null", "random prompts", shares(seeds, Search::random)),
                new Strip.Mark("other", "chosen from the dictionary", shares(seeds, Search::dictionary)),
                new Strip.Mark("mixture", "half of the runs searched", shares(seeds, Search::searched)));
    }

    private static List<Interval> shares(List<TargetEvidence> seeds, Function<Search, Interval> share) {
        return seeds.stream().map(one -> share.apply(one.search())).toList();
    }

    private static List<List<TargetEvidence>> seedsTogether(List<TargetEvidence> targets) {
        return StudyFacts.together(targets, TargetEvidence::target);
    }

    private static Markup planted(List<TargetEvidence> targets, Gates gates) {
        List<TargetEvidence> planted = targets.stream()
                .filter(one -> Double.isFinite(one.search().recovered()))
                .toList();
        Markup out = new Markup();
        out.element("h3", "Planted prompts found again");
        if (planted.isEmpty()) {
            return out.element("p", "Nothing was planted.", "class", "quiet");
        }
        Strip.open(out, "Planted mixture", "F1");
        for (List<TargetEvidence> seeds : seedsTogether(planted)) {
            String name = seeds.getFirst().target().name();
            List<Interval> recovered =
                    shares(seeds, search -> new Interval(search.recovered(), Double.NaN, Double.NaN));
            List<Strip.Mark> marks = List.of(new Strip.Mark("mixture", name, recovered));
            String detail = String.join(" · ", seeds.getFirst().search().named());
            Strip.row(out, "", name, detail, Strip.points(marks, gates.recovery()), Strip.figures(recovered));
        }
        return out.close().closeLine();
    }
}
