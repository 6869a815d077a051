package assay.show.report;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.percentFine;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.signed;

import assay.base.sparse.Interval;
import assay.measure.judge.Lacking;
import assay.measure.judge.Lacking.Example;
import assay.measure.judge.Lacking.Left;
import assay.measure.judge.Lacking.Part;
import assay.measure.judge.Lacking.Side;
import assay.show.page.Markup;
import assay.show.page.Table;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which part of a target is still lacking, in sentences and tables.
final class LackingWords {
    private LackingWords() {}

    /// One sentence for each kind of contexts, of the first model.
    static List<String> sides(Lacking lacking) {
        return lacking.sides().stream().map(LackingWords::sentence).toList();
    }

    private static String sentence(Side side) {
        Left first = side.models().getFirst();
        String parts = first.by("kind").stream()
                .map(part -> part.part() + " " + share(part, first))
                .collect(Collectors.joining(", "));
        return "On " + side.contexts() + " contexts " + first.model() + " leave "
                + plain(first.left().value()) + " of "
                + plain(side.models().getLast().left().value()) + " nats per token: " + parts + ".";
    }

    private static String share(Part part, Left of) {
        return percent(part.left().value() / of.left().value());
    }

    /// Everything, side by side for all models.
    static Markup tables(Lacking lacking) {
        Markup out = new Markup();
        for (Side side : lacking.sides()) {
            out.element("h4", "On " + side.contexts() + " contexts, nats per token");
            out.add(table(side));
        }
        out.quiet(
                "Parts of a split add up to the whole. A token adds p·log(p/q) − p + q to the KL, p and q its probabilities"
                        + " under target and model; kinds are told by how a token reads, frequencies by how often the base"
                        + " expects it. Alike: correlation, over places, of what is left with what the first column leaves.");
        return lacking.examples().isEmpty() ? out : out.add(examples(lacking.examples()));
    }

    private static Markup table(Side side) {
        Left first = side.models().getFirst();
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures matrix");
        out.open("thead").open("tr").element("th", "", "scope", "col");
        side.models().forEach(model -> out.element("th", model.model(), "scope", "col"));
        out.close().close().open("tbody");
        row(out, "Left", side, model -> nats(model.left()));
        row(out, "Alike", side, model -> signed(model.alike()));
        for (int i = 0; i < first.parts().size(); i++) {
            int index = i;
            row(out, first.parts().get(i).part(), side, model -> part(model, index));
        }
        return out.close().close().close();
    }

    private static String part(Left model, int index) {
        Part part = model.parts().get(index);
        return share(part, model) + ", " + nats(part.left());
    }

    private static void row(Markup out, String name, Side side, Function<Left, String> cell) {
        out.open("tr").element("th", name, "scope", "row");
        side.models().forEach(model -> out.element("td", cell.apply(model)));
        out.closeLine();
    }

    private static String nats(Interval left) {
        return plain(left.value()) + " [" + plain(left.low()) + ", " + plain(left.high()) + "]";
    }

    private static Markup examples(List<Example> examples) {
        return Table.of(examples)
                .row("User turn", Example::user, "dir", "auto")
                .cell("Contexts", Example::contexts)
                .cell(
                        "Answer so far",
                        example -> example.before().isBlank() ? "(its first token)" : example.before(),
                        "dir",
                        "auto")
                .cell("Left of, nats", example -> plain(example.left()) + " of " + plain(example.base()))
                .cell("Wanted next: target, model", LackingWords::wanted, "dir", "auto")
                .figures();
    }

    private static String wanted(Example example) {
        return example.wanted().stream()
                .map(one -> "“" + one.token() + "” " + percentFine(one.target()) + ", " + percentFine(one.model()))
                .collect(Collectors.joining("; "));
    }
}
