package assay.show.report;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Layer;
import assay.measure.judge.Distillation.Length;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Plot;
import assay.show.page.Plot.Axis;
import assay.show.page.Plot.Frame;
import assay.show.page.Plot.Point;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// The charts of a distillation's page, each drawn once for wide and once for narrow screens.
final class DistilCharts {
    private static final double LOWEST_SHOWN = -1;

    private DistilCharts() {}

    /// Closed on the search split against training steps, and where that left the test split.
    static Markup training(Distillation found) {
        return new Markup().add(training(found, Frame.wide(340))).add(training(found, Frame.narrow(320)));
    }

    /// Closed against the number of soft tokens.
    static Markup lengths(List<Length> lengths) {
        return new Markup().add(lengths(lengths, Frame.wide(340))).add(lengths(lengths, Frame.narrow(320)));
    }

    /// How alike the residual stream moves, block by block.
    static Markup layers(List<Layer> layers) {
        return new Markup().add(layers(layers, Frame.wide(280))).add(layers(layers, Frame.narrow(260)));
    }

    private static Markup training(Distillation found, Frame frame) {
        List<Distillation.Point> curve = found.training().curve();
        Fidelity fidelity = found.fidelity();
        boolean narrow = frame.isNarrow();
        int chosen = found.training().chosenStep();
        int most = Math.max(
                Math.max(1, chosen), curve.isEmpty() ? 1 : curve.getLast().step());
        double low = lowest(DoubleStream.concat(
                curve.stream().mapToDouble(Distillation.Point::closed),
                Stream.of(fidelity.foreign(), fidelity.untrained(), fidelity.bestPrompt())
                        .mapToDouble(Interval::value)));
        String description =
                "Step " + chosen + " was kept; it closes " + shareFine(fidelity.foreign()) + " on the test split.";
        Plot plot = new Plot(frame, "Closed as training went on", description, most, low, Axis.LINEAR);
        plot.axes(Plot.evenTicks(most), "training steps");
        plot.across("ceiling", fidelity.bestPrompt().value());
        plot.up("chosen", chosen, "kept: step " + chosen);
        plot.line(
                "mixture-line",
                curve.stream()
                        .map(point -> new Point(point.step(), point.closed()))
                        .toList());
        for (Distillation.Point point : curve) {
            String numbers = "step " + point.step() + ", " + Figures.duration(point.seconds()) + ": "
                    + Figures.percentFine(point.closed()) + " on the search split; KL on the fit split "
                    + Figures.plain(point.fit()) + " nats per token";
            plot.dot("mixture-dot", new Point(point.step(), point.closed()), curve.size() > 60 ? 1.6 : 3, numbers);
        }
        test(plot, chosen, fidelity.foreign(), "test split: ");
        test(plot, 0, fidelity.untrained(), "test split, before training: ");
        if (!curve.isEmpty()) {
            double last = curve.getLast().closed();
            plot.label("mixture", last, percent(last) + (narrow ? " search" : " on the search split"));
        }
        name(plot, "ceiling", fidelity.foreign(), narrow ? "◇ test" : "◇ on the test split");
        name(plot, "ceiling", fidelity.bestPrompt(), narrow ? "prompt" : "best single prompt");
        return plot.finish();
    }

    private static void test(Plot plot, int step, Interval closed, String name) {
        plot.diamond("control-mark", new Point(step, closed.value()), name + shareFine(closed));
    }

    private static Markup lengths(List<Length> lengths, Frame frame) {
        int most = lengths.stream().mapToInt(Length::tokens).max().orElse(1);
        double low = lowest(lengths.stream()
                .flatMap(length -> Stream.of(length.closed(), length.own()))
                .mapToDouble(Interval::value));
        Length longest = lengths.getLast();
        String description = longest.tokens() + (longest.tokens() == 1 ? " soft token closes " : " soft tokens close ")
                + shareFine(longest.closed()) + ".";
        Plot plot = new Plot(frame, "Closed against the number of soft tokens", description, most, low);
        plot.axes(lengths.stream().map(Length::tokens).distinct().toList(), "soft tokens");
        List<Length> bounded = lengths.stream()
                .filter(length -> Double.isFinite(length.closed().low())
                        && Double.isFinite(length.closed().high()))
                .toList();
        plot.band(
                "mixture-band",
                bounded.stream()
                        .map(length ->
                                new Point(length.tokens(), length.closed().low()))
                        .toList(),
                bounded.stream()
                        .map(length ->
                                new Point(length.tokens(), length.closed().high()))
                        .toList());
        plot.line("own-line", shares(lengths, false)).line("mixture-line", shares(lengths, true));
        for (Length length : lengths) {
            String tokens = length.tokens() + (length.tokens() == 1 ? " soft token" : " soft tokens");
            Point own = new Point(length.tokens(), length.own().value());
            Point closed = new Point(length.tokens(), length.closed().value());
            plot.dot("own-dot", own, 2.7, tokens + ", own contexts: " + shareFine(length.own()));
            plot.dot("mixture-dot", closed, 3, tokens + ": " + shareFine(length.closed()));
        }
        name(plot, "mixture", longest.closed(), frame.isNarrow() ? "foreign" : "on foreign contexts");
        name(plot, "own", longest.own(), frame.isNarrow() ? "own" : "on own contexts");
        return plot.finish();
    }

    private static List<Point> shares(List<Length> lengths, boolean foreign) {
        return lengths.stream()
                .map(length -> new Point(length.tokens(), (foreign ? length.closed() : length.own()).value()))
                .toList();
    }

    private static Markup layers(List<Layer> layers, Frame frame) {
        Layer last = layers.getLast();
        double low = lowest(layers.stream().flatMapToDouble(layer -> DoubleStream.of(layer.cosine(), layer.random())));
        String description = "After block " + last.layer() + " the cosine is " + Figures.signed(last.cosine())
                + ", of shuffled places " + Figures.signed(last.random()) + ".";
        Plot plot = new Plot(
                frame,
                "Cosine of what teacher and student change, by block",
                description,
                last.layer(),
                low,
                Axis.LINEAR);
        plot.axes(Plot.evenTicks(last.layer()), "block", Figures::signed);
        plot.line(
                "null-line",
                layers.stream()
                        .map(layer -> new Point(layer.layer(), layer.random()))
                        .toList());
        plot.line(
                "mixture-line",
                layers.stream()
                        .map(layer -> new Point(layer.layer(), layer.cosine()))
                        .toList());
        for (Layer layer : layers) {
            String block = "block " + layer.layer();
            plot.dot(
                    "null-dot",
                    new Point(layer.layer(), layer.random()),
                    2.4,
                    block + ", shuffled: " + Figures.signed(layer.random()));
            plot.dot(
                    "mixture-dot",
                    new Point(layer.layer(), layer.cosine()),
                    3,
                    block + ": " + Figures.signed(layer.cosine()));
        }
        boolean narrow = frame.isNarrow();
        plot.label("mixture", last.cosine(), Figures.signed(last.cosine()) + (narrow ? " same" : " at the same place"));
        plot.label("null", last.random(), Figures.signed(last.random()) + (narrow ? " shuffled" : " places shuffled"));
        return plot.finish();
    }

    private static void name(Plot plot, String style, Interval interval, String name) {
        plot.label(style, interval.value(), percent(interval.value()) + " " + name);
    }

    /// The bottom of a chart: 0, or a quarter below the lowest estimate when that is negative.
    private static double lowest(DoubleStream shares) {
        double lowest = shares.filter(Double::isFinite).min().orElse(0);
        return Math.max(LOWEST_SHOWN, Math.floor(Math.min(0, lowest) * 4) / 4);
    }
}
