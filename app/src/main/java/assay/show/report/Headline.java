package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.judge.AtLength;
import assay.measure.judge.Chain;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.ExpectedNull;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Kind;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Gates;
import assay.measure.judge.Grade;
import assay.measure.judge.Noise;
import assay.measure.judge.NoiseCeiling;
import assay.measure.judge.Outcome;
import assay.show.page.Columns;
import assay.show.page.Figures;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The answer in plain words, before any table: the verdict, the figures behind it, and the cause.
///
/// @param outcome what became of the claim that short lists of prompts explain such a target (S2)
/// @param word the verdict in a word or two: `Explained`, `Mostly explained`, `Not explained`, `Undecided`
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
                word(outcome, explanation),
                verdict(outcome, explanation),
                chosen(explanation).map(step -> support(step, explanation)).orElse("No curve was measured."),
                finding.map(Finding::because).orElse("This run judged no claim about lists of prompts (S2)."));
    }

    /// By the share of the ceiling beside a second training run, else by what is closed itself
    /// (docs/decisions/0025-noise-ceiling.md); only what is more than chance is graded.
    private static String word(Outcome outcome, Explanation explanation) {
        return graded(outcome, explanation)
                .map(Grade::words)
                .orElse(
                        switch (outcome) {
                            case YES -> "Explained";
                            case NO -> "Not explained";
                            case UNDECIDED -> "Undecided";
                        });
    }

    private static Optional<Grade> graded(Outcome outcome, Explanation explanation) {
        Optional<Step> meant = chosen(explanation).filter(step -> step.excess().low() > 0);
        Optional<Noise> noise = explanation.comparison().noise();
        if (noise.isPresent()) {
            return meant.map(_ -> Grade.of(noise.get().worse().share().low()));
        }
        return meant.filter(step -> outcome != Outcome.YES && distance(step, explanation) >= Gates.NOTHING)
                .map(step -> Grade.of(step.worse().low()))
                .filter(grade -> grade != Grade.NOT);
    }

    /// A figure and what it is called.
    record Row(String label, Interval share) {}

    /// A list beside second training runs, on one kind of contexts.
    static List<Row> rows(Noise.Side side) {
        NoiseCeiling ceiling = side.ceiling();
        boolean isOne = ceiling.siblings() < 2;
        return List.of(
                new Row(isOne ? "A second run" : "A second run, mean of " + ceiling.siblings(), ceiling.lower()),
                isOne
                        ? new Row("Without noise, at most", ceiling.upper())
                        : new Row("Without noise", ceiling.ceiling()),
                new Row("These prompts", side.closed()),
                new Row("Their share of “without noise”", side.share()));
    }

    /// What random prompts were expected to close, beside what they do.
    static Optional<String> expected(Explanation explanation) {
        ExpectedNull expected = explanation.illustration().spectrum().expected();
        return chosen(explanation)
                .filter(step -> Double.isFinite(expected.at(step.k()).value()))
                .map(step -> "Random prompts close " + Figures.share(step.random()) + " at "
                        + Figures.counted(step.k(), "prompt") + "; expected from the dictionary's spectrum, before any"
                        + " was run: " + Figures.share(expected.at(step.k())) + ".");
    }

    /// In how few directions prompts differ, and how many random ones that takes.
    static Optional<String> directions(ExpectedNull expected) {
        if (!Double.isFinite(expected.effectiveRank())) {
            return Optional.empty();
        }
        String needed = expected.needed() > 0
                ? expected.needed() + " random prompts are expected to close"
                : "not even " + ExpectedNull.MOST + " random prompts are expected to close";
        return Optional.of("All " + Figures.count(expected.vocabulary()) + " logits follow from "
                + Figures.count(expected.width()) + " numbers, in mixtures too; what prompts change is spread over "
                + Figures.plain(expected.effectiveRank()) + " directions, and " + needed + " "
                + Figures.percent(ExpectedNull.NEARLY) + " of the " + Figures.percent(expected.dense())
                + " that all of the dictionary is.");
    }

    /// Which places of longer talk.
    static String where(AtLength.Bucket bucket) {
        String part = bucket.by().equals("all") ? "all places" : bucket.by() + " " + bucket.part();
        return part + ", " + Figures.count(bucket.tokens()) + " tokens";
    }

    /// Says what a distillation found.
    static Headline of(Distillation found) {
        Finding finding = found.verdict();
        String done = finding.claim() == Claim.BAKED ? "baked" : "distilled";
        String word = switch (finding.holds()) {
            case YES -> done.substring(0, 1).toUpperCase(Locale.ROOT) + done.substring(1);
            case NO -> "Not " + done;
            case UNDECIDED -> "Undecided";
        };
        return new Headline(finding.holds(), word, verdict(found), support(found), finding.because());
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

    /// What each step of the way by a soft prompt leaves, without the full stop.
    static String nats(Chain chain) {
        Chain.Nats nats = chain.nats();
        return "KL from the adapter, nats per token: base " + Figures.plain(nats.base()) + ", soft prompt "
                + Figures.plain(nats.soft()) + ", its mixture " + Figures.plain(nats.mixture())
                + ", the direct mixture " + Figures.plain(nats.direct());
    }

    /// What was explained, or who teaches, by a name short enough for a headline; prompts in quotation marks.
    static String named(Kind kind, String whole) {
        String name = Columns.cut(Columns.visible(whole), LONGEST_NAME);
        return kind == Kind.PROMPT ? "“" + name.replaceAll("\\.$", "") + "”" : name;
    }

    private static String verdict(Outcome outcome, Explanation explanation) {
        int count =
                chosen(explanation).map(Step::k).orElse(explanation.mixture().size());
        String name = named(explanation.subject().kind(), explanation.subject().name());
        Optional<Noise.Side> side = explanation.comparison().noise().map(Noise::worse);
        if (side.isPresent() && Double.isFinite(side.get().closed().value())) {
            return does(count, side.get().closed().value()) + name + "; a second training run would do "
                    + Figures.percent(side.get().ceiling().lower().value()) + ".";
        }
        Optional<Step> part =
                chosen(explanation).filter(_ -> graded(outcome, explanation).isPresent());
        if (part.isPresent()) {
            return does(count, part.get().worse().value())
                    + name
                    + (explanation.subject().kind() == Kind.LORA
                            ? "; what a second training run would do is not known (--sibling)."
                            : ".");
        }
        return switch (outcome) {
            case YES ->
                (count == 1 ? "one weighted prompt stands" : count + " weighted prompts stand") + " in for " + name
                        + ".";
            case NO -> "the prompts found do not stand in for " + name + ".";
            case UNDECIDED -> "the prompts found may or may not stand in for " + name + ".";
        };
    }

    private static String does(int prompts, double closed) {
        return (prompts == 1 ? "one prompt does " : prompts + " prompts do ") + Figures.percent(closed) + " of ";
    }

    private static String support(Step step, Explanation explanation) {
        if (!Double.isFinite(step.closed().value())) {
            return "How much they close on text never seen was not measured.";
        }
        String prompts = step.k() == 1 ? "one prompt closes " : step.k() + " prompts close ";
        String random =
                step.k() == 1 ? "one random prompt, refitted, closes " : step.k() + " random prompts, refitted, close ";
        return "On text never seen, " + prompts + inProse(step.worse()) + " of what separates it from "
                + explanation
                        .subject()
                        .against()
                        .map(other -> Columns.cut(Columns.visible(other), LONGEST_NAME))
                        .orElse("the base")
                + " ("
                + Figures.plain(distance(step, explanation)) + " nats per token)" + other(step)
                + (step.ownIsWorse() ? ", where " : "; ") + random
                + inProse(step.random()) + "." + excess(step.excess());
    }

    private static double distance(Step step, Explanation explanation) {
        return step.ownIsWorse()
                ? explanation.divergence().own()
                : explanation.divergence().foreign();
    }

    /// The contexts that the figure is not of, on which the list does better.
    private static String other(Step step) {
        if (!Double.isFinite(step.own().value())) {
            return "";
        }
        return step.ownIsWorse()
                ? " on answers it wrote itself, and " + Figures.share(step.closed()) + " on those of others"
                : " on answers of others, and " + Figures.share(step.own()) + " on those it wrote itself";
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

    private static String verdict(Distillation found) {
        boolean many = found.subject().tokens() > 1;
        String does = switch (found.verdict().holds()) {
            case YES -> many ? " stand in for " : " stands in for ";
            case NO -> many ? " do not stand in for " : " does not stand in for ";
            case UNDECIDED -> " may or may not stand in for ";
        };
        return Columns.visible(found.subject().student()) + does
                + named(found.subject().teacherKind(), found.subject().teacher()) + ".";
    }

    private static String support(Distillation found) {
        Distillation.Fidelity fidelity = found.fidelity();
        if (!Double.isFinite(fidelity.foreign().value())) {
            return "How much of the teacher it closes on text never seen was not measured.";
        }
        return "On text never seen, it closes " + inProse(fidelity.foreign())
                + " of what separates the teacher from the base ("
                + Figures.plain(found.divergence().foreign()) + " nats per token)"
                + measured("; on answers the teacher wrote, ", fidelity.own(), "") + "."
                + measured(" As it started, before training, it closed ", fidelity.untrained(), ".")
                + measured(" The best single readable prompt closes ", fidelity.bestPrompt(), ".");
    }

    /// A share among words; nothing if it was not measured.
    private static String measured(String before, Interval share, String behind) {
        return Double.isFinite(share.value()) ? before + inProse(share) + behind : "";
    }

    /// A share with its interval, in a sentence.
    static String inProse(Interval interval) {
        String range = Figures.range(interval);
        String value = Figures.percent(interval.value());
        return range.isEmpty() ? value : value + " (95% interval " + range + ")";
    }
}
