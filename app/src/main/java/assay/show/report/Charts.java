package assay.show.report;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Spectrum;
import assay.measure.judge.Explanation.Step;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Plot;
import assay.show.page.Plot.Frame;
import assay.show.page.Plot.Point;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// The two charts of the page, each drawn once for wide and once for narrow screens.
final class Charts {
    private static final double LOWEST_SHOWN = -1;

    private Charts() {}

    /// Closed against the number of prompts, with its null, ceilings and controls.
    static Markup curve(Explanation explanation) {
        Markup both = new Markup();
        both.add(curve(explanation, Frame.wide(420)));
        return both.add(curve(explanation, Frame.narrow(400)));
    }

    /// Share of the dictionary's energy in its first directions.
    static Markup spectrum(Explanation explanation) {
        Markup both = new Markup();
        both.add(spectrum(explanation, Frame.wide(260)));
        return both.add(spectrum(explanation, Frame.narrow(260)));
    }

    private static Markup curve(Explanation explanation, Frame frame) {
        List<Step> steps = explanation.curve().steps();
        int most = steps.isEmpty() ? 1 : steps.getLast().k();
        Plot plot = new Plot(
                frame, "Closed against the number of prompts", describe(explanation), most, lowest(explanation));
        plot.axes(Plot.ticks(most), "number of prompts K");
        band(plot, "null-band", steps, Step::random);
        band(plot, "mixture-band", steps, Step::closed);
        explanation.controls().stream()
                .filter(control -> control.kind().isCeiling())
                .forEach(ceiling -> plot.across(style(ceiling), ceiling.closed().value()));
        if (!steps.isEmpty()) {
            int chosen = explanation.curve().chosen();
            plot.up("chosen", Math.clamp(chosen, 1, most), "chosen K = " + chosen);
        }
        plot.line("null-line", points(steps, step -> step.random().value()));
        plot.line("own-line", points(steps, step -> step.own().value()));
        plot.line("mixture-line", points(steps, step -> step.closed().value()));
        dots(plot, steps);
        explanation.controls().stream()
                .filter(control -> !control.kind().isCeiling())
                .forEach(rival -> plot.diamond(
                        "control-mark",
                        new Point(Math.clamp(rival.k(), 1, most), rival.closed().value()),
                        inSentence(rival) + ": " + shareFine(rival.closed())));
        labels(plot, explanation, frame.isNarrow());
        return plot.finish();
    }

    private static void dots(Plot plot, List<Step> steps) {
        for (Step step : steps) {
            String prompts = step.k() + (step.k() == 1 ? " prompt" : " prompts");
            Point closed = new Point(step.k(), step.closed().value());
            Point own = new Point(step.k(), step.own().value());
            Point random = new Point(step.k(), step.random().value());
            double radius = steps.size() > 60 ? 1.6 : 3;
            plot.dot("null-dot", random, radius * 0.8, prompts + ", random: " + shareFine(step.random()));
            plot.dot("own-dot", own, radius * 0.9, prompts + ", own contexts: " + shareFine(step.own()));
            plot.dot(
                    "mixture-dot",
                    closed,
                    radius,
                    prompts + ": " + shareFine(step.closed()) + "; added " + step.added());
        }
    }

    private static void labels(Plot plot, Explanation explanation, boolean narrow) {
        List<Step> steps = explanation.curve().steps();
        if (!steps.isEmpty()) {
            Step last = steps.getLast();
            name(plot, "mixture", last.closed(), narrow ? "mixture" : "the mixture");
            name(plot, "own", last.own(), narrow ? "own" : "on own contexts");
            name(plot, "null", last.random(), narrow ? "random" : "random prompts");
        }
        for (Control control : explanation.controls()) {
            String name = narrow ? control.brief() : inSentence(control);
            if (control.kind().isCeiling()) {
                name(plot, "ceiling", control.closed(), name);
            } else if (control.kind() != ControlKind.SINGLE) {
                name(plot, "ceiling", control.closed(), "◇ " + name);
            }
        }
    }

    private static String style(Control ceiling) {
        return ceiling.kind() == ControlKind.DIRECTIONS ? "ceiling rank" : "ceiling";
    }

    private static String inSentence(Control control) {
        return control.title().toLowerCase(Locale.ROOT);
    }

    private static void name(Plot plot, String style, Interval interval, String name) {
        plot.label(style, interval.value(), percent(interval.value()) + " " + name);
    }

    private static void band(Plot plot, String style, List<Step> steps, Function<Step, Interval> quantity) {
        List<Step> bounded = steps.stream()
                .filter(step -> Double.isFinite(quantity.apply(step).low())
                        && Double.isFinite(quantity.apply(step).high()))
                .toList();
        plot.band(
                style,
                points(bounded, step -> quantity.apply(step).low()),
                points(bounded, step -> quantity.apply(step).high()));
    }

    private static List<Point> points(List<Step> steps, ToDoubleFunction<Step> quantity) {
        return steps.stream()
                .map(step -> new Point(step.k(), quantity.applyAsDouble(step)))
                .toList();
    }

    /// The bottom of the chart: 0, or a quarter below the lowest estimate when that is negative.
    private static double lowest(Explanation explanation) {
        Stream<Interval> steps = explanation.curve().steps().stream()
                .flatMap(step -> Stream.of(step.closed(), step.own(), step.random()));
        Stream<Interval> others = explanation.controls().stream().map(Control::closed);
        double lowest = Stream.concat(steps, others)
                .mapToDouble(Interval::value)
                .filter(Double::isFinite)
                .min()
                .orElse(0);
        return Math.max(LOWEST_SHOWN, Math.floor(Math.min(0, lowest) * 4) / 4);
    }

    private static String describe(Explanation explanation) {
        return Headline.chosen(explanation)
                .map(step -> "At K = " + step.k() + " the mixture closes " + shareFine(step.closed())
                        + ", random prompts " + shareFine(step.random())
                        + ", on own contexts " + shareFine(step.own()) + ".")
                .orElse("No curve was measured.");
    }

    private static Markup spectrum(Explanation explanation, Frame frame) {
        Spectrum spectrum = explanation.illustration().spectrum();
        List<Double> energy = spectrum.energy();
        String exponent = "singular values fall as i^−" + Figures.plain(spectrum.exponent());
        Plot plot = new Plot(frame, "Cumulative energy of the dictionary's directions", exponent, energy.size(), 0);
        plot.axes(Plot.ticks(energy.size()), "directions i");
        List<Point> points = java.util.stream.IntStream.range(0, energy.size())
                .mapToObj(i -> new Point(i + 1, energy.get(i)))
                .toList();
        plot.line("spectrum-line", points);
        int rank = explanation.controls().stream()
                .filter(control -> control.kind() == ControlKind.DIRECTIONS)
                .mapToInt(Control::k)
                .findFirst()
                .orElse(0);
        if (rank >= 1 && rank <= energy.size()) {
            Point point = points.get(rank - 1);
            String held = percent(point.y()) + " in the first " + rank;
            plot.up("chosen", rank, held);
            plot.dot("ink-dot", point, 4, held);
        }
        if (!energy.isEmpty()) {
            plot.label(
                    "ceiling",
                    energy.getLast(),
                    percent(energy.getLast()) + (frame.isNarrow() ? " in all" : " in all " + energy.size()));
        }
        return plot.finish();
    }
}
