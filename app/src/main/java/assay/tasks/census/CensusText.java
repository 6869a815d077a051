package assay.tasks.census;

import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Style;
import assay.show.page.TextPage;
import java.util.List;

/// A census for the terminal.
final class CensusText extends TextPage {
    private static final int MOST = 40;

    private CensusText(Style style) {
        super(style);
    }

    static String render(Census census, Style style) {
        CensusText page = new CensusText(style);
        page.strong(census.summary());
        List<CensusRow> explained = census.of(RowKind.EXPLAINED);
        if (!explained.isEmpty()) {
            page.line("");
            page.quiet("Closed, excess over as many random prompts, and distance from the base (nats per token):");
            page.first(explained, MOST, page::explained, "  ", " more: census.html shows all.");
        }
        page.others("Without effect", census.of(RowKind.NO_EFFECT));
        page.others("Broken", census.of(RowKind.BROKEN));
        return page.written();
    }

    private void explained(CensusRow row) {
        row.found().ifPresent(found -> {
            String figures = Columns.right(Figures.percent(found.closed().value()), 6)
                    + Columns.right(Figures.points(found.excess().value()), 5)
                    + Columns.right(Figures.plain(found.kl()), 7) + "  ";
            String best = found.prompts().isEmpty()
                    ? ""
                    : "  " + found.prompts().getFirst().prompt();
            String text = Columns.visible(row.adapter() + best);
            line(figures + Columns.cut(text, Math.max(20, style().width() - Columns.width(figures))));
        });
    }

    private void others(String name, List<CensusRow> rows) {
        if (!rows.isEmpty()) {
            title(name);
            first(rows, MOST, row -> prose(row.adapter() + " · " + row.error(), Ink.PLAIN, "  ", "  "), "  ", " more.");
        }
    }
}
