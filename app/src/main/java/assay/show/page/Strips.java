package assay.show.page;

import static assay.show.page.Figures.shareFine;
import static assay.show.page.Markup.coordinate;

import assay.base.sparse.Interval;
import java.util.List;
import java.util.stream.Collectors;

/// A table of shares on one scale from 0% to 100%: a dot for each estimate, a line for its interval. Strips are drawn
/// in percent of their cell, so that they fit any screen.
public final class Strips {
    private static final double ALONE = 26;
    private static final double EACH = 13;
    private static final double EDGE = 4;
    private static final int FEW = 3;

    private final Markup out = new Markup();

    /// Begins a table.
    ///
    /// @param what heading of the names
    /// @param figures heading of the figures beside the strips
    public Strips(String what, String figures) {
        out.open("table", "class", "controls");
        out.open("thead").open("tr").element("th", what, "scope", "col");
        out.open("th", "scope", "col", "class", "range").add(scale()).close();
        out.element("th", figures, "scope", "col").close().close();
        out.open("tbody");
    }

    /// Estimates of one thing, one for each seed.
    ///
    /// @param style CSS class: `mixture`, `own`, `null`, `other` or `hollow`
    /// @param name what it is, for the legend and for who points at it
    /// @param shares the shares
    public record Mark(String style, String name, List<Interval> shares) {
        /// A single estimate.
        public Mark(String style, String name, Interval share) {
            this(style, name, List.of(share));
        }

        private String written() {
            return shares.stream().map(Figures::shareFine).collect(Collectors.joining(" / "));
        }
    }

    /// Adds a row.
    public Strips row(String style, String name, String detail, Markup strip, String figures) {
        out.open("tr", "class", style).open("th", "scope", "row", "dir", "auto").text(name);
        out.element("small", detail, "dir", "auto").close();
        out.open("td", "class", "range").add(strip).close();
        out.element("td", figures, "class", "number").closeLine();
        return this;
    }

    /// Adds a row with one share.
    public Strips share(String style, String name, String detail, Interval share) {
        return row(style, name, detail, points(List.of(new Mark(style, name, share)), Double.NaN), shareFine(share));
    }

    /// Ends the table.
    public Markup finish() {
        return out.close().closeLine();
    }

    /// Marks one under the other, with a line up at a share unless it is not finite.
    public static Markup points(List<Mark> marks, double line) {
        double height = marks.size() == 1 ? ALONE : 2 * EDGE + EACH * marks.size();
        Markup out = begin(marks, height);
        up(out, line, height);
        for (int i = 0; i < marks.size(); i++) {
            double y = marks.size() == 1 ? ALONE / 2 : EDGE + EACH * (i + 0.5);
            mark(out, marks.get(i), y);
        }
        return out.close();
    }

    /// A bar from 0% to the estimate with its interval, and a line up at a share unless it is not finite.
    public static Markup bar(Mark mark, double line) {
        Markup out = begin(List.of(mark), ALONE);
        double share = mark.shares().getFirst().value();
        if (Double.isFinite(share)) {
            String width = coordinate(96 * Math.clamp(share, 0, 1)) + "%";
            out.open("g", "class", mark.style());
            out.empty("rect", "class", "share", "x", place(0), "y", "6", "width", width, "height", "14");
            out.close();
        }
        up(out, line, ALONE);
        whisker(out, mark.style(), mark.shares().getFirst(), ALONE / 2);
        return out.close();
    }

    /// A share with its interval, the shares of a few seeds without, or the lowest and the highest of many.
    public static String figures(List<Interval> shares) {
        if (shares.size() == 1) {
            return shareFine(shares.getFirst());
        }
        if (shares.size() <= FEW) {
            return shares.stream()
                    .map(share -> Figures.percentFine(share.value()))
                    .collect(Collectors.joining(" / "));
        }
        double[] measured = shares.stream()
                .mapToDouble(Interval::value)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        return measured.length == 0
                ? Figures.NOTHING
                : Figures.percentFine(measured[0]) + " to " + Figures.percentFine(measured[measured.length - 1]);
    }

    /// Says which mark is which.
    public static Markup legend(List<Mark> marks) {
        Markup out = new Markup();
        out.open("p", "class", "legend marks");
        for (Mark mark : marks) {
            out.open("span").open("svg", "width", "14", "height", "12", "aria-hidden", "true");
            out.open("g", "class", mark.style());
            out.empty("circle", "class", "estimate", "cx", "6", "cy", "6", "r", "4.5");
            out.close().close().text(mark.name()).close().text(" ");
        }
        return out.closeLine();
    }

    private static Markup begin(List<Mark> marks, double height) {
        String label = marks.size() == 1
                ? marks.getFirst().written()
                : marks.stream().map(mark -> mark.name() + " " + mark.written()).collect(Collectors.joining(", "));
        Markup out = new Markup();
        out.open("svg", "width", "100%", "height", coordinate(height), "role", "img", "aria-label", label);
        for (int tick = 0; tick <= 100; tick += 25) {
            String x = place(tick / 100.0);
            out.empty("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", coordinate(height));
        }
        return out;
    }

    private static void mark(Markup out, Mark mark, double y) {
        for (Interval share : mark.shares()) {
            whisker(out, mark.style(), share, y);
            if (Double.isFinite(share.value())) {
                out.open("g", "class", mark.style());
                String x = place(share.value());
                out.open("circle", "class", "estimate", "cx", x, "cy", coordinate(y), "r", "4.5");
                out.element("title", mark.name() + ": " + shareFine(share));
                out.close().close();
            }
        }
    }

    private static void whisker(Markup out, String style, Interval share, double y) {
        if (!Double.isFinite(share.low()) || !Double.isFinite(share.high())) {
            return;
        }
        String at = coordinate(y);
        String from = place(share.low());
        String to = place(share.high());
        out.open("g", "class", style);
        out.empty("line", "class", "whisker", "x1", from, "x2", to, "y1", at, "y2", at);
        out.close();
    }

    private static void up(Markup out, double share, double height) {
        if (Double.isFinite(share)) {
            String x = place(share);
            out.empty("line", "class", "gate", "x1", x, "x2", x, "y1", "0", "y2", coordinate(height));
        }
    }

    private static Markup scale() {
        Markup out = new Markup();
        out.open("svg", "width", "100%", "height", "16", "role", "img", "aria-label", "scale from 0% to 100%");
        for (int tick = 0; tick <= 100; tick += 50) {
            out.element("text", tick + "%", "class", "middle", "x", place(tick / 100.0), "y", "12");
        }
        return out.close();
    }

    /// Where a share stands in its cell; what lies outside 0 to 1 stands at the edge.
    private static String place(double share) {
        return coordinate(2 + 96 * Math.clamp(share, 0, 1)) + "%";
    }
}
