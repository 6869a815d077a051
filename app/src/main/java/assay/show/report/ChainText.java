package assay.show.report;

import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.share;

import assay.base.sparse.Interval;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Style;
import assay.show.page.TextPage;

/// The way adapter → soft prompt → mixture as a terminal prints it, below the direct explanation.
public final class ChainText extends TextPage {
    private static final int LABEL = 44;
    private static final int MOST_PROMPTS = 8;

    private ChainText(Style style) {
        super(style);
    }

    /// Writes the section.
    static String render(Chain chain, Style style) {
        ChainText page = new ChainText(style);
        int tokens = chain.distillation().subject().tokens();
        Explanation ofSoft = chain.ofSoft();
        page.title("By way of a soft prompt of " + tokens + " tokens: what each step keeps");
        page.step("adapter by soft prompt", chain.soft());
        Headline.chosen(ofSoft).ifPresent(step -> {
            page.step("soft prompt by " + step.k() + " prompts", step.closed());
            page.step("  as many random prompts", step.random());
            Explanation.Step last = ofSoft.curve().steps().getLast();
            if (last.k() != step.k()) {
                page.step("soft prompt by " + last.k() + " prompts", last.closed());
            }
        });
        page.step("adapter by the soft prompt's prompts", chain.mixture());
        page.step("adapter by prompts directly", chain.direct());
        page.prose(
                "KL from the adapter, nats per token: base "
                        + plain(chain.nats().base()) + ", soft prompt "
                        + plain(chain.nats().soft()) + ", its mixture "
                        + plain(chain.nats().mixture())
                        + ", the direct mixture " + plain(chain.nats().direct()) + ".",
                Ink.PLAIN,
                "");
        page.title("The soft prompt's prompts, by weight");
        ofSoft.mixture().stream().limit(MOST_PROMPTS).forEach(page::prompt);
        return page.written();
    }

    private void step(String name, Interval interval) {
        if (style().width() < LABEL + 18) {
            prose(name, Ink.PLAIN, "");
            line("    " + share(interval));
            return;
        }
        line(Columns.left(name, LABEL) + share(interval));
    }

    private void prompt(Explanation.Atom atom) {
        prose(Figures.signed(atom.weight()) + " " + atom.prompt(), Ink.PLAIN, "      ");
    }
}
