package assay.show.report;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.shareFine;
import static assay.show.page.Figures.signed;

import assay.base.sparse.Interval;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Layer;
import assay.measure.judge.Distillation.Length;
import assay.measure.judge.ExpectedNull;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Step;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Plot;
import assay.show.page.Plot.Frame;
import assay.show.page.Plot.Point;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The charts of the pages, each in the frame it is given.
final class Charts {
    private Charts() {}

    /// Closed against the number of prompts, with its null, ceilings and controls.
    static Markup curve(Explanation explanation, Frame frame) {
        List<Step> steps = explanation.curve().steps();
        int most = steps.isEmpty() ? 1 : steps.getLast().k();
        double low = Plot.bottom(Stream.concat(
                        steps.stream().flatMap(step -> Stream.of(step.closed(), step.own(), step.random())),
                        explanation.controls().stream().map(Control::closed))
                .mapToDouble(Interval::value));
        Plot plot = new Plot(frame, "Closed against the number of prompts", describe(explanation), most, low);
        plot.axes(Plot.ticks(most), "number of prompts K");
        plot.band("null-band", steps, Step::k, Step::random);
        plot.band("mixture-band", steps, Step::k, Step::closed);
        explanation.controls().stream()
                .filter(control -> control.kind().isCeiling())
                .forEach(ceiling -> plot.across(style(ceiling), ceiling.closed().value()));
        if (!steps.isEmpty()) {
            int chosen = explanation.curve().chosen();
            plot.up("chosen", Math.clamp(chosen, 1, most), "chosen K = " + chosen);
        }
        plot.line("null-line", Point.of(steps, Step::k, step -> step.random().value()));
        plot.line(
                "expected-line",
                Point.of(
                        explanation.illustration().spectrum().expected().curve(),
                        ExpectedNull.Expected::k,
                        expected -> expected.closed().value()));
        plot.line("own-line", Point.of(steps, Step::k, step -> step.own().value()));
        plot.line("mixture-line", Point.of(steps, Step::k, step -> step.closed().value()));
        dots(plot, steps);
        explanation.controls().stream()
                .filter(control -> !control.kind().isCeiling())
                .forEach(rival -> plot.diamond(
                        "control-mark",
                        new Point(Math.clamp(rival.k(), 1, most), rival.closed().value()),
                        inSentence(rival) + ": " + shareFine(rival.closed())));
        labels(plot, explanation, frame);
        return plot.finish();
    }

    private static void dots(Plot plot, List<Step> steps) {
        double radius = steps.size() > 60 ? 1.6 : 3;
        for (Step step : steps) {
            String prompts = Figures.counted(step.k(), "prompt");
            dot(plot, "null-dot", step.k(), step.random(), radius * 0.8, prompts + ", random: ", "");
            dot(plot, "own-dot", step.k(), step.own(), radius * 0.9, prompts + ", own contexts: ", "");
            dot(plot, "mixture-dot", step.k(), step.closed(), radius, prompts + ": ", "; added " + step.added());
        }
    }

    private static void dot(
            Plot plot, String style, int x, Interval share, double radius, String before, String behind) {
        plot.dot(style, new Point(x, share.value()), radius, before + shareFine(share) + behind);
    }

    private static void labels(Plot plot, Explanation explanation, Frame frame) {
        List<Step> steps = explanation.curve().steps();
        if (!steps.isEmpty()) {
            Step last = steps.getLast();
            plot.labelShare("mixture", last.closed().value(), frame.word("the mixture", "mixture"));
            plot.labelShare("own", last.own().value(), frame.word("on own contexts", "own"));
            plot.labelShare("null", last.random().value(), frame.word("random prompts", "random"));
        }
        for (Control control : explanation.controls()) {
            if (control.kind() != ControlKind.SINGLE) {
                String mark = control.kind().isCeiling() ? "" : "◇ ";
                String name = frame.word(inSentence(control), control.brief());
                plot.labelShare("ceiling", control.closed().value(), mark + name);
            }
        }
    }

    private static String style(Control ceiling) {
        return ceiling.kind() == ControlKind.DIRECTIONS ? "ceiling rank" : "ceiling";
    }

    private static String inSentence(Control control) {
        return control.title().toLowerCase(Locale.ROOT);
    }

    private static String describe(Explanation explanation) {
        return Headline.chosen(explanation)
                .map(step -> "At K = " + step.k() + " the mixture closes " + shareFine(step.closed())
                        + ", random prompts " + shareFine(step.random())
                        + ", on own contexts " + shareFine(step.own()) + ".")
                .orElse("No curve was measured.");
    }

    /// Share of the dictionary's energy in its first directions.
    static Markup spectrum(Explanation explanation, Frame frame) {
        Explanation.Spectrum spectrum = explanation.illustration().spectrum();
        List<Double> energy = spectrum.energy();
        String exponent = "singular values fall as i^−" + Figures.plain(spectrum.exponent());
        Plot plot = new Plot(frame, "Cumulative energy of the dictionary's directions", exponent, energy.size(), 0);
        plot.axes(Plot.ticks(energy.size()), "directions i");
        List<Point> points = IntStream.range(0, energy.size())
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
            plot.labelShare("ceiling", energy.getLast(), frame.word("in all " + energy.size(), "in all"));
        }
        return plot.finish();
    }

    /// Closed on the search split against training steps, and where that left the test split.
    static Markup training(Distillation found, Frame frame) {
        List<Distillation.Point> curve = found.training().curve();
        Distillation.Fidelity fidelity = found.fidelity();
        int chosen = found.training().chosenStep();
        int most = Math.max(
                Math.max(1, chosen), curve.isEmpty() ? 1 : curve.getLast().step());
        double low = Plot.bottom(DoubleStream.concat(
                curve.stream().mapToDouble(Distillation.Point::closed),
                Stream.of(fidelity.foreign(), fidelity.untrained(), fidelity.bestPrompt())
                        .mapToDouble(Interval::value)));
        String description =
                "Step " + chosen + " was kept; it closes " + shareFine(fidelity.foreign()) + " on the test split.";
        Plot plot = new Plot(frame, "Closed as training went on", description, most, low, Plot.Axis.LINEAR);
        plot.axes(Plot.evenTicks(most), "training steps");
        plot.across("ceiling", fidelity.bestPrompt().value());
        plot.up("chosen", chosen, "kept: step " + chosen);
        plot.line("mixture-line", Point.of(curve, Distillation.Point::step, Distillation.Point::closed));
        for (Distillation.Point point : curve) {
            String numbers = "step " + point.step() + ", " + Figures.duration(point.seconds()) + ": "
                    + Figures.percentFine(point.closed()) + " on the search split; KL on the fit split "
                    + Figures.plain(point.fit()) + " nats per token";
            plot.dot("mixture-dot", new Point(point.step(), point.closed()), curve.size() > 60 ? 1.6 : 3, numbers);
        }
        test(plot, chosen, fidelity.foreign(), "test split: ");
        test(plot, 0, fidelity.untrained(), "test split, before training: ");
        if (!curve.isEmpty()) {
            plot.labelShare("mixture", curve.getLast().closed(), frame.word("on the search split", "search"));
        }
        plot.labelShare("ceiling", fidelity.foreign().value(), frame.word("◇ on the test split", "◇ test"));
        plot.labelShare("ceiling", fidelity.bestPrompt().value(), frame.word("best single prompt", "prompt"));
        return plot.finish();
    }

    private static void test(Plot plot, int step, Interval closed, String name) {
        plot.diamond("control-mark", new Point(step, closed.value()), name + shareFine(closed));
    }

    /// Closed against the number of soft tokens.
    static Markup lengths(List<Length> lengths, Frame frame) {
        int most = lengths.stream().mapToInt(Length::tokens).max().orElse(1);
        double low = Plot.bottom(lengths.stream()
                .flatMap(length -> Stream.of(length.closed(), length.own()))
                .mapToDouble(Interval::value));
        Length longest = lengths.getLast();
        String description = Figures.counted(longest.tokens(), "soft token")
                + (longest.tokens() == 1 ? " closes " : " close ") + shareFine(longest.closed()) + ".";
        Plot plot = new Plot(frame, "Closed against the number of soft tokens", description, most, low);
        plot.axes(lengths.stream().map(Length::tokens).distinct().toList(), "soft tokens");
        plot.band("mixture-band", lengths, Length::tokens, Length::closed);
        plot.line(
                "own-line",
                Point.of(lengths, Length::tokens, length -> length.own().value()));
        plot.line(
                "mixture-line",
                Point.of(lengths, Length::tokens, length -> length.closed().value()));
        for (Length length : lengths) {
            String tokens = Figures.counted(length.tokens(), "soft token");
            dot(plot, "own-dot", length.tokens(), length.own(), 2.7, tokens + ", own contexts: ", "");
            dot(plot, "mixture-dot", length.tokens(), length.closed(), 3, tokens + ": ", "");
        }
        plot.labelShare("mixture", longest.closed().value(), frame.word("on foreign contexts", "foreign"));
        plot.labelShare("own", longest.own().value(), frame.word("on own contexts", "own"));
        return plot.finish();
    }

    /// How alike the residual stream moves, block by block.
    static Markup layers(List<Layer> layers, Frame frame) {
        Layer last = layers.getLast();
        double low =
                Plot.bottom(layers.stream().flatMapToDouble(layer -> DoubleStream.of(layer.cosine(), layer.random())));
        String title = "Cosine of what teacher and student change, by block";
        String description = "After block " + last.layer() + " the cosine is " + signed(last.cosine())
                + ", of shuffled places " + signed(last.random()) + ".";
        Plot plot = new Plot(frame, title, description, last.layer(), low, Plot.Axis.LINEAR);
        plot.axes(Plot.evenTicks(last.layer()), "block", Figures::signed);
        plot.line("null-line", Point.of(layers, Layer::layer, Layer::random));
        plot.line("mixture-line", Point.of(layers, Layer::layer, Layer::cosine));
        for (Layer layer : layers) {
            String block = "block " + layer.layer();
            Point random = new Point(layer.layer(), layer.random());
            plot.dot("null-dot", random, 2.4, block + ", shuffled: " + signed(layer.random()));
            Point cosine = new Point(layer.layer(), layer.cosine());
            plot.dot("mixture-dot", cosine, 3, block + ": " + signed(layer.cosine()));
        }
        plot.label("mixture", last.cosine(), signed(last.cosine()) + frame.word(" at the same place", " same"));
        plot.label("null", last.random(), signed(last.random()) + frame.word(" places shuffled", " shuffled"));
        return plot.finish();
    }
}
