package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.judge.Claim;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Kind;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Explanation.Subject;
import assay.measure.judge.Outcome;
import assay.show.page.Columns;
import assay.show.page.Figures;
import java.util.List;
import java.util.Optional;

/// The answer in plain words, before any table: the verdict, the figures behind it, and the cause.
///
/// @param outcome what became of the claim that short lists of prompts explain such a target (S2)
/// @param word the verdict in a word or two: `Explained`, `Not explained`, `Undecided`
/// @param verdict the rest of the sentence
/// @param support the figures behind it, in one or two sentences
/// @param because the cause the judge gave; empty when there is none
public record Headline(Outcome outcome, String word, String verdict, String support, String because) {
    private static final int LONGEST_NAME = 60;

    /// Says what an explanation found.
    static Headline of(Explanation explanation) {
        Optional<Finding> finding = explanation.verdict().stream()
                .filter(candidate -> candidate.claim() == Claim.S2)
                .findFirst();
        Outcome outcome = finding.map(Finding::holds).orElse(Outcome.UNDECIDED);
        return new Headline(
                outcome,
                switch (outcome) {
                    case YES -> "Explained";
                    case NO -> "Not explained";
                    case UNDECIDED -> "Undecided";
                },
                verdict(outcome, explanation),
                chosen(explanation).map(step -> support(step, explanation)).orElse("No curve was measured."),
                finding.map(Finding::because).orElse("This run judged no claim about lists of prompts (S2)."));
    }

    /// The step of the curve at the chosen K; none when the curve is empty.
    static Optional<Step> chosen(Explanation explanation) {
        List<Step> steps = explanation.curve().steps();
        int chosen = explanation.curve().chosen();
        return steps.stream()
                .filter(step -> step.k() == chosen)
                .findFirst()
                .or(() -> steps.isEmpty() ? Optional.empty() : Optional.of(steps.getLast()));
    }

    /// An outcome as a word.
    public static String word(Outcome outcome) {
        return switch (outcome) {
            case YES -> "holds";
            case NO -> "fails";
            case UNDECIDED -> "undecided";
        };
    }

    /// What kind of behaviour was explained, in words.
    static String kindInWords(Kind kind) {
        return switch (kind) {
            case LORA -> "LoRA adapter";
            case SOFT -> "soft prompt";
            case PROMPT -> "prompt";
            case MIXTURE -> "planted mixture";
            case EXAMPLES -> "file of examples";
        };
    }

    /// The subject's name, short enough for a headline; prompts in quotation marks.
    static String name(Subject subject) {
        String name = Columns.cut(Columns.visible(subject.name()), LONGEST_NAME);
        return subject.kind() == Kind.PROMPT ? "“" + name.replaceAll("\\.$", "") + "”" : name;
    }

    private static String verdict(Outcome outcome, Explanation explanation) {
        int count =
                chosen(explanation).map(Step::k).orElse(explanation.mixture().size());
        String name = name(explanation.subject());
        return switch (outcome) {
            case YES ->
                count == 1
                        ? "one weighted prompt stands in for " + name + "."
                        : count + " weighted prompts stand in for " + name + ".";
            case NO -> "the prompts found do not stand in for " + name + ".";
            case UNDECIDED -> "the prompts found may or may not stand in for " + name + ".";
        };
    }

    private static String support(Step step, Explanation explanation) {
        if (!Double.isFinite(step.closed().value())) {
            return "How much they close on text never seen was not measured.";
        }
        String prompts = step.k() == 1 ? "one prompt closes " : step.k() + " prompts close ";
        String random =
                step.k() == 1 ? "one random prompt, refitted, closes " : step.k() + " random prompts, refitted, close ";
        return "On text never seen, " + prompts + inProse(step.closed()) + " of what separates it from the base ("
                + Figures.plain(explanation.divergence().foreign()) + " nats per token); " + random
                + inProse(step.random()) + "." + excess(step.excess());
    }

    private static String excess(Interval excess) {
        if (!Double.isFinite(excess.value())) {
            return "";
        }
        String number = Figures.points(excess.value());
        String points = number + (number.equals("1") ? " point" : " points");
        String range = Figures.range(excess);
        String measured = range.isEmpty() ? points : points + " (" + range + ")";
        if (excess.low() > 0) {
            return " The difference, " + measured + ", is more than chance.";
        }
        if (excess.high() < 0) {
            return " The difference, " + measured + ", is in favour of the random ones.";
        }
        return range.isEmpty()
                ? " They differ by " + measured + "."
                : " The difference, " + measured + ", could be chance.";
    }

    /// A share with its interval, in a sentence.
    static String inProse(Interval interval) {
        String range = Figures.range(interval);
        String value = Figures.percent(interval.value());
        return range.isEmpty() ? value : value + " (95% interval " + range + ")";
    }
}
