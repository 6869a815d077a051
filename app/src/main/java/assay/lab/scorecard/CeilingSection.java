package assay.lab.scorecard;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.points;
import static assay.show.page.Figures.share;
import static assay.show.page.Figures.shareFine;

import assay.base.sparse.Interval;
import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.CeilingEvidence.Lack;
import assay.lab.claims.CeilingEvidence.Side;
import assay.measure.judge.Claim;
import assay.measure.judge.Noise;
import assay.measure.judge.NoiseCeiling;
import assay.show.page.Json.Fields;
import assay.show.page.Markup;
import assay.show.page.Table;
import java.util.List;
import java.util.Locale;

/// What stands in for trained things beside second training runs of their recipes, for a page, a terminal and
/// programs (docs/decisions/0025-noise-ceiling.md).
final class CeilingSection {
    private CeilingSection() {}

    /// One kind of contexts of one case.
    private record Row(CeilingEvidence one, Side side) {
        NoiseCeiling ceiling() {
            return side.found().ceiling();
        }
    }

    /// A table of what belongs to a claim; nothing if there is nothing.
    static Markup of(List<CeilingEvidence> ceilings, Claim claim, double gate) {
        List<Row> rows = ceilings.stream()
                .filter(one -> one.claim() == claim)
                .flatMap(one -> one.sides().stream().map(side -> new Row(one, side)))
                .toList();
        return rows.isEmpty() ? new Markup() : shown(rows, gate);
    }

    private static Markup shown(List<Row> rows, double gate) {
        return new Markup()
                .element("h3", "Beside second training runs")
                .quiet(
                        "What was trained is its recipe and the noise of one run. A second run closes the lower bound; the"
                                + " recipe without noise would close the ceiling, at most the upper bound, which stands in where"
                                + " there is one second run. The verdict above is not moved by it.")
                .add(Table.of(rows)
                        .row("Target", row -> row.one().of().name(), "dir", "auto")
                        .cell("Seed", row -> row.one().of().seed())
                        .cell("Contexts", row -> row.side().contexts())
                        .cell("Second runs", row -> row.ceiling().siblings())
                        .cell("Lower bound", row -> row.ceiling().lower())
                        .cell("Ceiling", row -> ceiling(row.ceiling()))
                        .cell("Upper bound", row -> row.ceiling().upper())
                        .cell("Stand-in", row -> row.one().model())
                        .cell("Closed", row -> row.side().found().closed())
                        .cell("Share of the ceiling", row -> row.side().found().share())
                        .cell(
                                "True prompt",
                                row -> row.side()
                                        .truth()
                                        .map(truth -> shareFine(truth.closed()))
                                        .orElse("not known"))
                        .cell(
                                "Lacking: noise, systematic, search",
                                row -> lack(row.side().lack()))
                        .cell("At least " + percent(gate) + " of it", row -> outcome(row.one(), gate))
                        .figures());
    }

    private static String ceiling(NoiseCeiling ceiling) {
        return ceiling.siblings() < 2
                ? "not known"
                : shareFine(ceiling.ceiling()) + (ceiling.isHeld() ? ", held at a bound" : "");
    }

    private static String outcome(CeilingEvidence one, double gate) {
        return one.reaches(gate).outcome().name().toLowerCase(Locale.ROOT)
                + (one.claim() == Claim.S2 ? "; " + one.grade().words().toLowerCase(Locale.ROOT) : "");
    }

    private static String lack(Lack lack) {
        return points(lack.noise())
                + (Double.isFinite(lack.systematic())
                        ? ", " + points(lack.systematic()) + ", " + points(lack.search())
                        : "; " + points(lack.search()) + " together")
                + " points";
    }

    /// The heading of one case in a terminal.
    static String heading(CeilingEvidence one, double gate) {
        return one.of().name() + " (" + one.claim() + ", " + one.of().kind() + ", seed "
                + one.of().seed() + "), " + one.model() + ": at least " + percent(gate) + " of the ceiling: "
                + outcome(one, gate) + ".";
    }

    /// One kind of contexts in a sentence.
    static String sentence(Side side) {
        NoiseCeiling ceiling = side.found().ceiling();
        boolean isOne = ceiling.siblings() < 2;
        return side.contexts() + ": a second run closes " + share(ceiling.lower())
                + (isOne ? ", without noise at most " : ", without noise ") + share(ceiling.reachable())
                + (isOne
                        ? ""
                        : " (of " + ceiling.siblings() + " runs" + (ceiling.isHeld() ? ", held at a bound" : "") + ")")
                + "; closed " + share(side.found().closed()) + ", which is "
                + share(side.found().share())
                + (isOne ? " of that and " + percent(ofLower(side.found())) + " of a second run" : " of that")
                + side.truth()
                        .map(truth ->
                                "; the true prompt " + share(truth.closed()) + ", " + share(truth.share()) + " of it")
                        .orElse("")
                + ". Lacking: " + words(side.lack()) + ".";
    }

    private static String words(Lack lack) {
        return Double.isFinite(lack.systematic())
                ? "noise " + points(lack.noise()) + ", systematic " + points(lack.systematic())
                        + ", left by the search " + points(lack.search()) + " points"
                : "noise " + points(lack.noise()) + ", the rest " + points(lack.search()) + " points";
    }

    private static double ofLower(Noise.Side side) {
        return side.closed().value() / side.ceiling().lower().value();
    }

    /// One case as a document has it.
    static Fields document(CeilingEvidence one, double gate) {
        return new Fields()
                .with("claim", one.claim())
                .with("name", one.of().name())
                .with("kind", one.of().kind())
                .with("seed", one.of().seed())
                .with("kl_base", one.of().klBase())
                .with("stand_in", one.model())
                .with("excess", one.excess())
                .with("holds", one.reaches(gate).outcome())
                .with("grade", one.claim() == Claim.S2 ? one.grade() : null)
                .with(
                        "sides",
                        one.sides().stream().map(CeilingSection::document).toList());
    }

    private static Fields document(Side side) {
        NoiseCeiling ceiling = side.found().ceiling();
        Lack lack = side.lack();
        return new Fields()
                .with("contexts", side.contexts())
                .with("second_runs", ceiling.siblings())
                .with("lower", ceiling.lower())
                .with("upper", ceiling.upper())
                .with("ceiling", ceiling.ceiling())
                .with("is_held", ceiling.isHeld())
                .with("closed", side.found().closed())
                .with("share", side.found().share())
                .with("share_of_lower", ofLower(side.found()))
                .with("truth", side.truth().map(Noise.Side::closed).orElse(Interval.NONE))
                .with("truth_share", side.truth().map(Noise.Side::share).orElse(Interval.NONE))
                .with("lack_noise", lack.noise())
                .with("lack_systematic", lack.systematic())
                .with("lack_search", lack.search());
    }
}
