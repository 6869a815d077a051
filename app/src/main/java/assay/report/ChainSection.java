package assay.report;

import assay.judge.Chain;
import assay.judge.Explanation;
import assay.sparse.Interval;

/// The way adapter → soft prompt → mixture as a section of the page: what each step keeps, and the soft
/// prompt's own prompts.
final class ChainSection {
    private ChainSection() {}

    static Markup of(Chain chain) {
        Markup out = new Markup();
        int tokens = chain.distillation().subject().tokens();
        Explanation ofSoft = chain.ofSoft();
        out.open("section", "id", "chain").element("h2", "By way of a soft prompt of " + tokens + " tokens");
        out.open("table", "class", "pairs").open("tbody");
        row(out, "Adapter by soft prompt", chain.soft());
        for (Explanation.Step step : ofSoft.curve().steps()) {
            boolean last = step.equals(ofSoft.curve().steps().getLast());
            if (step.k() == ofSoft.curve().chosen() || last) {
                row(out, "Soft prompt by " + step.k() + " prompts", step.closed());
                row(out, "Soft prompt by " + step.k() + " random prompts", step.random());
            }
        }
        row(out, "Adapter by the soft prompt's chosen prompts", chain.mixture());
        row(out, "Adapter by the soft prompt's longest mixture", chain.mixtureFull());
        row(out, "Adapter by prompts directly", chain.direct());
        out.close().closeLine();
        out.element(
                "p",
                "KL from the adapter, nats per token: base "
                        + Figures.plain(chain.nats().base()) + ", soft prompt "
                        + Figures.plain(chain.nats().soft()) + ", its mixture "
                        + Figures.plain(chain.nats().mixture()) + ", the direct mixture "
                        + Figures.plain(chain.nats().direct())
                        + ". All on the same foreign test contexts, so the rows can be compared.");
        out.element("p", chain.distillation().verdict().because());
        out.element("h3", "The prompts that stand in for the soft prompt");
        out.add(Tables.prompts(ofSoft.mixture()));
        return out.closeLine();
    }

    private static void row(Markup out, String name, Interval closed) {
        out.open("tr").element("th", name, "scope", "row");
        out.element("td", Figures.shareFine(closed)).closeLine();
    }
}
