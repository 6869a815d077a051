package assay.lab.scorecard;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.shareFine;

import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.scorecard.StudyFacts.Group;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Gates;
import assay.show.page.Figures;
import assay.show.page.Markup;
import assay.show.page.Page;
import assay.show.page.Table;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// Whether short lists of prompts stand in for targets (S2): curves by class, controls, excess, bits.
final class SparsitySection {
    private SparsitySection() {}

    private static double closed(Point point) {
        return point.closed().value();
    }

    private static double random(Point point) {
        return point.random().value();
    }

    private static double excess(Point point) {
        return point.excess().value();
    }

    /// The pictures and tables.
    static Markup of(List<TargetEvidence> targets, Gates gates, StudyRun.Model model) {
        Markup out = new Markup();
        if (targets.isEmpty()) {
            return out.element("p", "No target was explained.", "class", "quiet");
        }
        List<Group> groups = StudyFacts.groups(targets);
        out.add(headline(StudyFacts.meaningful(targets), model));
        out.element("h3", "Closed against the number of prompts, by class");
        out.open("figure").open("div", "class", "multiples");
        for (Group group : groups) {
            long count = group.count();
            out.open("div").element("h4", group.words() + ", " + count + (count == 1 ? " target" : " targets"));
            if (group.targets().stream().allMatch(one -> one.curve().isEmpty())) {
                out.element("p", "No curve was measured.", "class", "quiet").close();
            } else {
                out.add(StudyCharts.curve(group, gates)).close();
            }
        }
        out.close();
        out.element(
                "figcaption",
                "Thick: the mean over targets and seeds; thin: each of them. Grey: as many random prompts, refitted, "
                        + "from the lowest target to the highest. Dashed: the gate, "
                        + percent(gates.closed()) + ".");
        out.close();
        out.element("h3", "By class, at the chosen number of prompts").add(classes(groups, model));
        out.element("h3", "What else would have scored").add(controls(groups));
        out.open("details").element("summary", "Every target in numbers").add(each(targets));
        return out.close();
    }

    private static Markup headline(List<TargetEvidence> targets, StudyRun.Model model) {
        Markup out = new Markup();
        out.open("dl", "class", "key");
        double[] excess = at(targets, SparsitySection::excess)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        String span = excess.length == 0
                ? "not measured"
                : Figures.points(excess[0]) + " to " + Figures.points(excess[excess.length - 1]) + " by target";
        double mean = Arrays.stream(excess).average().orElse(Double.NaN);
        Page.keyFigure(out, "mixture", "Excess over random, mean in points", Figures.points(mean), span);
        double chosen = StudyFacts.median(targets, one -> StudyFacts.atChosen(one, Point::k));
        String list = Double.isFinite(chosen) ? "a list of " + whole(chosen) : "not measured";
        Page.keyFigure(out, "null", "Random prompts that equal a list", StudyFacts.medianEqual(targets), list);
        Page.keyFigure(out, "mixture", "Closed by the lists", meanAt(targets, SparsitySection::closed), "mean");
        Page.keyFigure(out, "null", "By as many random prompts", meanAt(targets, SparsitySection::random), "mean");
        double bits = StudyFacts.median(targets, one -> StudyFacts.atChosen(one, Point::bits));
        Page.keyFigure(
                out,
                "base",
                "Bits of a list",
                whole(bits),
                "as " + Figures.plain(model.inSoftTokens(bits)) + " soft tokens");
        return out.closeLine();
    }

    private static Markup classes(List<Group> groups, StudyRun.Model model) {
        Markup out = Table.openFigures(
                "Class",
                "K",
                "Closed",
                "Random",
                "Excess, points",
                "Random that equal it",
                "Own",
                "Reverse",
                "Bits",
                "In soft tokens");
        for (Group group : groups) {
            List<TargetEvidence> targets = group.targets();
            double bits = StudyFacts.median(targets, one -> StudyFacts.atChosen(one, Point::bits));
            out.open("tr").element("th", group.words(), "scope", "row", "dir", "auto");
            Table.cells(
                    out,
                    whole(StudyFacts.median(targets, one -> StudyFacts.atChosen(one, Point::k))),
                    meanAt(targets, SparsitySection::closed),
                    meanAt(targets, SparsitySection::random));
            out.open("td")
                    .element(
                            "b",
                            Figures.points(
                                    StudyFacts.mean(targets, one -> StudyFacts.atChosen(one, SparsitySection::excess))))
                    .close();
            Table.cells(
                    out,
                    StudyFacts.medianEqual(targets),
                    meanAt(targets, point -> point.own().value()),
                    percent(StudyFacts.mean(targets, SparsitySection::reverse)),
                    whole(bits),
                    Figures.plain(model.inSoftTokens(bits)));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }

    /// Rows are explanations, columns classes, cells means over targets and seeds.
    private static Markup controls(List<Group> groups) {
        Markup out = new Markup();
        out.open("div", "class", "scroll").open("table", "class", "figures matrix");
        out.open("thead").open("tr").element("th", "Closed, mean", "scope", "col");
        groups.forEach(group -> out.element("th", group.words(), "scope", "col"));
        out.close().close().open("tbody");
        out.open("tr", "class", "mixture").element("th", "the list, at its chosen number", "scope", "row");
        groups.forEach(group -> out.element("td", meanAt(group.targets(), SparsitySection::closed)));
        out.closeLine();
        out.open("tr", "class", "null").element("th", "as many random prompts", "scope", "row");
        groups.forEach(group -> out.element("td", meanAt(group.targets(), SparsitySection::random)));
        out.closeLine();
        List<Control> all = groups.stream()
                .flatMap(group -> group.targets().stream())
                .flatMap(target -> target.controls().stream())
                .toList();
        for (ControlKind kind : all.stream().map(Control::kind).distinct().toList()) {
            out.open("tr").element("th", kind.toString(), "scope", "row", "dir", "auto");
            groups.forEach(group -> out.element(
                    "td",
                    percent(StudyFacts.mean(
                            of(group, kind), control -> control.closed().value()))));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }

    private static List<Control> of(Group group, ControlKind kind) {
        return group.targets().stream()
                .flatMap(target -> target.controls().stream())
                .filter(control -> control.kind() == kind)
                .toList();
    }

    private static Markup each(List<TargetEvidence> targets) {
        Markup out = Table.openFigures(
                "Target",
                "Seed",
                "KL to base",
                "K",
                "Closed",
                "Random",
                "Excess",
                "Random that equal it",
                "Own",
                "Reverse",
                "Σ|w|",
                "Bits");
        for (TargetEvidence one : StudyFacts.seedsTogether(targets)) {
            out.open("tr")
                    .open("th", "scope", "row", "dir", "auto", "class", "words")
                    .text(one.target().name());
            out.element("small", " " + one.target().kind()).close();
            Table.cells(out, String.valueOf(one.seed()), Figures.plain(one.kl().foreign()));
            StudyFacts.chosen(one)
                    .ifPresentOrElse(
                            point -> Table.cells(
                                    out,
                                    String.valueOf(point.k()),
                                    shareFine(point.closed()),
                                    shareFine(point.random()),
                                    shareFine(point.excess()),
                                    StudyFacts.equal(one)
                                            .map(StudyFacts.Equal::words)
                                            .orElse(Figures.NOTHING),
                                    shareFine(point.own()),
                                    percent(reverse(one)),
                                    Figures.plain(point.absoluteWeights()),
                                    whole(point.bits())),
                            () -> out.element("td", "no curve was measured", "colspan", "9"));
            out.closeLine();
        }
        return Table.closeFigures(out);
    }

    private static String whole(double number) {
        return Double.isFinite(number) ? Figures.count(Math.round(number)) : Figures.NOTHING;
    }

    /// Share of the reverse divergence that the mixture closes, each on answers of its own.
    private static double reverse(TargetEvidence target) {
        return 1 - target.kl().reverse() / target.kl().reverseBase();
    }

    private static DoubleStream at(List<TargetEvidence> targets, ToDoubleFunction<Point> quantity) {
        return targets.stream().mapToDouble(target -> StudyFacts.atChosen(target, quantity));
    }

    private static String meanAt(List<TargetEvidence> targets, ToDoubleFunction<Point> quantity) {
        return percent(StudyFacts.mean(targets, target -> StudyFacts.atChosen(target, quantity)));
    }
}
