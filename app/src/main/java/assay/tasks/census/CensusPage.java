package assay.tasks.census;

import static assay.show.page.Figures.counted;
import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.points;
import static assay.show.page.Markup.coordinate;

import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import assay.show.page.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// A census as one page that needs nothing else.
final class CensusPage {
    private static final int PROMPTS = 3;
    private static final int WORDS = 6;
    private static final int LABELS = 40;
    private static final int WIDTH = 760;
    private static final int HEIGHT = 480;
    private static final int MARGIN = 24;
    private static final int LABEL = 24;

    private static final String READING = """
            KL: Distance from the base on foreign test contexts, nats per token. Near 0 an adapter does nearly nothing there.
            Closed: 1 − KL(adapter‖prompts) / KL(adapter‖base), per token, on user turns never searched or fitted on.
            Null: What as many random prompts close when their weights are refitted.
            Excess: Closed minus the null, in points, bootstrapped together. Only this speaks for these prompts.
            Identity: A hash of what an adapter does to the weights, whatever its factors are. Two of one identity do the \
            same; the second has the figures of the first.
            Nearly the same: The angle between two sketches, which say what an adapter changes on the search contexts, has \
            a cosine of .95 or more.
            Map: Dots that lie close do alike, as far as two directions can show it; a line leads to the nearest neighbour. \
            Hollow dots are those whose prompts close no more than random ones.
            """;

    private final Census census;
    private final List<CensusRow> different;
    private final float[][] unit;
    private final Neighbours neighbours;
    private final Markup out = new Markup();

    private CensusPage(Census census) {
        this.census = census;
        this.different = census.different();
        this.unit = Neighbours.unit(different.stream()
                .map(row -> row.found().orElseThrow().sketch().row(0))
                .toList());
        this.neighbours = Neighbours.of(unit);
    }

    static String render(Census census) {
        CensusPage page = new CensusPage(census);
        page.opening();
        page.table();
        page.map();
        page.alike();
        page.nothing();
        page.broken();
        page.appendix();
        return Page.sortable("Census of " + counted(census.rows().size(), "adapter"), page.out);
    }

    private void opening() {
        out.open("header").element("p", "Assay · census", "class", "eyebrow");
        out.open("h1").text(census.summary()).close().closeLine();
    }

    private void table() {
        out.section("rows", "The adapters").quiet("Click the name of a column to sort by it.");
        Table<CensusRow> table = Table.of(census.rows())
                .row("Adapter", CensusRow::adapter, "class", "words", "dir", "auto")
                .cells(List.of("KL"), row -> number(row, Counted.Found::kl, plain(of(row, Counted.Found::kl))))
                .cells(
                        List.of("Closed"),
                        row -> number(
                                row,
                                found -> found.closed().value(),
                                row.found()
                                        .map(found -> Figures.share(found.closed()))
                                        .orElse(Figures.NOTHING)))
                .cells(
                        List.of("Null"),
                        row -> number(
                                row,
                                found -> found.random().value(),
                                percent(of(row, found -> found.random().value()))))
                .cells(
                        List.of("Excess"),
                        row -> number(
                                row,
                                found -> found.excess().value(),
                                points(of(row, found -> found.excess().value()))))
                .words("Best prompts", CensusPage::prompts)
                .words("Words", row -> row.words().stream().limit(WORDS).collect(Collectors.joining(", ")))
                .cells(List.of("Seconds"), row -> cell(row.seconds(), Figures.duration(row.seconds())))
                .cell(
                        "Identity",
                        row -> row.identity().isEmpty() ? "" : row.identity().substring(0, 8));
        out.open("div", "class", "scroll").add(table.bare("figures sortable")).close();
        out.closeLine();
    }

    private static String prompts(CensusRow row) {
        return row.found().isEmpty()
                ? row.error()
                : row.prompts().stream()
                        .limit(PROMPTS)
                        .map(prompt -> Figures.signed(prompt.weight()) + " " + prompt.prompt())
                        .collect(Collectors.joining(" · "));
    }

    private static double of(CensusRow row, ToDoubleFunction<Counted.Found> figure) {
        return row.found().map(figure::applyAsDouble).orElse(Double.NaN);
    }

    private static Markup number(CensusRow row, ToDoubleFunction<Counted.Found> figure, String shown) {
        return cell(of(row, figure), shown);
    }

    private static Markup cell(double value, String shown) {
        return new Markup().element("td", shown, "data-value", Double.isFinite(value) ? Double.toString(value) : "");
    }

    private void map() {
        out.section("map", "Who lies near whom");
        if (different.size() < 2) {
            out.quiet("For a map it takes two adapters that do something.").closeLine();
            return;
        }
        double[][] places = pixels(Plane.of(unit));
        Markup chart = new Markup();
        String box = "0 0 " + WIDTH + " " + HEIGHT;
        chart.open("svg", "class", "small", "viewBox", box, "role", "img", "aria-label", "Map of the adapters");
        for (int i = 0; i < places.length; i++) {
            int other = neighbours.links().get(i).getFirst().other();
            chart.empty(
                    "line",
                    "class",
                    "near",
                    "x1",
                    x(places[i]),
                    "y1",
                    y(places[i]),
                    "x2",
                    x(places[other]),
                    "y2",
                    y(places[other]));
        }
        for (int i = 0; i < places.length; i++) {
            dot(chart, different.get(i), places[i]);
        }
        out.figure(chart.close(), "Each dot is an adapter; its line leads to the one that does most nearly the same.");
        out.closeLine();
    }

    private void dot(Markup chart, CensusRow row, double[] place) {
        boolean hollow = row.found().filter(Counted.Found::saysNothing).isPresent();
        chart.open("circle", "class", hollow ? "own-dot" : "mixture-dot", "r", "5", "cx", x(place), "cy", y(place));
        chart.element("title", row.adapter() + ": " + prompts(row)).close();
        if (different.size() <= LABELS) {
            String name = row.adapter().substring(row.adapter().lastIndexOf('/') + 1);
            String shown = name.length() > LABEL ? name.substring(0, LABEL) + "…" : name;
            boolean isRight = place[0] > WIDTH * 0.75;
            String at = coordinate(place[0] + (isRight ? -9 : 9));
            chart.element(
                    "text", shown, "class", isRight ? "tick end" : "tick", "x", at, "y", coordinate(place[1] + 4));
        }
    }

    /// Places on the chart, as large as it allows and to one scale, so that distances can be compared.
    private static double[][] pixels(double[][] places) {
        double wide = 0;
        double high = 0;
        for (double[] place : places) {
            wide = Math.max(wide, Math.abs(place[0]));
            high = Math.max(high, Math.abs(place[1]));
        }
        double scale =
                Math.min((WIDTH / 2.0 - MARGIN) / Math.max(wide, 1e-9), (HEIGHT / 2.0 - MARGIN) / Math.max(high, 1e-9));
        return Arrays.stream(places)
                .map(place -> new double[] {WIDTH / 2.0 + place[0] * scale, HEIGHT / 2.0 - place[1] * scale})
                .toArray(double[][]::new);
    }

    private static String x(double[] place) {
        return coordinate(place[0]);
    }

    private static String y(double[] place) {
        return coordinate(place[1]);
    }

    private void alike() {
        out.section("same", "Duplicates and near-duplicates");
        Map<CensusRow, List<CensusRow>> duplicates = census.duplicates();
        List<Neighbours.Pair> pairs = neighbours.pairs();
        if (duplicates.isEmpty() && pairs.isEmpty()) {
            out.quiet("None.");
        }
        if (!duplicates.isEmpty()) {
            out.element("h3", "The same change of the weights");
            out.open("ul");
            duplicates.forEach((first, others) -> out.element(
                    "li",
                    first.adapter() + " = "
                            + others.stream().map(CensusRow::adapter).collect(Collectors.joining(" = "))));
            out.close();
        }
        if (!pairs.isEmpty()) {
            out.element("h3", "Nearly the same behaviour");
            out.add(Table.of(pairs)
                    .row("One", pair -> different.get(pair.one()).adapter())
                    .cell("Other", pair -> different.get(pair.other()).adapter())
                    .cell("Cosine", pair -> plain(pair.cosine()))
                    .figures());
        }
        out.closeLine();
    }

    private void nothing() {
        out.section("nothing", "Those that look like nothing");
        List<CensusRow> none = census.of(RowKind.NO_EFFECT);
        List<CensusRow> unsaid = census.unsaid();
        if (none.isEmpty() && unsaid.isEmpty()) {
            out.quiet("None: each does something, and prompts say it better than as many random ones.");
        }
        list("They do what the base does", none, CensusRow::error);
        list(
                "They do something that these prompts say no better than random ones",
                unsaid,
                row -> "KL " + plain(of(row, Counted.Found::kl)) + ", excess "
                        + points(of(row, found -> found.excess().value())) + " points");
        out.closeLine();
    }

    private void broken() {
        List<CensusRow> broken = census.of(RowKind.BROKEN);
        if (!broken.isEmpty()) {
            out.section("broken", "Those that could not be read or run");
            list("Each with its reason", broken, CensusRow::error);
            out.closeLine();
        }
    }

    private void list(String title, List<CensusRow> rows, Function<CensusRow, String> why) {
        if (!rows.isEmpty()) {
            out.element("h3", title)
                    .add(Table.of(rows)
                            .row("Adapter", CensusRow::adapter)
                            .words("Why", why)
                            .figures());
        }
    }

    private void appendix() {
        out.section("reading", "How to read it").glossary(READING).closeLine();
        Page.provenance(out, census.provenance(), census.modelSha256());
    }
}
