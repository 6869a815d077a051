package assay.show.report;

import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Step;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Table;

/// The way adapter → soft prompt → mixture as a section of the page: what each step keeps, and the soft
/// prompt's own prompts.
final class ChainSection {
    private ChainSection() {}

    static Markup of(Chain chain) {
        Markup out = new Markup();
        int tokens = chain.distillation().subject().tokens();
        Explanation ofSoft = chain.ofSoft();
        out.open("section", "id", "chain")
                .element("h2", "By way of a soft prompt of " + tokens + (tokens == 1 ? " token" : " tokens"));
        out.add(steps(chain));
        out.element(
                "p",
                "KL from the adapter, nats per token: base "
                        + Figures.plain(chain.nats().base()) + ", soft prompt "
                        + Figures.plain(chain.nats().soft()) + ", its mixture "
                        + Figures.plain(chain.nats().mixture()) + ", the direct mixture "
                        + Figures.plain(chain.nats().direct())
                        + ". All rows are of the same foreign test contexts; those of the soft prompt by prompts are"
                        + " shares of its own distance from the base, the others of the adapter's.");
        out.element("p", chain.distillation().verdict().because());
        if (!ofSoft.curve().steps().isEmpty()) {
            out.open("details").element("summary", "The soft prompt's curve in numbers");
            out.add(Tables.curve(ofSoft.curve().steps())).close();
        }
        out.element("h3", "The prompts that stand in for the soft prompt");
        out.add(Tables.prompts(ofSoft.mixture()));
        return out.closeLine();
    }

    /// The three steps in order, and the way that leaves the soft prompt out.
    private static Markup steps(Chain chain) {
        Markup out = new Markup();
        Table.openControls(out, "Step");
        Table.control(
                out,
                "mixture",
                "Adapter by soft prompt",
                chain.distillation().subject().student(),
                chain.soft());
        Headline.chosen(chain.ofSoft()).ifPresent(step -> {
            Table.control(out, "mixture", "Soft prompt by prompts", prompts(step), step.closed());
            Table.control(out, "null", "Soft prompt by random prompts", "as many, weights refitted", step.random());
        });
        Table.control(out, "mixture", "Adapter by the soft prompt's prompts", "the whole chain", chain.mixture());
        chain.ofSoft().curve().steps().stream()
                .reduce((_, last) -> last)
                .ifPresent(last -> Table.control(
                        out, "other", "Adapter by its longest mixture", prompts(last), chain.mixtureFull()));
        Table.control(out, "other", "Adapter by prompts directly", "without the soft prompt", chain.direct());
        return out.close().closeLine();
    }

    private static String prompts(Step step) {
        return step.k() == 1 ? "1 prompt" : step.k() + " prompts";
    }
}
