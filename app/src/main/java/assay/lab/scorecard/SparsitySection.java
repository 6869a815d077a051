package assay.lab.scorecard;

import static assay.show.page.Figures.counted;
import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.plain;
import static assay.show.page.Figures.points;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.scorecard.StudyFacts.Group;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Gates;
import assay.measure.judge.Lacking;
import assay.measure.judge.Lacking.Left;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Plot;
import assay.show.page.Table;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// Whether short lists of prompts stand in for targets (S2): curves by class, controls, excess, bits.
final class SparsitySection {
    private static final String UNMEASURED = "No curve was measured.";
    private static final double NEARLY_ZERO = 0.06;

    private SparsitySection() {}

    static Markup of(List<TargetEvidence> targets, Gates gates, StudyRun.Model model) {
        if (targets.isEmpty()) {
            return new Markup().quiet("No target was explained.");
        }
        List<Group> groups = StudyFacts.groups(targets);
        return new Markup()
                .add(headline(StudyFacts.meaningful(targets), model))
                .element("h3", "Closed against the number of prompts, by class")
                .figure(
                        curves(groups, gates),
                        "Thick: the mean over targets and seeds; thin: each of them. Grey: as many random prompts,"
                                + " refitted, from the lowest target to the highest. Dashed: the gate, "
                                + percent(gates.closed()) + ".")
                .add(expected(groups))
                .element("h3", "By class, at the chosen number of prompts")
                .add(classes(groups, model))
                .element("h3", "What else would have scored")
                .add(controls(groups))
                .details("Which part is lacking, by class and kind of token", lacking(groups))
                .details("Every target in numbers", each(targets));
    }

    private static Markup curves(List<Group> groups, Gates gates) {
        Markup out = new Markup().open("div", "class", "multiples");
        for (Group group : groups) {
            out.open("div").element("h4", group.kind().words() + ", " + counted(group.count(), "target"));
            if (group.targets().stream().allMatch(one -> one.curve().isEmpty())) {
                out.quiet(UNMEASURED).close();
            } else {
                out.add(curve(group, gates)).close();
            }
        }
        return out.close();
    }

    /// Closed against the number of prompts for the targets of one class, with the random null.
    private static Markup curve(Group group, Gates gates) {
        Plot.Frame frame = new Plot.Frame("small", 360, 250, 40, 100);
        List<Integer> sizes = group.targets().stream()
                .flatMap(target -> target.curve().stream())
                .map(Point::k)
                .distinct()
                .sorted()
                .toList();
        List<Plot.Point> closed = means(group, sizes, SparsitySection::closed);
        List<Plot.Point> random = means(group, sizes, SparsitySection::random);
        int most = sizes.isEmpty() ? 1 : sizes.getLast();
        String description = closed.isEmpty()
                ? UNMEASURED
                : "At K = " + most + " the lists close " + percent(last(closed)) + ", random prompts "
                        + percent(last(random)) + ", means.";
        Plot plot = new Plot(frame, group.kind().words(), description, most, lowest(closed, random));
        plot.axes(ticks(most), "number of prompts K");
        plot.band("null-band", sizes, Integer::intValue, size -> ends(group, size));
        plot.across("gate", gates.closed());
        for (TargetEvidence target : group.targets()) {
            plot.line("thin-line", Plot.Point.of(target.curve(), Point::k, SparsitySection::closed));
        }
        plot.line("null-line", random).line("mixture-line", closed);
        dots(plot, "null-dot", random, "random prompts, mean ");
        dots(plot, "mixture-dot", closed, "lists, mean ");
        plot.labelShare("mixture", last(closed), "lists").labelShare("null", last(random), "random");
        return plot.finish();
    }

    /// What random prompts close, beside what the dictionary's spectrum said they would, over all
    /// targets that mean something.
    private static Markup expected(List<Group> groups) {
        List<TargetEvidence> targets = groups.stream()
                .flatMap(group -> group.targets().stream())
                .filter(one -> one.curve().stream()
                        .anyMatch(point -> Double.isFinite(point.expected().value())))
                .toList();
        if (targets.isEmpty()) {
            return new Markup();
        }
        Group all = new Group(targets.getFirst().target().kind(), targets);
        List<Integer> sizes = targets.stream()
                .flatMap(target -> target.curve().stream())
                .map(Point::k)
                .distinct()
                .sorted()
                .toList();
        List<Plot.Point> random = means(all, sizes, SparsitySection::random);
        List<Plot.Point> told = means(all, sizes, point -> point.expected().value());
        String words = "At K = " + sizes.getLast() + " random prompts close " + percent(last(random)) + "; expected "
                + percent(last(told)) + ", means.";
        Markup chart = Plot.Frame.both(300, 260, frame -> {
            Plot plot = new Plot(frame, "What random prompts close", words, sizes.getLast(), lowest(random, told));
            plot.axes(ticks(sizes.getLast()), "number of random prompts K");
            plot.band("null-band", sizes, Integer::intValue, size -> ends(all, size));
            plot.line("null-line", random).line("expected-line", told);
            dots(plot, "null-dot", random, "random prompts, mean ");
            plot.labelShare("null", last(random), "measured").labelShare("ceiling", last(told), "expected");
            return plot.finish();
        });
        return new Markup()
                .element("h3", "What random prompts close, and what was expected of them")
                .figure(
                        chart,
                        "Means over targets and seeds. Grey: measured, from the lowest target to the highest. Broken: expected"
                                + " from the spectrum of the dictionary's sketches alone, before any prompt was run.");
    }

    private static void dots(Plot plot, String style, List<Plot.Point> points, String name) {
        points.forEach(point ->
                plot.dot(style, point, 2.6, "K = " + Math.round(point.x()) + ": " + name + percent(point.y())));
    }

    private static double last(List<Plot.Point> points) {
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

    private static List<Plot.Point> means(Group group, List<Integer> sizes, ToDoubleFunction<Point> quantity) {
        return measured(sizes, size -> StudyFacts.mean(at(group, size), quantity));
    }

    /// The lowest and the highest random value of any target.
    private static Interval ends(Group group, int size) {
        DoubleSummaryStatistics random = at(group, size).stream()
                .mapToDouble(SparsitySection::random)
                .filter(Double::isFinite)
                .summaryStatistics();
        return random.getCount() == 0 ? Interval.NONE : new Interval(Double.NaN, random.getMin(), random.getMax());
    }

    private static List<Plot.Point> measured(List<Integer> sizes, ToDoubleFunction<Integer> share) {
        return Plot.Point.of(sizes, Integer::intValue, share).stream()
                .filter(point -> Double.isFinite(point.y()))
                .toList();
    }

    private static List<Point> at(Group group, int size) {
        return group.targets().stream()
                .flatMap(target -> target.curve().stream())
                .filter(point -> point.k() == size)
                .toList();
    }

    /// The bottom of a chart: 0, or a quarter below the lowest mean when that is clearly negative.
    private static double lowest(List<Plot.Point> closed, List<Plot.Point> random) {
        double lowest = Stream.concat(closed.stream(), random.stream())
                .mapToDouble(Plot.Point::y)
                .min()
                .orElse(0);
        return lowest > -NEARLY_ZERO ? 0 : Plot.bottom(DoubleStream.of(lowest));
    }

    private static Markup headline(List<TargetEvidence> targets, StudyRun.Model model) {
        double[] excess = targets.stream()
                .mapToDouble(target -> StudyFacts.atChosen(target, SparsitySection::excess))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        String span = excess.length == 0
                ? "not measured"
                : points(excess[0]) + " to " + points(excess[excess.length - 1]) + " by target";
        double mean = Arrays.stream(excess).average().orElse(Double.NaN);
        double chosen = medianAt(targets, Point::k);
        String list = Double.isFinite(chosen) ? "a list of " + whole(chosen) : "not measured";
        double bits = medianAt(targets, Point::bits);
        String softTokens = "as " + plain(model.inSoftTokens(bits)) + " soft tokens";
        return new Markup()
                .open("dl", "class", "key")
                .keyFigure("mixture", "Excess over random, mean in points", points(mean), span)
                .keyFigure("null", "Random prompts that equal a list", StudyFacts.medianEqual(targets), list)
                .keyFigure("mixture", "Closed by the lists", percent(meanAt(targets, SparsitySection::closed)), "mean")
                .keyFigure(
                        "null", "By as many random prompts", percent(meanAt(targets, SparsitySection::random)), "mean")
                .keyFigure("base", "Bits of a list", whole(bits), softTokens)
                .closeLine();
    }

    private static Markup classes(List<Group> groups, StudyRun.Model model) {
        return Table.of(groups)
                .row("Class", group -> group.kind().words(), "dir", "auto")
                .cell("K", group -> whole(medianAt(group.targets(), Point::k)))
                .cell("Closed", group -> percent(meanAt(group.targets(), SparsitySection::closed)))
                .cell("Random", group -> percent(meanAt(group.targets(), SparsitySection::random)))
                .cell(
                        "Excess, points",
                        group -> new Markup().element("b", points(meanAt(group.targets(), SparsitySection::excess))))
                .cell("Random that equal it", group -> StudyFacts.medianEqual(group.targets()))
                .cell(
                        "Own",
                        group -> percent(
                                meanAt(group.targets(), point -> point.own().value())))
                .cell("Reverse", group -> percent(StudyFacts.mean(group.targets(), SparsitySection::reverse)))
                .cell("Bits", group -> whole(medianAt(group.targets(), Point::bits)))
                .cell("In soft tokens", group -> plain(model.inSoftTokens(medianAt(group.targets(), Point::bits))))
                .figures();
    }

    /// Rows are explanations, columns classes, cells means over targets and seeds.
    private static Markup controls(List<Group> groups) {
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures matrix");
        out.open("thead").open("tr").element("th", "Closed, mean", "scope", "col");
        groups.forEach(group -> out.element("th", group.kind().words(), "scope", "col"));
        out.close().close().open("tbody");
        out.open("tr", "class", "mixture").element("th", "the list, at its chosen number", "scope", "row");
        means(out, groups, group -> meanAt(group.targets(), SparsitySection::closed));
        out.open("tr", "class", "null").element("th", "as many random prompts", "scope", "row");
        means(out, groups, group -> meanAt(group.targets(), SparsitySection::random));
        groups.stream()
                .flatMap(SparsitySection::controls)
                .map(Control::kind)
                .distinct()
                .forEach(kind -> {
                    out.open("tr").element("th", kind.toString(), "scope", "row", "dir", "auto");
                    means(out, groups, group -> meanOf(group, kind));
                });
        return out.close().close().close();
    }

    private static void means(Markup out, List<Group> groups, ToDoubleFunction<Group> mean) {
        groups.forEach(group -> out.element("td", percent(mean.applyAsDouble(group))));
        out.closeLine();
    }

    private static Stream<Control> controls(Group group) {
        return group.targets().stream().flatMap(target -> target.controls().stream());
    }

    private static double meanOf(Group group, ControlKind kind) {
        List<Control> controls =
                controls(group).filter(control -> control.kind() == kind).toList();
        return StudyFacts.mean(controls, control -> control.closed().value());
    }

    /// What is left of targets, by whom: shares of kinds of tokens, means over targets.
    private static Markup lacking(List<Group> groups) {
        List<Lacks> rows = groups.stream()
                .flatMap(group -> StudyFacts.together(lefts(group), Left::model).stream()
                        .map(models -> new Lacks(group.kind().words(), models)))
                .toList();
        if (rows.isEmpty()) {
            return new Markup().quiet("It was not measured.");
        }
        Table<Lacks> table = Table.of(rows)
                .row("Class", Lacks::kind)
                .cell("Left by", row -> row.models().getFirst().model())
                .cell(
                        "Nats per token",
                        row -> plain(StudyFacts.mean(
                                row.models(), left -> left.left().value())))
                .cell("Alike", row -> Figures.signed(StudyFacts.mean(row.models(), Left::alike)));
        for (String part : rows.getFirst().models().getFirst().by("kind").stream()
                .map(Lacking.Part::part)
                .toList()) {
            table.cell(part, row -> percent(StudyFacts.mean(row.models(), left -> share(left, part))));
        }
        return new Markup()
                .add(table.figures())
                .quiet(
                        "Shares of what is left on foreign contexts; they add up to all of it. Alike: correlation, over"
                                + " places, of what is left with what the list leaves. The JSON has frequencies and positions too.");
    }

    private record Lacks(String kind, List<Left> models) {}

    private static List<Left> lefts(Group group) {
        return group.targets().stream()
                .flatMap(target -> target.kl().lacking().sides().stream())
                .flatMap(side -> side.models().stream())
                .toList();
    }

    private static double share(Left left, String part) {
        return left.by("kind").stream()
                        .filter(one -> one.part().equals(part))
                        .mapToDouble(one -> one.left().value())
                        .sum()
                / left.left().value();
    }

    private static Markup each(List<TargetEvidence> targets) {
        return Table.of(StudyFacts.seedsTogether(targets))
                .row("Target", one -> ReadingSection.named(one, one.target().kind()), "dir", "auto", "class", "words")
                .cell("Seed", TargetEvidence::seed)
                .cell("KL to base", one -> plain(one.kl().foreign()))
                .cells(
                        List.of(
                                "K",
                                "Closed",
                                "Random",
                                "Excess",
                                "Random that equal it",
                                "Own",
                                "Reverse",
                                "Σ|w|",
                                "Bits"),
                        SparsitySection::atChosen)
                .figures();
    }

    private static Markup atChosen(TargetEvidence one) {
        Markup out = new Markup();
        StudyFacts.chosen(one)
                .ifPresentOrElse(
                        point -> Stream.of(
                                        String.valueOf(point.k()),
                                        shareFine(point.closed()),
                                        shareFine(point.random()),
                                        shareFine(point.excess()),
                                        StudyFacts.equal(one)
                                                .map(StudyFacts.Equal::words)
                                                .orElse(Figures.NOTHING),
                                        shareFine(point.own()),
                                        percent(reverse(one)),
                                        plain(point.absoluteWeights()),
                                        whole(point.bits()))
                                .forEach(text -> out.element("td", text)),
                        () -> out.element("td", "no curve was measured", "colspan", "9"));
        return out;
    }

    private static String whole(double number) {
        return Double.isFinite(number) ? Figures.count(Math.round(number)) : Figures.NOTHING;
    }

    /// Share of the reverse divergence that the mixture closes, each on answers of its own.
    private static double reverse(TargetEvidence target) {
        return 1 - target.kl().reverse() / target.kl().reverseBase();
    }

    private static double closed(Point point) {
        return point.closed().value();
    }

    private static double random(Point point) {
        return point.random().value();
    }

    private static double excess(Point point) {
        return point.excess().value();
    }

    private static double meanAt(List<TargetEvidence> targets, ToDoubleFunction<Point> quantity) {
        return StudyFacts.mean(targets, target -> StudyFacts.atChosen(target, quantity));
    }

    private static double medianAt(List<TargetEvidence> targets, ToDoubleFunction<Point> quantity) {
        return StudyFacts.median(targets, target -> StudyFacts.atChosen(target, quantity));
    }
}
