package assay.report;

import static assay.report.Figures.shareFine;

import assay.claims.Gates;
import assay.claims.TargetEvidence;
import assay.claims.TargetEvidence.Search;
import assay.sparse.Interval;
import java.util.List;

/// Whether such prompts can be found (S3): what the same number of exact runs is worth by three ways, and planted
/// prompts found again.
final class SearchSection {
    private static final int MOST = 24;
    private static final Interval NOTHING = new Interval(Double.NaN, Double.NaN, Double.NaN);

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
            out.add(Strip.legend(marks(NOTHING, NOTHING, NOTHING)));
            int shown = Math.min(MOST, searched.size());
            out.add(strips(searched.subList(0, shown)));
            if (shown < searched.size()) {
                out.open("details").element("summary", (searched.size() - shown) + " more");
                out.add(strips(searched.subList(shown, searched.size()))).close();
            }
            out.element(
                    "p",
                    "Closed by five prompts after equally many exact runs. The gain, searched minus random, must reach "
                            + Figures.points(gates.gain()) + " points.",
                    "class",
                    "quiet");
        }
        return out.add(planted(targets, gates));
    }

    private static Markup strips(List<TargetEvidence> targets) {
        Markup out = new Markup();
        Strip.open(out, "Target", "Gain [95%]");
        for (TargetEvidence one : targets) {
            Search search = one.search();
            Markup strip = Strip.points(marks(search.random(), search.dictionary(), search.searched()), Double.NaN);
            String detail =
                    one.target().kind() + ", seed " + one.seed() + ", " + Figures.count(search.runs()) + " runs";
            Strip.row(out, "", one.target().name(), detail, strip, shareFine(search.gain()));
        }
        return out.close().closeLine();
    }

    private static List<Strip.Mark> marks(Interval random, Interval dictionary, Interval searched) {
        return List.of(
                new Strip.Mark("null", "random prompts", random),
                new Strip.Mark("other", "chosen from the dictionary", dictionary),
                new Strip.Mark("mixture", "half of the runs searched", searched));
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
        for (TargetEvidence one : planted) {
            Interval recovered = new Interval(one.search().recovered(), Double.NaN, Double.NaN);
            Strip.Mark mark = new Strip.Mark("mixture", one.target().name(), recovered);
            String detail = "seed " + one.seed();
            String number = Figures.percentFine(recovered.value());
            Strip.row(out, "", one.target().name(), detail, Strip.points(List.of(mark), gates.recovery()), number);
        }
        return out.close().closeLine();
    }
}
