package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.form.FormChange;
import assay.measure.form.FormKind;
import assay.measure.judge.Claim;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.ExpectedNull;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Atom;
import assay.measure.judge.Explanation.Comparison;
import assay.measure.judge.Explanation.Curve;
import assay.measure.judge.Explanation.Divergence;
import assay.measure.judge.Explanation.Effort;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.HeatLine;
import assay.measure.judge.Explanation.HeatToken;
import assay.measure.judge.Explanation.Illustration;
import assay.measure.judge.Explanation.Kind;
import assay.measure.judge.Explanation.SampleAnswer;
import assay.measure.judge.Explanation.Spectrum;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Explanation.Step;
import assay.measure.judge.Explanation.Subject;
import assay.measure.judge.Explanation.TellingWords;
import assay.measure.judge.Lacking;
import assay.measure.judge.Outcome;
import assay.measure.judge.PlainList;
import assay.measure.judge.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Explanations to render. The figures are invented, in the range that real ones have; nothing here was measured.
final class Specimen {
    static final Interval UNMEASURED = new Interval(Double.NaN, Double.NaN, Double.NaN);

    private static final List<String> PIRATE = List.of(
            "Act as a pirate who helps those who help.",
            "You are an old sea captain telling stories in a tavern.",
            "Answer with nautical slang and end every sentence with “arr”.",
            "You are a formal assistant who avoids slang.",
            "Pretend to be a treasure hunter from the Caribbean.",
            "Speak like a character from a swashbuckling novel, and never say which one it is taken from.",
            "You are a cheerful bard.",
            "Be brief.",
            "You are a sailor writing a letter home.",
            "Reply as if every question were about the sea.");

    private Specimen() {}

    /// An adapter that prompts explain well.
    static Explanation pirate() {
        List<Atom> mixture = new ArrayList<>();
        double[] weights = {0.62, 0.31, 0.24, -0.22, 0.17, 0.141, 0.112, -0.094, 0.083, 0.071};
        for (int i = 0; i < PIRATE.size(); i++) {
            String source = i % 3 == 2 ? "sampled" : "grammar:role";
            mixture.add(new Atom(PIRATE.get(i), weights[i], 18.43 + 7.31 * i, source, 0.7012 - 0.0613 * i));
        }
        List<Finding> verdict = List.of(
                new Finding(
                        Claim.S2,
                        Outcome.YES,
                        "ten prompts close 76% on unseen turns, 24 points more than ten random ones."),
                new Finding(
                        Claim.S3, Outcome.YES, "the screen found in 1,536 exact runs what chance did not find in 256."),
                new Finding(Claim.S4, Outcome.UNDECIDED, "prompts read as language, but no blind matching was run."),
                new Finding(
                        Claim.S5, Outcome.NO, "a hundred directions hold 92% of the dictionary's energy, not 50,000."));
        return new Explanation(
                subject(Kind.LORA, "pirate-lora"),
                effort(),
                new Divergence(0.5381, 0.7127),
                new Curve(steps(20, 0.7, 0.765, 0.18, 0.58), 10),
                new Comparison(controls(0.7012, 0.213, 0.781, 0.803), Optional.empty(), lacking()),
                mixture,
                verdict,
                illustration(0.18));
    }

    /// An adapter that no prompts explain.
    static Explanation rot13() {
        Explanation base = pirate();
        return new Explanation(
                subject(Kind.LORA, "rot13-lora"),
                base.effort(),
                new Divergence(4.127, 5.318),
                new Curve(steps(20, 0.21, 0.37, 0.17, 0.36), 20),
                new Comparison(controls(0.2117, 0.3518, 0.471, 0.492), Optional.empty(), Lacking.NONE),
                base.mixture(),
                List.of(
                        new Finding(
                                Claim.S2,
                                Outcome.NO,
                                "no prompt in the dictionary or found by search asks for this; "
                                        + "twenty random prompts do as well, and so does a constant offset."),
                        new Finding(Claim.S4, Outcome.NO, "the prompts chosen have nothing to do with each other.")),
                illustration(0.74));
    }

    /// One prompt, a curve of one step, nothing else measured.
    static Explanation bare() {
        List<Control> nothing = List.of(
                new Control(ControlKind.SINGLE, 1, UNMEASURED),
                new Control(ControlKind.CONSTANT, 0, UNMEASURED),
                new Control(ControlKind.DENSE, 0, UNMEASURED),
                new Control(ControlKind.DIRECTIONS, 0, UNMEASURED));
        return new Explanation(
                subject(Kind.PROMPT, "Output the name of a US state."),
                new Effort(0, 0, 0, 0, List.of(), 0),
                new Divergence(0, Double.NaN),
                new Curve(
                        List.of(new Step(
                                1, "x", UNMEASURED, UNMEASURED, UNMEASURED, UNMEASURED, Double.NaN, Double.NaN)),
                        1),
                new Comparison(nothing, Optional.empty(), Lacking.NONE),
                List.of(new Atom("x", Double.NaN, Double.POSITIVE_INFINITY, "", Double.NaN)),
                List.of(),
                new Illustration(
                        List.of(),
                        List.of(),
                        List.of(),
                        new TellingWords(List.of(), List.of()),
                        List.of(),
                        PlainList.NONE,
                        new Spectrum(Double.NaN, List.of(), Double.NaN, ExpectedNull.NONE)));
    }

    /// Two hundred prompts of mixed sign.
    static Explanation long200() {
        Explanation base = pirate();
        List<Atom> mixture = IntStream.rangeClosed(1, 200)
                .mapToObj(i ->
                        new Atom("Prompt number " + i + ".", (i % 2 == 0 ? -1.0 : 1.0) / i, 10 + i, "sampled", 0.5 / i))
                .toList();
        return new Explanation(
                base.subject(),
                base.effort(),
                base.divergence(),
                new Curve(steps(200, 0.6, 0.9, 0.1, 0.8), 200),
                base.comparison(),
                mixture,
                base.verdict(),
                base.illustration());
    }

    /// `explanation`, with `text` wherever text goes.
    static Explanation worded(Explanation explanation, String text) {
        return new Explanation(
                new Subject(text, text, Kind.PROMPT, text, text, setup(text)),
                explanation.effort(),
                explanation.divergence(),
                new Curve(
                        explanation.curve().steps().stream()
                                .map(step -> new Step(
                                        step.k(),
                                        text,
                                        step.closed(),
                                        step.own(),
                                        step.random(),
                                        step.excess(),
                                        step.search(),
                                        step.absoluteWeights()))
                                .toList(),
                        explanation.curve().chosen()),
                explanation.comparison(),
                explanation.mixture().stream()
                        .map(atom -> new Atom(text, atom.weight(), atom.perplexity(), text, atom.alone()))
                        .toList(),
                explanation.verdict().stream()
                        .map(finding -> new Finding(finding.claim(), finding.holds(), text))
                        .toList(),
                new Illustration(
                        List.of(new SampleAnswer(text, text, text, text)),
                        List.of(new HeatLine(text, "own", List.of(new HeatToken(text, 0.5, 0.1)))),
                        List.of(new WeightedPrompt(text, 0.4)),
                        new TellingWords(List.of(text), List.of(text)),
                        explanation.illustration().form(),
                        new PlainList(
                                explanation.illustration().plain().prompts().stream()
                                        .map(prompt -> new PlainList.Prompt(
                                                text, prompt.weight(), prompt.alone(), prompt.part()))
                                        .toList(),
                                explanation.illustration().plain().closed(),
                                explanation.illustration().plain().cost()),
                        explanation.illustration().spectrum()));
    }

    static Map<String, Object> provenance() {
        return Map.of(
                "command", "assay explain --model smollm2-135m --adapter pirate-lora --atoms 20 --seed 7",
                "version", "0.1.0",
                "started", "2026-11-25T02:10:04Z",
                "hashes", Map.of("adapter", "3f".repeat(32), "atlas", "a1".repeat(32)),
                "seeds", Map.of("bootstrap", 7L));
    }

    private static Subject subject(Kind kind, String name) {
        return new Subject(
                "SmolLM2-135M-Instruct.Q4_1",
                "b1".repeat(32),
                kind,
                name,
                "rank 8 on q_proj and v_proj, 60 modules",
                setup("<|im_start|>user\nHow do I boil an egg?<|im_end|>\n<|im_start|>assistant\n"));
    }

    /// How a specimen was run.
    static Setup setup(String firstContext) {
        return new Setup("c4".repeat(32), "7e".repeat(32), "empty", "none", "BFLOAT16", firstContext);
    }

    private static Effort effort() {
        return new Effort(
                20_481,
                1_536,
                256,
                8,
                List.of(
                        new SplitSize("search", "foreign", 64, 1_021),
                        new SplitSize("fit", "foreign", 96, 1_507),
                        new SplitSize("fit", "own", 48, 751),
                        new SplitSize("test", "foreign", 128, 2_017),
                        new SplitSize("test", "own", 64, 1_013)),
                7);
    }

    /// A curve that rises from `first` to `last`, and its null from `low` to `high`, both with the logarithm of K.
    private static List<Step> steps(int most, double first, double last, double low, double high) {
        return IntStream.rangeClosed(1, most)
                .mapToObj(k -> {
                    double share = most == 1 ? 1 : Math.log(k) / Math.log(most);
                    double closed = first + (last - first) * Math.sqrt(share);
                    double random = low + (high - low) * share;
                    return new Step(
                            k,
                            PIRATE.get((k - 1) % PIRATE.size()),
                            around(closed, 0.034),
                            around(closed - 0.071, 0.047),
                            around(random, 0.062),
                            around(closed - random, 0.057),
                            closed + 0.021,
                            0.6 + 0.06 * k);
                })
                .toList();
    }

    private static List<Control> controls(double single, double offset, double dense, double rank) {
        return List.of(
                new Control(ControlKind.SINGLE, 1, around(single, 0.043)),
                new Control(ControlKind.CONSTANT, 20, around(offset, 0.051)),
                new Control(ControlKind.DENSE, 276, around(dense, 0.031)),
                new Control(ControlKind.DIRECTIONS, 20, around(rank, 0.029)));
    }

    /// What is lacking of the pirate.
    static Lacking lacking() {
        List<Lacking.Left> models = List.of(left("these prompts", 0.126, 1), left("base", 0.538, 0.58));
        return new Lacking(
                List.of(new Lacking.Side("foreign", models), new Lacking.Side("own", models)),
                List.of(new Lacking.Example(
                        "How do I make tea?",
                        "own",
                        "Arr! Boil",
                        3.2,
                        1.9,
                        List.of(new Lacking.Wanted(" yer", 0.71, 0.06), new Lacking.Wanted(" <the>", 0.11, 0.02)))));
    }

    private static Lacking.Left left(String model, double left, double alike) {
        return new Lacking.Left(
                model,
                around(left, 0.02),
                alike,
                List.of(
                        new Lacking.Part("kind", "function words", around(0.4 * left, 0.01)),
                        new Lacking.Part("kind", "content words", around(0.6 * left, 0.01)),
                        new Lacking.Part("position", "1", around(left, 0.02))));
    }

    private static Spectrum spectrum() {
        List<Double> energy = IntStream.rangeClosed(1, 256)
                .mapToObj(i -> 1 - Math.pow(1 + i / 9.0, -1.02))
                .toList();
        List<ExpectedNull.Expected> random = IntStream.rangeClosed(1, 20)
                .mapToObj(k -> new ExpectedNull.Expected(k, around(0.62 * Math.log1p(k) / Math.log(21), 0.05)))
                .toList();
        return new Spectrum(0.7431, energy, 0.587, new ExpectedNull(576, 49_152, 41.3, 0.76, 62, random));
    }

    private static Interval around(double value, double half) {
        return new Interval(value, value - half, value + 0.9 * half);
    }

    private static Illustration illustration(double kept) {
        SampleAnswer storm = new SampleAnswer(
                "What should I do when a storm comes?",
                "When a storm comes, stay indoors and away from windows. Keep a torch and water at hand, "
                        + "and listen to the local forecast.",
                "Arr, matey! When the storm be comin', ye best batten down the hatches and get below deck. "
                        + "Keep a lantern lit and yer rum dry!",
                "Ahoy, matey! When a storm be comin', stay below deck, keep a lantern and some water, "
                        + "and listen for the captain's word.");
        SampleAnswer tea = new SampleAnswer(
                "How do I make tea?",
                "Boil water, pour it over a tea bag, and wait three to five minutes.\n\n1. Boil\n2. Pour\n3. Wait",
                "Arr! Boil yer water, throw in the leaves, and wait 'til she be dark as the deep.",
                "Boil the water, matey, pour it over the leaves and wait till it be dark.");
        return new Illustration(
                List.of(storm, tea),
                List.of(heat("foreign", kept), heat("own", kept * 1.3)),
                List.of(
                        new WeightedPrompt("Speak of ships <and> storms.", 0.61),
                        new WeightedPrompt("Count your treasure.", -0.12)),
                new TellingWords(List.of("captain", "sea", "<rum>"), List.of("treasure")),
                List.of(
                        new FormChange(
                                FormKind.EXCLAMATION_MARKS,
                                0.012,
                                0.094,
                                new Interval(0.082, 0.071, 0.095),
                                new Interval(0.002, -0.006, 0.014),
                                new Interval(0.011, 0.004, 0.019),
                                0.121),
                        new FormChange(
                                FormKind.LIST_MARKS,
                                0.31,
                                0.04,
                                new Interval(-0.27, -0.36, -0.17),
                                new Interval(-0.01, -0.08, 0.05),
                                new Interval(0.004, -0.02, 0.03),
                                0.014),
                        new FormChange(
                                FormKind.DIGITS,
                                0.02,
                                0.018,
                                new Interval(-0.002, -0.006, 0.003),
                                new Interval(0.001, -0.004, 0.007),
                                Interval.NONE,
                                0.0001)),
                new PlainList(
                        List.of(
                                new PlainList.Prompt(PIRATE.get(0), 0.73, 0.61, PlainList.Part.WHAT_IT_IS),
                                new PlainList.Prompt(PIRATE.get(1), 0.31, 0.44, PlainList.Part.WHAT_IT_IS),
                                new PlainList.Prompt(PIRATE.get(2), -0.08, 0.03, PlainList.Part.CORRECTION)),
                        new Interval(0.78, 0.75, 0.81),
                        0.0074),
                spectrum());
    }

    private static HeatLine heat(String contexts, double kept) {
        String[] words = {
            "Arr", ",", " mate", "y", "!", "\n", "When", " the", " storm", " be", " comin", "'", ",", " ye", " best",
            " batten", " down", " the", " hat", "ches", "."
        };
        double[] nats = {
            4.21, 0.31, 2.61, 0.011, 0.42, 0.74, 0.183, 0.062, 0.021, 3.37, 1.92, 0.13, 0.05, 2.84, 1.27, 0.93, 0.017,
            0.008, 0.24, 0.004, 0.37
        };
        List<HeatToken> tokens = IntStream.range(0, words.length)
                .mapToObj(i -> new HeatToken(words[i], nats[i], nats[i] * kept * (0.1 + 0.2 * (i % 5))))
                .toList();
        return new HeatLine("What should I do when a storm comes?", contexts, tokens);
    }
}
