package assay.lab.scorecard;

import static assay.show.page.Figures.percent;

import assay.lab.claims.TargetEvidence;
import assay.lab.scorecard.StudyFacts.Group;
import assay.measure.judge.Gates;
import assay.show.page.Markup;
import assay.show.page.Plot;
import assay.show.page.Plot.Frame;
import assay.show.page.Plot.Point;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The curves of a study, small enough to stand beside each other.
final class StudyCharts {
    private static final double NEARLY_ZERO = 0.06;

    private StudyCharts() {}

    /// Closed against the number of prompts for the targets of one class, with the random null.
    static Markup curve(Group group, Gates gates) {
        Frame frame = new Frame("small", 360, 250, 40, 100);
        List<Integer> sizes = group.targets().stream()
                .flatMap(target -> target.curve().stream())
                .map(TargetEvidence.Point::k)
                .distinct()
                .sorted()
                .toList();
        List<Point> closed = means(group, sizes, StudyCharts::closed);
        List<Point> random = means(group, sizes, StudyCharts::random);
        int most = sizes.isEmpty() ? 1 : sizes.getLast();
        String description = closed.isEmpty()
                ? "No curve was measured."
                : "At K = " + most + " the lists close " + percent(last(closed)) + ", random prompts "
                        + percent(last(random)) + ", means.";
        Plot plot = new Plot(frame, group.words(), description, most, lowest(closed, random));
        plot.axes(ticks(most), "number of prompts K");
        plot.band("null-band", ends(group, sizes, false), ends(group, sizes, true));
        plot.across("gate", gates.closed());
        for (TargetEvidence target : group.targets()) {
            plot.line("thin-line", Point.of(target.curve(), TargetEvidence.Point::k, StudyCharts::closed));
        }
        plot.line("null-line", random).line("mixture-line", closed);
        dots(plot, "null-dot", random, "random prompts, mean ");
        dots(plot, "mixture-dot", closed, "lists, mean ");
        plot.labelShare("mixture", last(closed), "lists").labelShare("null", last(random), "random");
        return plot.finish();
    }

    private static void dots(Plot plot, String style, List<Point> points, String name) {
        points.forEach(point ->
                plot.dot(style, point, 2.6, "K = " + Math.round(point.x()) + ": " + name + percent(point.y())));
    }

    private static double last(List<Point> points) {
        return points.isEmpty() ? Double.NaN : points.getLast().y();
    }

    /// Decades and their halves, fewer when there would be many.
    private static List<Integer> ticks(int most) {
        List<Integer> all = Plot.ticks(most);
        return all.size() < 8
                ? all
                : all.stream()
                        .filter(tick -> !String.valueOf(tick).startsWith("2") || tick == most)
                        .toList();
    }

    private static double closed(TargetEvidence.Point point) {
        return point.closed().value();
    }

    private static double random(TargetEvidence.Point point) {
        return point.random().value();
    }

    private static List<Point> means(
            Group group, List<Integer> sizes, ToDoubleFunction<TargetEvidence.Point> quantity) {
        return measured(sizes, size -> StudyFacts.mean(at(group, size), quantity));
    }

    /// The lowest or the highest random value of any target at each size.
    private static List<Point> ends(Group group, List<Integer> sizes, boolean high) {
        return measured(sizes, size -> {
            double[] sorted = at(group, size).stream()
                    .mapToDouble(StudyCharts::random)
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            return sorted.length == 0 ? Double.NaN : sorted[high ? sorted.length - 1 : 0];
        });
    }

    private static List<Point> measured(List<Integer> sizes, ToDoubleFunction<Integer> share) {
        return Point.of(sizes, Integer::intValue, share).stream()
                .filter(point -> Double.isFinite(point.y()))
                .toList();
    }

    private static List<TargetEvidence.Point> at(Group group, int size) {
        return group.targets().stream()
                .flatMap(target -> target.curve().stream())
                .filter(point -> point.k() == size)
                .toList();
    }

    /// The bottom of a chart: 0, or a quarter below the lowest mean when that is clearly negative.
    private static double lowest(List<Point> closed, List<Point> random) {
        double lowest = Stream.concat(closed.stream(), random.stream())
                .mapToDouble(Point::y)
                .min()
                .orElse(0);
        return lowest > -NEARLY_ZERO ? 0 : Plot.bottom(DoubleStream.of(lowest));
    }
}
