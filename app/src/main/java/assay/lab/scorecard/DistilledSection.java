package assay.lab.scorecard;

import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Strip;
import assay.show.page.Table;
import java.util.List;

/// Whether adapters come close to soft prompts (S1): closed per adapter, with the gate.
final class DistilledSection {
    private static final int MOST = 30;

    private DistilledSection() {}

    /// The pictures and tables.
    static Markup of(List<DistilEvidence> distilled, Gates gates) {
        Markup out = new Markup();
        if (distilled.isEmpty()) {
            return out.element("p", "No adapter was distilled.", "class", "quiet");
        }
        List<List<DistilEvidence>> adapters =
                StudyFacts.together(distilled, one -> List.of(one.name(), one.kind(), one.tokens()));
        out.add(Strip.legend(marks(adapters.getFirst())));
        int shown = Math.min(MOST, adapters.size());
        out.add(strips(adapters.subList(0, shown), gates));
        if (shown < adapters.size()) {
            out.open("details").element("summary", (adapters.size() - shown) + " more");
            out.add(strips(adapters.subList(shown, adapters.size()), gates)).close();
        }
        out.element(
                "p",
                "Closed on foreign contexts by the soft prompt distilled from each adapter. The line up is the gate, "
                        + Figures.percent(gates.closed()) + ". Several dots of a kind are several seeds.",
                "class",
                "quiet");
        out.open("details").element("summary", "How training went").add(training(distilled));
        return out.close();
    }

    private static Markup strips(List<List<DistilEvidence>> adapters, Gates gates) {
        Markup out = new Markup();
        Strip.open(out, "Adapter", "Closed [95%]");
        for (List<DistilEvidence> seeds : adapters) {
            DistilEvidence one = seeds.getFirst();
            String detail = one.kind() + ", predicted: " + one.predicted() + "; " + tokens(one.tokens());
            String figures =
                    Strip.figures(seeds.stream().map(DistilEvidence::closed).toList());
            Strip.row(out, "", one.name(), detail, Strip.points(marks(seeds), gates.closed()), figures);
        }
        return out.close().closeLine();
    }

    private static List<Strip.Mark> marks(List<DistilEvidence> seeds) {
        List<Interval> prompts = seeds.stream()
                .map(one -> new Interval(one.training().bestPrompt(), Double.NaN, Double.NaN))
                .toList();
        return List.of(
                new Strip.Mark(
                        "mixture",
                        "soft prompt",
                        seeds.stream().map(DistilEvidence::closed).toList()),
                new Strip.Mark("other", "best readable prompt", prompts));
    }

    private static String tokens(int count) {
        return count + (count == 1 ? " soft token" : " soft tokens");
    }

    private static Markup training(List<DistilEvidence> distilled) {
        Markup out = Table.openFigures(
                "Adapter", "Seed", "KL to base", "Closed", "Best prompt", "Steps", "Gained last quarter", "Cosine");
        for (DistilEvidence one : distilled) {
            out.open("tr").element("th", one.name(), "scope", "row", "dir", "auto");
            Table.cells(out, String.valueOf(one.seed()), Figures.plain(one.klBase()), shareFine(one.closed()));
            Table.cells(
                    out,
                    percentFine(one.training().bestPrompt()),
                    String.valueOf(one.training().steps()),
                    percentFine(one.training().lastGain()),
                    Figures.signed(one.training().hiddenCosine()));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }
}
