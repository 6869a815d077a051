package assay.report;

import static assay.report.Figures.percentFine;
import static assay.report.Figures.shareFine;

import assay.claims.Gates;
import assay.claims.StudyEvidence.DistilEvidence;
import assay.sparse.Interval;
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
        DistilEvidence first = distilled.getFirst();
        out.add(Strip.legend(marks(first)));
        int shown = Math.min(MOST, distilled.size());
        out.add(strips(distilled.subList(0, shown), gates));
        if (shown < distilled.size()) {
            out.open("details").element("summary", (distilled.size() - shown) + " more");
            out.add(strips(distilled.subList(shown, distilled.size()), gates)).close();
        }
        out.element(
                "p",
                "Closed on foreign contexts by the soft prompt distilled from each adapter. The line up is the gate, "
                        + Figures.percent(gates.closed()) + ".",
                "class",
                "quiet");
        out.open("details").element("summary", "How training went").add(training(distilled));
        return out.close();
    }

    private static Markup strips(List<DistilEvidence> distilled, Gates gates) {
        Markup out = new Markup();
        Strip.open(out, "Adapter", "Closed [95%]");
        for (DistilEvidence one : distilled) {
            String detail = one.kind() + ", predicted: " + one.predicted() + "; " + tokens(one.tokens()) + ", seed "
                    + one.seed();
            Strip.row(out, "", one.name(), detail, Strip.points(marks(one), gates.closed()), shareFine(one.closed()));
        }
        return out.close().closeLine();
    }

    private static List<Strip.Mark> marks(DistilEvidence one) {
        double prompt = one.training().bestPrompt();
        return List.of(
                new Strip.Mark("mixture", "soft prompt", one.closed()),
                new Strip.Mark("other", "best readable prompt", new Interval(prompt, Double.NaN, Double.NaN)));
    }

    private static String tokens(int count) {
        return count + (count == 1 ? " soft token" : " soft tokens");
    }

    private static Markup training(List<DistilEvidence> distilled) {
        Markup out = Tables.openFigures(
                "Adapter", "Seed", "KL to base", "Closed", "Best prompt", "Steps", "Gained last quarter", "Cosine");
        for (DistilEvidence one : distilled) {
            out.open("tr").element("th", one.name(), "scope", "row", "dir", "auto");
            Tables.cells(out, String.valueOf(one.seed()), Figures.plain(one.klBase()), shareFine(one.closed()));
            Tables.cells(
                    out,
                    percentFine(one.training().bestPrompt()),
                    String.valueOf(one.training().steps()),
                    percentFine(one.training().lastGain()),
                    Figures.signed(one.training().hiddenCosine()));
            out.closeLine();
        }
        return Tables.closeFigures(out);
    }
}
