package assay.lab.scorecard;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.share;

import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.RivalEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.Verdicts;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Style;
import assay.show.page.TextPage;
import java.util.List;

/// A judged study as the answer a terminal prints: which study, the verdict table, what could not be run; then each
/// claim's evidence, the nulls, and predictions against outcomes.
public final class VerdictText extends TextPage {
    private static final int TABLE = 72;
    private static final int WIDEST_TABLE = 110;
    private static final int OUTCOME = 11;
    private static final int MOST_FAILURES = 4;
    private static final int LABEL = 50;
    private static final int MOST_VALUE = 40;
    private static final int VALUE = 22;

    private final Verdicts verdicts;

    private VerdictText(Verdicts verdicts, Style style) {
        super(style);
        this.verdicts = verdicts;
    }

    /// Writes the report; no line is wider than the style allows.
    public static String render(Verdicts verdicts, StudyRun run, Style style) {
        VerdictText page = new VerdictText(verdicts, style);
        page.study(run);
        page.table();
        page.failures();
        verdicts.claims().forEach(page::claim);
        page.ceilings();
        page.rivals();
        page.nulls();
        page.predictions();
        page.ending(run);
        return page.written();
    }

    private void study(StudyRun run) {
        say("Study file sha256 " + verdicts.evidence().plan().sha256());
        say(VerdictWords.plan(verdicts.evidence().plan()) + ", on "
                + run.model().name() + ".");
    }

    private void table() {
        title("Verdict: " + VerdictWords.count(verdicts));
        verdicts.claims().forEach(this::row);
        for (String sentence : List.of(
                VerdictWords.predictions(verdicts), VerdictWords.nulls(verdicts), VerdictWords.failures(verdicts))) {
            if (!sentence.isEmpty()) {
                say(sentence);
            }
        }
    }

    /// Cells wrap beside each other when there is room, otherwise one under the other.
    private void row(ClaimVerdict claim) {
        String outcome = claim.holds().name();
        String name = Columns.left(Columns.cut(claim.claim().id(), 3), 4);
        if (style().width() < TABLE) {
            line(paint(name + outcome, Ink.STRONG));
            prose(claim.claim().statement(), Ink.PLAIN, "    ", "    ");
            prose(claim.cause().words(), Ink.QUIET, "    ", "    ");
            return;
        }
        int room = Math.min(style().width(), WIDEST_TABLE) - 4 - OUTCOME - 2;
        int left = room / 2;
        List<String> statement = Columns.wrap(Columns.visible(claim.claim().statement()), left);
        List<String> cause = Columns.wrap(Columns.visible(claim.cause().words()), room - left);
        for (int i = 0; i < Math.max(statement.size(), cause.size()); i++) {
            boolean first = i == 0;
            line(paint(first ? name : " ".repeat(4), Ink.STRONG)
                    + Columns.left(i < statement.size() ? statement.get(i) : "", left) + "  "
                    + paint(Columns.left(first ? outcome : "", OUTCOME), Ink.STRONG)
                    + (i < cause.size() ? cause.get(i) : ""));
        }
    }

    private void failures() {
        List<StudyEvidence.Failure> failures = verdicts.evidence().failures();
        if (failures.isEmpty()) {
            return;
        }
        title("Not run");
        first(
                failures,
                MOST_FAILURES,
                failure -> prose(failure.what() + ": " + failure.why(), Ink.PLAIN, "  ", "    "),
                "  ",
                " more, in the JSON.");
    }

    private void claim(ClaimVerdict claim) {
        title(claim.claim() + " " + claim.holds().name() + ": " + claim.claim().statement());
        say("Because: " + claim.because());
        List<String> commands = VerdictWords.commands(claim);
        boolean several = commands.size() > 1;
        String more = " more, on the page and in the JSON.";
        first(claim.evidence(), VerdictWords.MOST_FIGURES, figure -> figure(figure, several), "  ", more);
        if (commands.size() == 1) {
            prose("$ " + commands.getFirst(), Ink.QUIET, "  ", "    ");
        }
    }

    /// @param several whether figures have commands of their own
    private void figure(ClaimVerdict.Figure figure, boolean several) {
        figure(figure);
        if (several && !figure.command().isBlank()) {
            prose("$ " + figure.command(), Ink.QUIET, "    ", "      ");
        }
    }

    private void figure(ClaimVerdict.Figure figure) {
        String name = Columns.visible(figure.name());
        String value = Columns.visible(figure.value());
        String gate = figure.gate().isBlank() ? "" : "gate " + Columns.visible(figure.gate());
        int label = Math.min(LABEL, style().width() / 2);
        int room = style().width() - 4 - label - Columns.width(gate);
        if (Columns.width(name) > label || Columns.width(value) > Math.min(MOST_VALUE, room)) {
            prose(name + ": " + value + (gate.isEmpty() ? "" : " (" + gate + ")"), Ink.PLAIN, "  ", "    ");
            return;
        }
        String padded = gate.isEmpty() ? value : Columns.left(value, Math.min(VALUE, room)) + " ";
        line("  " + Columns.left(name, label) + " " + padded + paint(gate, Ink.QUIET));
    }

    private void ceilings() {
        List<CeilingEvidence> ceilings = verdicts.evidence().ceilings();
        if (ceilings.isEmpty()) {
            return;
        }
        title("Beside second training runs, which decide nothing");
        double gate = verdicts.evidence().plan().gates().closed();
        for (CeilingEvidence one : ceilings) {
            prose(CeilingSection.heading(one, gate), Ink.PLAIN, "  ", "    ");
            one.sides().forEach(side -> prose(CeilingSection.sentence(side), Ink.PLAIN, "    ", "      "));
        }
    }

    private void rivals() {
        List<RivalEvidence> rivals = verdicts.evidence().rivals();
        if (rivals.isEmpty()) {
            return;
        }
        title("Other ways to say it, on the same " + rivals.getFirst().targets() + " targets");
        for (RivalEvidence rival : rivals) {
            String said = "closes " + share(rival.closed()) + ", named by a blind reader " + share(rival.right()) + ", "
                    + Figures.duration(rival.seconds()) + " a target.";
            prose(rival.name() + ": " + said, Ink.PLAIN, "  ", "    ");
        }
    }

    private void nulls() {
        title("Nulls, which must not hold");
        List<TargetEvidence> targets = verdicts.evidence().targets().stream()
                .filter(target -> target.target().isNull())
                .toList();
        List<Matching> matchings = verdicts.evidence().reading().matching().stream()
                .filter(Matching::isNull)
                .toList();
        if (targets.isEmpty() && matchings.isEmpty()) {
            quiet("None was measured.");
        }
        for (TargetEvidence target : targets) {
            String said = StudyFacts.chosen(target)
                    .map(point -> point.k() + (point.k() == 1 ? " prompt closes " : " prompts close ")
                            + share(point.closed()) + ", as many random ones " + share(point.random()))
                    .orElse("not measured");
            prose(target.target().name() + ", seed " + target.seed() + ": " + said + ".", Ink.PLAIN, "  ", "    ");
        }
        for (Matching matching : matchings) {
            String said = "blind matching of " + matching.texts() + ": " + share(matching.right()) + " right, chance "
                    + percent(matching.chance()) + ": " + VerdictWords.chance(matching) + ".";
            prose(said, Ink.PLAIN, "  ", "    ");
        }
    }

    private void predictions() {
        List<StudyEvidence.Prediction> made = verdicts.evidence().plan().predictions();
        if (made.isEmpty()) {
            return;
        }
        title("Predictions, written before anything was run");
        for (StudyEvidence.Prediction prediction : made) {
            String came = VerdictWords.came(prediction, verdicts) + ". " + prediction.why();
            prose(prediction.claim() + " " + prediction.holds() + ", " + came, Ink.PLAIN, "  ", "     ");
        }
    }

    private void ending(StudyRun run) {
        title("Where the figures come from");
        Object command = run.provenance().get("command");
        if (command != null) {
            prose("$ " + command, Ink.PLAIN, "  ", "    ");
        }
        String folder = run.folder().isBlank() ? "" : " Everything is in " + run.folder() + ".";
        prose("It took " + Figures.duration(run.seconds()) + "." + folder, Ink.PLAIN, "  ", "  ");
    }
}
