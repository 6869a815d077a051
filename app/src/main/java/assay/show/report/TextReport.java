package assay.show.report;

import static assay.show.page.Figures.percent;
import static assay.show.page.Figures.share;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.form.FormChange;
import assay.measure.judge.AtLength;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Outcome;
import assay.measure.judge.PlainList;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Style;
import assay.show.page.TextPage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// An explanation as the answer a terminal prints: verdict, prompts, curve, controls, sample answers, claims.
public final class TextReport extends TextPage {
    private static final Set<Integer> LANDMARKS = Set.of(1, 2, 3, 5, 10, 20, 50, 100, 200, 500);
    private static final int MOST_PROMPTS = 20;
    private static final int MOST_FORMS = 8;
    private static final int MOST_SAMPLES = 2;
    private static final int MOST_SAMPLE_LINES = 9;
    private static final int PROSE_WIDTH = 92;
    private static final int STEP = 44;
    private static final int MOST_OF_CHAIN = 8;

    private final Explanation explanation;

    private TextReport(Explanation explanation, Style style) {
        super(style);
        this.explanation = explanation;
    }

    /// Writes the report; no line is wider than the style allows.
    ///
    /// @param chain the way by a soft prompt, if it was taken
    public static String render(Explanation explanation, Optional<Chain> chain, Style style) {
        TextReport report = new TextReport(explanation, style);
        report.headline();
        report.plain();
        report.prompts();
        report.named();
        report.words();
        report.form();
        report.curve();
        report.ownContexts();
        report.controls();
        report.noise();
        report.lacking();
        report.atLength();
        report.samples();
        report.verdict();
        report.setup(SetupWords.of(explanation));
        chain.ifPresent(report::chain);
        return report.written();
    }

    private void headline() {
        Headline headline = Headline.of(explanation);
        strong(headline.word() + ": " + headline.verdict());
        say(FirstLines.of(explanation).sentence());
        say(headline.support());
        if (headline.outcome() != Outcome.YES && !headline.because().isBlank()) {
            say("Why: " + headline.because());
        }
    }

    private void prompts() {
        List<Explanation.Atom> mixture = explanation.mixture();
        title("Prompts, by weight");
        if (mixture.isEmpty()) {
            quiet("None.");
        }
        double heaviest = mixture.stream()
                .mapToDouble(atom -> Math.abs(atom.weight()))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        int bar = Math.clamp(style().width() / 7, 4, 14);
        first(mixture, MOST_PROMPTS, atom -> prompt(atom, heaviest, bar), "", " more of smaller influence.");
    }

    /// What does something alone, and apart from it what only corrects.
    private void plain() {
        PlainList plain = explanation.illustration().plain();
        if (plain.prompts().isEmpty()) {
            return;
        }
        title("What it is");
        double heaviest = plain.prompts().stream()
                .mapToDouble(prompt -> Math.abs(prompt.weight()))
                .max()
                .orElse(1);
        int bar = Math.clamp(style().width() / 7, 4, 14);
        if (plain.saying().isEmpty()) {
            quiet("No prompt does much of it alone.");
        }
        plain.saying().forEach(prompt -> prompt(FirstLines.atom(prompt), heaviest, bar));
        if (!plain.correcting().isEmpty()) {
            quiet("corrected by " + FirstLines.corrections(plain) + ".");
        }
        quiet("Chosen to be plain among lists that close nearly as much: " + share(plain.closed())
                + "; on the fit split " + Figures.percentFine(plain.cost())
                + " less than the prompts below. Alone: on the fit split.");
    }

    private void prompt(Explanation.Atom atom, double heaviest, int bar) {
        String weight = Columns.right(Figures.signed(atom.weight()), 6);
        String filled = Columns.bar(Math.abs(atom.weight()) / heaviest, bar);
        String alone = style().width() >= 72 ? Columns.right(percent(atom.alone()) + " alone", 12) : "";
        int room = style().width() - 6 - 1 - bar - 1 - Columns.width(alone);
        List<String> lines = Columns.wrap(Columns.visible(atom.prompt()), Math.min(room, PROSE_WIDTH));
        Ink ink = atom.weight() < 0 ? Ink.QUIET : Ink.MIXTURE;
        for (int i = 0; i < lines.size(); i++) {
            boolean first = i == 0;
            String start = first ? weight + " " + paint(filled, ink) : " ".repeat(7 + bar);
            String text = first && !alone.isEmpty() ? Columns.left(lines.get(i), room) : lines.get(i);
            line(start + " " + text + (first ? paint(alone, Ink.QUIET) : ""));
        }
    }

    private void named() {
        List<WeightedPrompt> named = explanation.illustration().named();
        if (named.isEmpty()) {
            return;
        }
        title("What sets it apart, in other prompts");
        int room = Math.min(style().width() - 7, PROSE_WIDTH);
        for (WeightedPrompt one : named) {
            List<String> lines = Columns.wrap(Columns.visible(one.prompt()), room);
            line(Columns.right(Figures.signed(one.weight()), 6) + " " + lines.getFirst());
            lines.stream().skip(1).forEach(rest -> line(" ".repeat(7) + rest));
        }
    }

    private void words() {
        Explanation.TellingWords words = explanation.illustration().words();
        if (words.target().isEmpty()) {
            return;
        }
        title("Words it writes more often than the base");
        say(String.join(", ", words.target()) + ".");
        if (!words.lacking().isEmpty()) {
            quiet("More often than these prompts together, still: " + String.join(", ", words.lacking()) + ".");
        }
    }

    private void form() {
        List<FormChange> telling = explanation.illustration().telling();
        if (telling.isEmpty()) {
            return;
        }
        title("How it writes, beside the base and random prompts");
        first(telling, MOST_FORMS, change -> prose(FormWords.sentence(change), Ink.PLAIN, "", "  "), "", " more.");
    }

    private void curve() {
        title("Closed, by number of prompts; as many random prompts beside it");
        List<Step> steps = explanation.curve().steps();
        int last = steps.isEmpty() ? 0 : steps.getLast().k();
        int chosen = explanation.curve().chosen();
        List<Step> shown = steps.stream()
                .filter(step -> LANDMARKS.contains(step.k()) || step.k() == chosen || step.k() == last)
                .toList();
        int mixture = widest(shown.stream().map(Step::closed).toList());
        int random = widest(shown.stream().map(Step::random).toList());
        int bar = Math.min(24, (style().width() - 5 - mixture - random - 5) / 2);
        for (Step step : shown) {
            String k = Columns.right(String.valueOf(step.k()), 4) + (step.k() == chosen ? "*" : " ");
            if (bar < 4) {
                line(k + " " + share(step.closed()));
                line("      " + paint("random " + share(step.random()), Ink.QUIET));
                continue;
            }
            line(k
                    + bar(step.closed(), bar, Ink.MIXTURE)
                    + Columns.left(share(step.closed()), mixture)
                    + " "
                    + bar(step.random(), bar, Ink.QUIET)
                    + paint(share(step.random()), Ink.QUIET));
        }
        quiet("* chosen: the search split stopped improving there. Brackets: 95% intervals.");
        Headline.expected(explanation).ifPresent(this::say);
        Headline.directions(explanation.illustration().spectrum().expected()).ifPresent(this::quiet);
    }

    private String bar(Interval interval, int width, Ink ink) {
        return paint(Columns.bar(interval.value(), width), ink) + " ";
    }

    private void ownContexts() {
        Headline.chosen(explanation)
                .filter(step -> Double.isFinite(step.own().value()))
                .ifPresent(step -> say("On own contexts (answers the target wrote, "
                        + Figures.plain(explanation.divergence().own()) + " nats per token from the base): "
                        + share(step.own()) + "."));
    }

    private void controls() {
        title("Controls");
        explanation.controls().forEach(control -> control(control.line(), control.closed()));
    }

    private void noise() {
        explanation.comparison().noise().ifPresent(noise -> {
            title("Second training runs, and the recipe without any run's noise");
            quiet("On foreign contexts");
            Headline.rows(noise.foreign()).forEach(row -> control(row.label(), row.share()));
            noise.own().ifPresent(own -> {
                quiet("On own contexts");
                Headline.rows(own).forEach(row -> control(row.label(), row.share()));
            });
        });
    }

    private void lacking() {
        List<String> sides = LackingWords.sides(explanation.comparison().lacking());
        if (!sides.isEmpty()) {
            title("What is still lacking, by kind of token");
            sides.forEach(this::say);
        }
    }

    private void atLength() {
        explanation.comparison().atLength().ifPresent(found -> {
            title("Closed in longer talk: conversations of three turns, answers of up to 128 tokens");
            for (AtLength.Side side : found.sides()) {
                quiet("On " + side.contexts() + " answers");
                side.buckets().forEach(bucket -> control(Headline.where(bucket), bucket.closed()));
            }
        });
    }

    private void control(String name, Interval interval) {
        int label = style().width() >= 60 ? 34 : 20;
        if (style().width() < 44) {
            prose(name, Ink.PLAIN, "", "  ");
            line("      " + share(interval));
            return;
        }
        line(Columns.left(Columns.cut(name, label), label) + " " + share(interval));
    }

    private void samples() {
        List<Explanation.SampleAnswer> samples = explanation.illustration().samples();
        if (samples.isEmpty()) {
            return;
        }
        title("Answers");
        int first = style().width() >= 110 ? 0 : 1;
        for (Explanation.SampleAnswer sample : samples.subList(0, Math.min(MOST_SAMPLES, samples.size()))) {
            strong("“" + Columns.visible(sample.user()) + "”");
            List<String> answers = Stream.of(sample.base(), sample.target(), sample.mixture())
                    .map(answer -> Columns.visibleLines(answer).strip())
                    .toList();
            answers(List.of("base", "target", "mixture").subList(first, 3), answers.subList(first, 3));
        }
    }

    /// Beside each other when there is room for words in the columns, otherwise one under the other.
    private void answers(List<String> names, List<String> answers) {
        int count = names.size();
        if (style().width() >= 60) {
            int width = Math.min(64, (style().width() - 3 * (count - 1)) / count);
            Columns.beside(names, width, 1).forEach(row -> line(paint(row, Ink.QUIET)));
            Columns.beside(answers, width, MOST_SAMPLE_LINES).forEach(this::line);
            return;
        }
        for (int i = 0; i < count; i++) {
            line("  " + paint(names.get(i), Ink.QUIET));
            Columns.beside(List.of(answers.get(i)), style().width() - 2, MOST_SAMPLE_LINES)
                    .forEach(row -> line("  " + row));
        }
    }

    private void verdict() {
        title("Verdict");
        if (explanation.verdict().isEmpty()) {
            quiet("No claim was judged.");
        }
        for (Explanation.Finding finding : explanation.verdict()) {
            String claim = finding.claim() + " " + finding.claim().ofOneTarget();
            prose(mark(finding.holds()) + " " + claim + ": " + Headline.word(finding.holds()), Ink.STRONG, "", "  ");
            prose(finding.because(), Ink.PLAIN, "  ", "  ");
        }
    }

    private static String mark(Outcome outcome) {
        return switch (outcome) {
            case YES -> "✓";
            case NO -> "✗";
            case UNDECIDED -> "?";
        };
    }

    /// The way adapter → soft prompt → mixture, below the direct explanation.
    private void chain(Chain chain) {
        Explanation ofSoft = chain.ofSoft();
        title("By way of a soft prompt of " + chain.distillation().subject().tokens()
                + " tokens: what each step keeps");
        step("adapter by soft prompt", chain.soft());
        Headline.chosen(ofSoft).ifPresent(step -> {
            step("soft prompt by " + step.k() + " prompts", step.closed());
            step("  as many random prompts", step.random());
            Step last = ofSoft.curve().steps().getLast();
            if (last.k() != step.k()) {
                step("soft prompt by " + last.k() + " prompts", last.closed());
            }
        });
        step("adapter by the soft prompt's prompts", chain.mixture());
        step("adapter by prompts directly", chain.direct());
        say(Headline.nats(chain) + ".");
        title("The soft prompt's prompts, by weight");
        ofSoft.mixture().stream()
                .limit(MOST_OF_CHAIN)
                .forEach(atom -> prose(Figures.signed(atom.weight()) + " " + atom.prompt(), Ink.PLAIN, "", "      "));
    }

    private void setup(SetupWords setup) {
        title("What the target read first");
        setup.contextLines(Math.min(style().width(), PROSE_WIDTH) - 2).forEach(row -> line("  " + row));
        title("What was run");
        quiet(setup.line());
    }

    private void step(String name, Interval interval) {
        if (style().width() < STEP + 18) {
            say(name);
            line("    " + share(interval));
            return;
        }
        line(Columns.left(name, STEP) + share(interval));
    }

    private static int widest(List<Interval> intervals) {
        return intervals.stream()
                .mapToInt(interval -> Columns.width(share(interval)))
                .max()
                .orElse(0);
    }
}
