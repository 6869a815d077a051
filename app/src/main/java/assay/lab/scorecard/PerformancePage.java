package assay.lab.scorecard;

import assay.InputException;
import assay.lab.scorecard.ResultsTable.Document;
import assay.show.page.Figures;
import assay.show.page.Markup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// How fast Assay is beside its peers, made from the documents that `assay bench peers --json` left. A row measured
/// more than once is told as the newest document has it.
///
/// @param text the page, in Markdown
/// @param picture the ratios beside what they must reach, in SVG; empty if there is none to show
/// @param growth seconds over sizes, in SVG; empty likewise
public record PerformancePage(String text, String picture, String growth) {
    /// Where the page looks for the picture.
    public static final String PICTURE = "pictures/performance.svg";

    /// And for that of the growth.
    public static final String GROWTH_PICTURE = "pictures/growth.svg";

    /// Above this load average, other programs ran too.
    private static final double IDLE = 0.5;

    private record Row(Document document, JsonNode json) {
        String text(String field) {
            return json.path(field).asString("");
        }

        double number(String field) {
            return json.path(field).asDouble(Double.NaN);
        }

        boolean isRatio() {
            return text("unit").equals("times");
        }

        boolean isMeasured() {
            return Double.isFinite(number("figure"));
        }

        boolean isAtMost() {
            return text("gate").startsWith("≤");
        }
    }

    /// The page of the documents in a folder.
    ///
    /// @throws InputException if a document is damaged, or was made with tiny inputs
    public static PerformancePage of(Path data) {
        List<Document> documents = ResultsTable.documents(data, ResultsTable.PEERS);
        Map<String, Row> newest = new LinkedHashMap<>();
        for (Document document : documents) {
            if (document.json().path("small").asBoolean(false)) {
                throw new InputException("result: expected a comparison with real inputs, found one with --small ("
                        + document.entry() + "). Leave it out.");
            }
            for (JsonNode json : document.json().path("rows")) {
                Row row = new Row(document, json);
                newest.merge(json.path("row").asString(""), row, (old, later) -> later.isMeasured() ? later : old);
            }
        }
        List<Row> rows = List.copyOf(newest.values());
        List<Row> ratios =
                rows.stream().filter(Row::isRatio).filter(Row::isMeasured).toList();
        GrowthSection growth = GrowthSection.of(ResultsTable.documents(data, ResultsTable.GROWTH));
        return new PerformancePage(
                text(rows, !ratios.isEmpty()) + growth.text(),
                ratios.isEmpty() ? "" : picture(ratios),
                growth.picture());
    }

    private static String text(List<Row> rows, boolean hasPicture) {
        StringBuilder out = new StringBuilder("""
                # Performance

                Made by `assay bench results` from the documents of `assay bench peers` and `assay bench growth` in
                [log/data](log/data/README.md); not to be edited.
                Assay and its peer did the same work in turns; the ratio is the peer's time over Assay's, round by \
                round. A wrong answer
                counts for nothing, however fast. *Of the roofline*: the shortest time in which this machine could do \
                what is counted
                on paper, from its fastest matrix product and copy in the same run, over Assay's time.
                """);
        if (rows.isEmpty()) {
            return out.append("\nNothing was measured yet.\n").toString();
        }
        if (hasPicture) {
            out.append("\n![Ratios of the peer's time to Assay's, and what they must reach](")
                    .append(PICTURE)
                    .append(")\n");
        }
        line(out, "");
        cells(out, "row", "what", "found", "rounds", "must reach", "met", "GFLOP", "GB", "of the roofline", "from");
        line(out, "|" + "---|".repeat(10));
        rows.forEach(row -> cells(
                out,
                row.text("row"),
                row.text("title"),
                found(row),
                String.valueOf(row.json().path("assay_seconds").size()),
                row.text("gate"),
                row.text("met"),
                scaled(row.number("flop")),
                scaled(row.number("bytes")),
                share(row.number("roofline_share")),
                "[entry](log/" + row.document().entry() + ".md)" + (isShared(row) ? ", shared machine" : "")));
        sides(out, rows);
        machines(out, rows);
        return out.toString();
    }

    /// Seconds of both sides, who the other is, and how far the answers lie apart.
    private static void sides(StringBuilder out, List<Row> rows) {
        line(out, "");
        line(out, "## Both sides");
        line(out, "");
        cells(out, "row", "Assay, s", "other, s", "who", "answers differ by", "allowed", "what is compared");
        line(out, "|" + "---|".repeat(7));
        for (Row row : rows) {
            boolean compared = Double.isFinite(row.number("difference"));
            String who = row.text("peer").isEmpty() && row.isRatio() ? "the same, disturbed" : row.text("peer");
            cells(
                    out,
                    row.text("row"),
                    seconds(row, "assay_seconds"),
                    seconds(row, "other_seconds"),
                    row.text("missing").isEmpty() ? who : row.text("missing"),
                    compared ? String.format(Locale.ROOT, "%.2g", row.number("difference")) : Figures.NOTHING,
                    compared ? String.format(Locale.ROOT, "%.2g", row.number("tolerance")) : Figures.NOTHING,
                    row.text("agreement"));
        }
    }

    private static void machines(StringBuilder out, List<Row> rows) {
        line(out, "");
        line(out, "## Machine");
        rows.stream().map(Row::document).distinct().forEach(document -> {
            JsonNode provenance = document.json().path("provenance");
            JsonNode machine = provenance.path("machine");
            JsonNode roof = document.json().path("roofline");
            String code = provenance.path("code").asString("");
            line(out, "");
            line(
                    out,
                    String.format(
                            Locale.ROOT,
                            "`%s`, code %s: %s, %d threads, %s; products at most %.0f GFLOP/s in bf16 and %.0f in fp32, memory "
                                    + "%.1f GB/s; [entry](log/%s.md).",
                            provenance.path("command").asString(""),
                            code.substring(0, Math.min(12, code.length())),
                            machine.path("cpu").asString(""),
                            machine.path("threads").asInt(),
                            provenance.path("libraries").path("torch").asString(""),
                            roof.path("bf16_flop_per_second").asDouble() / 1e9,
                            roof.path("fp32_flop_per_second").asDouble() / 1e9,
                            roof.path("bytes_per_second").asDouble() / 1e9,
                            document.entry()));
        });
    }

    private static boolean isShared(Row row) {
        return row.number("load") > IDLE;
    }

    private static String found(Row row) {
        if (!row.isMeasured()) {
            return Figures.NOTHING;
        }
        String form = row.isRatio() ? "%.2f × [%.2f, %.2f]" : "%.2f s [%.2f, %.2f]";
        return String.format(Locale.ROOT, form, row.number("figure"), row.number("lowest"), row.number("highest"));
    }

    private static String seconds(Row row, String field) {
        double[] sorted = StreamSupport.stream(row.json().path(field).spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Figures.NOTHING : String.format(Locale.ROOT, "%.3f", sorted[sorted.length / 2]);
    }

    private static String scaled(double number) {
        return number > 0 ? String.format(Locale.ROOT, "%.1f", number / 1e9) : Figures.NOTHING;
    }

    private static String share(double share) {
        return share > 0 ? String.format(Locale.ROOT, "%.0f %%", 100 * share) : Figures.NOTHING;
    }

    private static void cells(StringBuilder out, String... cells) {
        List<String> escaped = new ArrayList<>();
        for (String cell : cells) {
            escaped.add(cell.replace("|", "\\|").replaceAll("\\s+", " "));
        }
        line(out, "| " + String.join(" | ", escaped) + " |");
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }

    /// An open picture on white, by itself a file.
    static Markup canvas(int width, int height, int font, String title) {
        Markup out = new Markup();
        out.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + width + " " + height,
                "role",
                "img",
                "font-family",
                "sans-serif",
                "font-size",
                "" + font);
        out.element("title", title);
        out.empty("rect", "width", "" + width, "height", "" + height, "fill", "#fff");
        return out;
    }

    /// A bar a row on a logarithmic axis, with a line where it must end.
    private static String picture(List<Row> rows) {
        double most = rows.stream()
                .mapToDouble(row -> Math.max(row.number("highest"), row.number("gate_number")))
                .max()
                .orElse(1);
        double least =
                rows.stream().mapToDouble(row -> row.number("lowest")).min().orElse(1);
        Axis axis = new Axis(Math.min(0.5, least), Math.max(2, 1.2 * most));
        int height = 40 + 26 * rows.size();
        Markup out =
                canvas(760, height, 13, "Ratios of the peer's time to Assay's; the dark line is what must be reached");
        for (double tick : new double[] {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100}) {
            if (tick >= axis.least && tick <= axis.most) {
                String x = axis.at(tick);
                out.empty("line", "x1", x, "x2", x, "y1", "8", "y2", "" + (height - 26), "stroke", "#ddd");
                String name = (tick < 1 ? String.valueOf(tick) : String.valueOf((int) tick)) + " ×";
                out.element("text", name, "x", x, "y", "" + (height - 10), "text-anchor", "middle", "fill", "#555");
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            bar(out, rows.get(i), axis, 12 + 26 * i);
        }
        return out.close().finished() + "\n";
    }

    private static void bar(Markup out, Row row, Axis axis, int top) {
        double figure = row.number("figure");
        String fill = row.text("met").equals("yes") ? "#2a7f62" : "#c9773b";
        double from = axis.place(axis.least);
        String width = Markup.coordinate(Math.max(1, axis.place(figure) - from));
        out.element("text", row.text("row"), "x", "158", "y", "" + (top + 14), "text-anchor", "end", "fill", "#222");
        out.empty(
                "rect",
                "x",
                Markup.coordinate(from),
                "y",
                "" + (top + 2),
                "width",
                width,
                "height",
                "16",
                "fill",
                fill);
        String middle = "" + (top + 10);
        out.empty(
                "line",
                "x1",
                axis.at(row.number("lowest")),
                "x2",
                axis.at(row.number("highest")),
                "y1",
                middle,
                "y2",
                middle,
                "stroke",
                "#222",
                "stroke-opacity",
                "0.5",
                "stroke-width",
                "2");
        String gate = axis.at(row.number("gate_number"));
        out.empty(
                "line",
                "x1",
                gate,
                "x2",
                gate,
                "y1",
                "" + (top - 1),
                "y2",
                "" + (top + 21),
                "stroke",
                "#111",
                "stroke-width",
                "2",
                "stroke-dasharray",
                row.isAtMost() ? "3 2" : "none");
        double behind = Math.max(axis.place(row.number("highest")), axis.place(row.number("gate_number"))) + 8;
        String said = String.format(Locale.ROOT, "%.2f × (%s)", figure, row.text("gate"));
        out.element("text", said, "x", Markup.coordinate(behind), "y", "" + (top + 14), "fill", "#222");
    }

    /// A logarithmic axis from `least` to `most`.
    private record Axis(double least, double most) {
        double place(double value) {
            double clamped = Math.clamp(value, least, most);
            return 166 + 470 * Math.log(clamped / least) / Math.log(most / least);
        }

        String at(double value) {
            return Markup.coordinate(place(value));
        }
    }
}
