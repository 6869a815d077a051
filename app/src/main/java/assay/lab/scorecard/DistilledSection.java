package assay.lab.scorecard;

import static assay.show.page.Figures.counted;
import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.signed;

import assay.base.sparse.Interval;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.measure.judge.Gates;
import assay.show.page.Markup;
import assay.show.page.Strips;
import assay.show.page.Table;
import java.util.List;

/// Whether adapters come close to soft prompts (S1): closed per adapter, with the gate.
final class DistilledSection {
    private static final int MOST = 30;

    private DistilledSection() {}

    /// The pictures and tables.
    static Markup of(List<DistilEvidence> distilled, Gates gates) {
        if (distilled.isEmpty()) {
            return new Markup().quiet("No adapter was distilled.");
        }
        List<List<DistilEvidence>> adapters =
                StudyFacts.together(distilled, one -> List.of(one.name(), one.kind(), one.tokens()));
        return new Markup()
                .add(Strips.legend(marks(adapters.getFirst())))
                .folding(adapters, MOST, " more", some -> strips(some, gates))
                .quiet("Closed on foreign contexts by the soft prompt distilled from each adapter. The line up is the"
                        + " gate, " + percent(gates.closed()) + ". Several dots of a kind are several seeds.")
                .details("How training went", training(distilled));
    }

    private static Markup strips(List<List<DistilEvidence>> adapters, Gates gates) {
        Strips strips = new Strips("Adapter", "Closed [95%]");
        for (List<DistilEvidence> seeds : adapters) {
            DistilEvidence one = seeds.getFirst();
            String detail = one.kind() + ", predicted: " + one.predicted() + "; " + counted(one.tokens(), "soft token");
            List<Strips.Mark> marks = marks(seeds);
            String figures = Strips.figures(marks.getFirst().shares());
            strips.row("", one.name(), detail, Strips.points(marks, gates.closed()), figures);
        }
        return strips.finish();
    }

    private static List<Strips.Mark> marks(List<DistilEvidence> seeds) {
        List<Interval> closed = seeds.stream().map(DistilEvidence::closed).toList();
        List<Interval> prompts = seeds.stream()
                .map(one -> new Interval(one.training().bestPrompt(), Double.NaN, Double.NaN))
                .toList();
        return List.of(
                new Strips.Mark("mixture", "soft prompt", closed),
                new Strips.Mark("other", "best readable prompt", prompts));
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
}
