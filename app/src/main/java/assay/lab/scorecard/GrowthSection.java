package assay.lab.scorecard;

import assay.InputException;
import assay.base.sparse.Interval;
import assay.lab.scorecard.ResultsTable.Document;
import assay.show.page.Figures;
import assay.show.page.Markup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// How costs grow, from the documents of `assay bench growth`. An axis measured more than once is told as the newest
/// document has it.
///
/// @param text the section, in Markdown; empty if nothing was measured
/// @param picture seconds over sizes, both as multiples of the smallest, in SVG; empty likewise
record GrowthSection(String text, String picture) {
    private static final List<String> COLOURS = List.of("#2a7f62", "#c9773b", "#3b5bc9", "#9a3bc9", "#b03a3a", "#555");

    private record Point(double size, double seconds, double peak) {}

    private record Curve(Document document, JsonNode json, List<Point> points) {
        String text(String field) {
            return json.path(field).asString("");
        }

        double number(String field) {
            return json.path(field).asDouble(Double.NaN);
        }

        Point first() {
            return points.getFirst();
        }
    }

    /// The section of some documents.
    ///
    /// @throws InputException if one was made with tiny sizes
    static GrowthSection of(List<Document> documents) {
        Map<String, Curve> newest = new LinkedHashMap<>();
        for (Document document : documents) {
            if (document.json().path("small").asBoolean(false)) {
                throw new InputException("result: expected growth over real sizes, found some of --small ("
                        + document.entry() + "). Leave it out.");
            }
            for (JsonNode curve : document.json().path("curves")) {
                newest.put(curve.path("axis").asString(""), new Curve(document, curve, points(curve)));
            }
        }
        List<Curve> curves = newest.values().stream()
                .filter(curve -> !curve.points().isEmpty())
                .toList();
        return curves.isEmpty() ? new GrowthSection("", "") : new GrowthSection(text(curves), picture(curves));
    }

    private static List<Point> points(JsonNode curve) {
        List<Point> points = new ArrayList<>();
        for (JsonNode point : curve.path("points")) {
            double[] seconds = StreamSupport.stream(point.path("seconds").spliterator(), false)
                    .mapToDouble(JsonNode::asDouble)
                    .sorted()
                    .toArray();
            if (seconds.length > 0) {
                double peak = point.path("peak_bytes").asDouble(Double.NaN);
                points.add(new Point(point.path("size").asDouble(), seconds[seconds.length / 2], peak));
            }
        }
        return points;
    }

    private static String text(List<Curve> curves) {
        StringBuilder out = new StringBuilder("""

                ## Growth

                Seconds grow as the size to the power of the exponent: 1 is proportional, 0 does not grow, −1 halves \
                with every doubling.
                In brackets the 95 % interval of the slope through the logarithms of all rounds. Peak memory is all \
                the process held, the
                model included. In the picture sizes and seconds are multiples of the smallest size's.

                ![Seconds over size, both as multiples of the smallest size's](""");
        out.append(PerformancePage.GROWTH_PICTURE).append(")\n\n");
        out.append("| axis | what | from | to | seconds | peak, GB | exponent | from |\n|")
                .append("---|".repeat(8))
                .append('\n');
        for (Curve curve : curves) {
            Point first = curve.first();
            Point last = curve.points().getLast();
            Interval exponent =
                    new Interval(curve.number("exponent"), curve.number("exponent_low"), curve.number("exponent_high"));
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %,.0f %s | %.3g to %.3g | %s | %s | [entry](log/%s.md) |%n",
                    curve.text("axis"),
                    curve.text("title"),
                    first.size(),
                    last.size(),
                    curve.text("unit"),
                    first.seconds(),
                    last.seconds(),
                    Double.isNaN(last.peak())
                            ? Figures.NOTHING
                            : String.format(Locale.ROOT, "%.1f to %.1f", first.peak() / 1e9, last.peak() / 1e9),
                    Double.isNaN(exponent.value()) ? Figures.NOTHING : exponent.written(),
                    curve.document().entry()));
        }
        return out.toString();
    }

    /// Lines on two logarithmic axes.
    private static String picture(List<Curve> curves) {
        double widest = 2;
        double least = 1;
        double most = 2;
        for (Curve curve : curves) {
            for (Point point : curve.points()) {
                widest = Math.max(widest, point.size() / curve.first().size());
                least = Math.min(least, point.seconds() / curve.first().seconds());
                most = Math.max(most, point.seconds() / curve.first().seconds());
            }
        }
        Frame frame = new Frame(widest, least, most);
        Markup out =
                PerformancePage.canvas(560, 320, 12, "Seconds over size, both as multiples of the smallest size's");
        for (double tick = 1; tick <= widest; tick *= 10) {
            String x = frame.across(tick);
            out.empty("line", "x1", x, "x2", x, "y1", "16", "y2", "284", "stroke", "#ddd");
            out.element("text", times(tick), "x", x, "y", "302", "text-anchor", "middle", "fill", "#555");
        }
        for (double tick = Math.pow(10, Math.ceil(Math.log10(least))); tick <= most; tick *= 10) {
            String y = frame.up(tick);
            out.empty("line", "x1", "60", "x2", "400", "y1", y, "y2", y, "stroke", "#ddd");
            out.element("text", times(tick), "x", "54", "y", y, "text-anchor", "end", "fill", "#555");
        }
        for (int i = 0; i < curves.size(); i++) {
            line(out, curves.get(i), frame, i);
        }
        return out.close().finished() + "\n";
    }

    private static void line(Markup out, Curve curve, Frame frame, int number) {
        String colour = COLOURS.get(number % COLOURS.size());
        StringBuilder path = new StringBuilder();
        for (Point point : curve.points()) {
            path.append(path.isEmpty() ? "" : " ")
                    .append(frame.across(point.size() / curve.first().size()))
                    .append(',')
                    .append(frame.up(point.seconds() / curve.first().seconds()));
        }
        out.empty("polyline", "points", path.toString(), "fill", "none", "stroke", colour, "stroke-width", "2");
        String said = Double.isNaN(curve.number("exponent"))
                ? curve.text("axis")
                : String.format(Locale.ROOT, "%s: %.2f", curve.text("axis"), curve.number("exponent"));
        out.element("text", said, "x", "416", "y", "" + (30 + 20 * number), "fill", colour);
    }

    private static String times(double tick) {
        return String.format(Locale.ROOT, tick < 1 ? "%.3g ×" : "%,.0f ×", tick);
    }

    /// Where multiples lie.
    private record Frame(double widest, double least, double most) {
        String across(double times) {
            return Markup.coordinate(60 + 340 * Math.log(times) / Math.log(widest));
        }

        String up(double times) {
            return Markup.coordinate(284 - 268 * Math.log(times / least) / Math.log(most / least));
        }
    }
}
