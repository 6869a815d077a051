package assay.show.page;

import static assay.show.page.Markup.coordinate;

import assay.base.sparse.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/// One chart in SVG: a logarithmic or a linear axis along the bottom, shares up the side, and room on the right
/// for direct labels.
public final class Plot {
    private static final double TOP = 26;
    private static final double BOTTOM = 40;
    private static final double LABEL_HEIGHT = 16;
    private static final double LOWEST_SHOWN = -1;

    private final Markup out = new Markup();
    private final List<Label> labels = new ArrayList<>();
    private final Frame frame;
    private final double most;
    private final double low;
    private final Axis axis;

    /// How places stand along the bottom.
    public enum Axis {
        /// From 1, by their logarithm.
        LOGARITHMIC(1),
        /// From 0, evenly.
        LINEAR(0);

        private final int first;

        Axis(int first) {
            this.first = first;
        }
    }

    /// The size of a chart.
    ///
    /// @param kind CSS class that shows it on wide or on narrow screens
    /// @param width of everything
    /// @param height of everything
    /// @param left room for the axis
    /// @param right room for labels
    public record Frame(String kind, double width, double height, double left, double right) {
        /// For screens from tablets up, and for paper.
        public static Frame wide(double height) {
            return new Frame("wide", 760, height, 46, 196);
        }

        /// For telephones.
        public static Frame narrow(double height) {
            return new Frame("narrow", 360, height, 38, 104);
        }

        /// The same chart for wide and for narrow screens, in these heights.
        public static Markup both(double wide, double narrow, Function<Frame, Markup> chart) {
            return new Markup().add(chart.apply(wide(wide))).add(chart.apply(narrow(narrow)));
        }

        /// One of two texts: that for wide or that for narrow screens.
        public String word(String wide, String narrow) {
            return kind.equals("narrow") ? narrow : wide;
        }
    }

    /// A share and where it stands on the axis.
    ///
    /// @param x from 1 on a logarithmic axis, from 0 on a linear one
    /// @param y share, 1 at the top
    public record Point(double x, double y) {
        /// A point for each item.
        public static <T> List<Point> of(List<T> items, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
            return items.stream()
                    .map(item -> new Point(x.applyAsDouble(item), y.applyAsDouble(item)))
                    .toList();
        }
    }

    private record Label(String text, String style, double y) {}

    /// Begins a chart with a logarithmic axis.
    ///
    /// @param most the right end of the axis, at least 1
    /// @param low the smallest share to show; 0 unless something lies below
    public Plot(Frame frame, String title, String description, double most, double low) {
        this(frame, title, description, most, low, Axis.LOGARITHMIC);
    }

    /// As above, with an axis of either kind.
    public Plot(Frame frame, String title, String description, double most, double low, Axis axis) {
        this.frame = frame;
        this.axis = axis;
        this.most = Math.max(1, most);
        this.low = Math.min(0, low);
        String box = "0 0 " + coordinate(frame.width()) + " " + coordinate(frame.height());
        String label = title + ". " + description;
        out.open("svg", "class", frame.kind(), "viewBox", box, "role", "img", "aria-label", label);
        out.element("title", title).element("desc", description);
    }

    /// Draws lines across and the numbers of both axes, shares in percent.
    public Plot axes(List<Integer> ticks, String caption) {
        return axes(ticks, caption, Figures::percent);
    }

    /// As above, with the numbers up the side written another way.
    public Plot axes(List<Integer> ticks, String caption, DoubleFunction<String> written) {
        double step = 1 - low > 1.5 ? 0.5 : 0.25;
        for (double share = Math.ceil(low / step) * step; share < 1 + step / 2; share += step) {
            String y = coordinate(y(share));
            String left = coordinate(frame.left());
            out.empty("line", "class", "grid", "x1", left, "x2", coordinate(end()), "y1", y, "y2", y);
            text(frame.left() - 8, y(share) + 4, "tick end", written.apply(share));
        }
        for (int tick : ticks) {
            text(x(tick), frame.height() - BOTTOM + 18, "tick middle", String.valueOf(tick));
        }
        text((frame.left() + end()) / 2, frame.height() - 4, "tick middle", caption);
        return this;
    }

    /// Fills between the bounds of a share; items whose bounds were not measured are left out.
    public <T> Plot band(String style, List<T> items, ToDoubleFunction<T> x, Function<T, Interval> share) {
        List<T> bounded = items.stream()
                .filter(item -> Double.isFinite(share.apply(item).low())
                        && Double.isFinite(share.apply(item).high()))
                .toList();
        String lower =
                path(Point.of(bounded.reversed(), x, item -> share.apply(item).low()));
        String upper = path(Point.of(bounded, x, item -> share.apply(item).high()));
        if (!bounded.isEmpty()) {
            out.empty("polygon", "class", style, "points", upper + " " + lower);
        }
        return this;
    }

    /// Draws a line; points that were not measured are left out.
    public Plot line(String style, List<Point> points) {
        if (!measured(points).isEmpty()) {
            out.empty("polyline", "class", style, "points", path(points));
        }
        return this;
    }

    /// Draws a dot that tells its number when pointed at.
    public Plot dot(String style, Point point, double radius, String tooltip) {
        if (!Double.isFinite(point.y())) {
            return this;
        }
        String x = coordinate(x(point.x()));
        String y = coordinate(y(point.y()));
        out.open("circle", "class", style, "cx", x, "cy", y, "r", coordinate(radius));
        out.element("title", tooltip).close();
        return this;
    }

    /// Draws a diamond that tells its number when pointed at.
    public Plot diamond(String style, Point point, String tooltip) {
        if (!Double.isFinite(point.y())) {
            return this;
        }
        double x = x(point.x());
        double y = y(point.y());
        String corners = corner(x - 6, y) + " " + corner(x, y - 6) + " " + corner(x + 6, y) + " " + corner(x, y + 6);
        out.open("polygon", "class", style, "points", corners);
        out.element("title", tooltip).close();
        return this;
    }

    /// Draws a line across at a share.
    public Plot across(String style, double share) {
        return line(style, List.of(new Point(axis.first, share), new Point(most, share)));
    }

    /// Draws a line up at a place of the axis, named at its top.
    public Plot up(String style, double place, String name) {
        String x = coordinate(x(place));
        out.empty("line", "class", style, "x1", x, "x2", x, "y1", coordinate(TOP), "y2", coordinate(y(low)));
        boolean late = x(place) > (frame.left() + end()) / 2;
        text(x(place), TOP - 8, late ? "tick end" : "tick middle", name);
        return this;
    }

    /// Names what ends at a share on the right; names that would overlap are moved apart.
    public Plot label(String style, double share, String text) {
        if (Double.isFinite(share)) {
            labels.add(new Label(text, style, y(share)));
        }
        return this;
    }

    /// Names what ends at a share, with the share in percent before the name.
    public Plot labelShare(String style, double share, String name) {
        return label(style, share, Figures.percent(share) + " " + name);
    }

    /// The bottom of a chart: 0, or a quarter below the lowest share when that is negative.
    public static double bottom(DoubleStream shares) {
        double lowest = shares.filter(Double::isFinite).min().orElse(0);
        return Math.max(LOWEST_SHOWN, Math.floor(Math.min(0, lowest) * 4) / 4);
    }

    /// Ends the chart.
    public Markup finish() {
        List<Label> sorted =
                labels.stream().sorted(Comparator.comparingDouble(Label::y)).toList();
        double[] places = apart(sorted.stream().mapToDouble(Label::y).toArray());
        for (int i = 0; i < places.length; i++) {
            Label label = sorted.get(i);
            String bend = corner(end() + 3, label.y()) + " " + corner(end() + 14, places[i]);
            out.empty("polyline", "class", "leader", "points", bend);
            text(end() + 18, places[i] + 4, "label " + label.style(), label.text());
        }
        return out.close();
    }

    /// Ticks of a logarithmic axis up to `most`: 1, 2, 5, 10, 20, 50 …, and its end unless that would crowd.
    public static List<Integer> ticks(int most) {
        List<Integer> ticks = new ArrayList<>();
        for (int decade = 1; decade <= most && decade < 1_000_000; decade *= 10) {
            for (int factor : new int[] {1, 2, 5}) {
                if (decade * factor <= most) {
                    ticks.add(decade * factor);
                }
            }
        }
        if (!ticks.isEmpty() && most > 1.35 * ticks.getLast()) {
            ticks.add(most);
        }
        return ticks;
    }

    /// Round ticks of a linear axis from 0 up to `most`, at most six.
    public static List<Integer> evenTicks(int most) {
        int step = 1;
        for (int i = 0; most / step > 5; i++) {
            step = i % 3 == 1 ? step / 2 * 5 : step * 2;
        }
        List<Integer> ticks = new ArrayList<>();
        for (long tick = 0; tick <= most; tick += step) {
            ticks.add(Math.toIntExact(tick));
        }
        return ticks;
    }

    /// Moves ascending places apart, inside the chart.
    private double[] apart(double[] places) {
        double floor = frame.height() - BOTTOM + 6;
        for (int i = 1; i < places.length; i++) {
            places[i] = Math.max(places[i], places[i - 1] + LABEL_HEIGHT);
        }
        for (int i = places.length - 1; i >= 0; i--) {
            double ceiling = i == places.length - 1 ? floor : places[i + 1] - LABEL_HEIGHT;
            places[i] = Math.min(places[i], ceiling);
        }
        return places;
    }

    private void text(double x, double y, String style, String text) {
        out.element("text", text, "class", style, "x", coordinate(x), "y", coordinate(y));
    }

    private double end() {
        return frame.width() - frame.right();
    }

    private double x(double place) {
        double inset = 14;
        double room = end() - frame.left() - 2 * inset;
        double share = switch (axis) {
            case LOGARITHMIC -> most == 1 ? 0.5 : Math.log(Math.max(1, place)) / Math.log(most);
            case LINEAR -> Math.clamp(place / most, 0, 1);
        };
        return frame.left() + inset + room * share;
    }

    private double y(double share) {
        double bottom = frame.height() - BOTTOM;
        return bottom - (bottom - TOP) * (Math.clamp(share, low, 1) - low) / (1 - low);
    }

    private String path(List<Point> points) {
        return measured(points).stream()
                .map(point -> corner(x(point.x()), y(point.y())))
                .collect(Collectors.joining(" "));
    }

    private static List<Point> measured(List<Point> points) {
        return points.stream().filter(point -> Double.isFinite(point.y())).toList();
    }

    private static String corner(double x, double y) {
        return coordinate(x) + "," + coordinate(y);
    }
}
