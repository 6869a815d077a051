package assay.report;

import assay.claims.ClaimVerdict;
import assay.claims.ClaimVerdict.Cause;
import assay.claims.ClaimVerdict.Figure;
import assay.claims.ClaimVerdict.Outcome;
import assay.claims.Gates;
import assay.claims.ReadingEvidence;
import assay.claims.ReadingEvidence.Composition;
import assay.claims.ReadingEvidence.Edit;
import assay.claims.ReadingEvidence.Matching;
import assay.claims.StudyEvidence;
import assay.claims.StudyEvidence.DistilEvidence;
import assay.claims.StudyEvidence.Failure;
import assay.claims.StudyEvidence.Plan;
import assay.claims.StudyEvidence.Pools;
import assay.claims.StudyEvidence.Predicate;
import assay.claims.StudyEvidence.Prediction;
import assay.claims.StudyEvidence.Skill;
import assay.claims.StudyEvidence.Training;
import assay.claims.TargetEvidence;
import assay.claims.TargetEvidence.Atom;
import assay.claims.TargetEvidence.Control;
import assay.claims.TargetEvidence.Kl;
import assay.claims.TargetEvidence.Point;
import assay.claims.TargetEvidence.Search;
import assay.claims.TargetEvidence.Stability;
import assay.claims.TargetEvidence.Target;
import assay.claims.Verdicts;
import assay.sparse.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Judged studies to render. The figures are invented, in the range that real ones have; nothing here was measured.
final class VerdictSpecimen {
    private static final double NONE = Double.NaN;
    private static final Interval UNMEASURED = new Interval(NONE, NONE, NONE);
    private static final String COMMAND = "assay verdict --model smollm2-135m --quick --out study";
    private static final List<Integer> SIZES = List.of(1, 2, 5, 10, 20, 50, 100, 200);

    private VerdictSpecimen() {}

    /// A study with every outcome, two failures, nulls, and figures that were not measured.
    static Verdicts mixed() {
        return new Verdicts(evidence(), claims());
    }

    /// A study that could run nothing.
    static Verdicts empty() {
        Plan plan = new Plan("empty", "0e".repeat(32), false, List.of(), Gates.defaults(), List.of());
        ReadingEvidence reading = new ReadingEvidence("lexical", List.of(), List.of(), List.of(), NONE, NONE);
        List<ClaimVerdict> claims = claims().stream()
                .map(claim -> new ClaimVerdict(
                        claim.claim(),
                        claim.statement(),
                        Outcome.UNDECIDED,
                        Cause.NOT_MEASURED,
                        "nothing was measured.",
                        List.of()))
                .toList();
        return new Verdicts(new StudyEvidence(plan, List.of(), List.of(), reading, List.of(), List.of()), claims);
    }

    /// `found`, with `text` wherever text goes.
    static Verdicts worded(String text) {
        StudyEvidence evidence = evidence();
        List<TargetEvidence> targets = evidence.targets().stream()
                .map(one -> new TargetEvidence(
                        new Target(text, one.target().kind(), text),
                        one.seed(),
                        one.kl(),
                        one.curve(),
                        List.of(new Control(text, 1, around(0.5))),
                        one.search(),
                        List.of(new Atom(text, 1, 2, text)),
                        one.stability()))
                .toList();
        Plan plan =
                new Plan(text, text, true, List.of(1L), Gates.defaults(), List.of(new Prediction("S1", text, text)));
        ReadingEvidence reading = new ReadingEvidence(
                text,
                List.of(new Matching(text, false, 1, around(0.5), 0.5, false, List.of(text))),
                List.of(new Edit(text, text, text, 1, 2, 3)),
                List.of(new Composition(text, List.of(text, text), List.of(text, ""), 0.5, List.of(text, "other"))),
                0.5,
                NONE);
        List<DistilEvidence> distilled =
                List.of(new DistilEvidence(text, text, text, 1, 16, 0.5, around(0.5), new Training(10, 0.1, 0.2, 0.3)));
        List<Predicate> predicates =
                List.of(new Predicate(text, text, new Skill(0.1, 0.2), 0.3, 0.4, pools(0.5, 0, 2), 3));
        List<ClaimVerdict> claims = claims().stream()
                .map(claim -> new ClaimVerdict(
                        claim.claim(),
                        text,
                        claim.holds(),
                        claim.cause(),
                        text,
                        List.of(new Figure(text, text, text, text), new Figure(text, text, "", "assay verdict"))))
                .toList();
        return new Verdicts(
                new StudyEvidence(plan, targets, distilled, reading, predicates, List.of(new Failure(text, text))),
                claims);
    }

    /// Where it came from.
    static StudyRun run() {
        return new StudyRun(
                new StudyRun.Model("SmolLM2-135M-Instruct.Q4_1", "b1".repeat(32), 576),
                Map.of(
                        "command",
                        COMMAND,
                        "version",
                        "0.1.0",
                        "started",
                        "2026-11-25T02:10:04Z",
                        "hashes",
                        Map.of("model", "b1".repeat(32), "study", "5d".repeat(32))),
                541.3,
                "study");
    }

    private static StudyEvidence evidence() {
        List<TargetEvidence> targets = new ArrayList<>();
        for (long seed : List.of(0L, 1L, 2L)) {
            targets.add(target("pirate", "prompt", "Talk like a pirate.", seed, 0.88, 0.952));
            targets.add(target("be brief", "prompt", "Be brief.", seed, 0.41, 0.81));
            targets.add(target("Coca-Cola salesman", "prompt", "You sell Coca-Cola.", seed, 0.37, 0.70));
            targets.add(target("three parts", "planted", "", seed, 0.62, 0.994));
            targets.add(target("pirate, distilled", "soft", "", seed, 0.81, 0.913));
            targets.add(target("french, tuned", "soft", "", seed, 0.74, 0.903));
            targets.add(target("pirate-lora", "adapter", "", seed, 0.70, 0.783));
            targets.add(target("random soft 1", "random-soft", "", seed, 0.11, 0.478));
            targets.add(target("gibberish 1", "gibberish", "xq jjv 77 pl", seed, 0.21, 0.571));
        }
        targets.add(target("shuffled pirate", "null-shuffled", "", 0, -0.14, 0.031));
        targets.add(target("noise tokens", "null-noise", "", 0, 0.13, 0.402));
        targets.add(unmeasured());
        return new StudyEvidence(
                new Plan("default", "5d".repeat(32), true, List.of(0L, 1L, 2L), Gates.defaults(), predictions()),
                targets,
                distilled(),
                reading(),
                predicates(),
                List.of(
                        new Failure(
                                "adapter json-lora",
                                "adapters/json-lora/adapter_model.safetensors: expected 240 tensors, found 238."
                                        + " Download it again."),
                        new Failure("untrained weights, seed 1", "memory: expected 1.1 GB free, found 0.7 GB.")));
    }

    private static TargetEvidence target(String name, String kind, String text, long seed, double first, double last) {
        double shift = 0.006 * seed;
        List<Point> curve = SIZES.stream()
                .map(k -> {
                    double share = Math.log(k) / Math.log(200);
                    double closed = first + (last - first) * (1 - Math.pow(1 - share, 2)) - shift;
                    double random = Math.max(-0.2, last * 0.86 * share * share - 0.03 + shift);
                    return new Point(
                            k,
                            around(closed),
                            k > 50 ? UNMEASURED : around(closed - 0.04),
                            around(random),
                            around(closed - random),
                            113.4 * k,
                            0.93 + 0.11 * k);
                })
                .toList();
        boolean planted = kind.equals("planted");
        return new TargetEvidence(
                new Target(name, kind, text),
                seed,
                new Kl(0.538, 0.713, 0.061, 0.497),
                curve,
                List.of(
                        new Control("token noise", 20, around(0.17 + shift)),
                        new Control("prompts of another target", 20, around(0.43)),
                        new Control("best single prompt, scaled", 1, around(first)),
                        new Control("constant offset of as many numbers", 20, around(0.29)),
                        new Control("dense ridge", 600, around(Math.min(0.99, last + 0.02))),
                        new Control("SVD oracle", 20, around(0.97))),
                new Search(
                        256,
                        around(last * 0.58),
                        around(last * 0.83),
                        around(last * 0.86),
                        new Interval(last * 0.28, last * 0.28 - 0.04, last * 0.28 + 0.05),
                        planted ? 0.86 - shift : NONE),
                List.of(
                        new Atom("Act as a pirate who helps those who help.", 0.663, 31.2, "atlas"),
                        new Atom("You are the captain of a ship.", 0.214, 22.7, "searched"),
                        new Atom("Answer in one word.", -0.127, 18.9, "atlas"),
                        new Atom("Sing a sea shanty.", 0.09, 44.1, "atlas"),
                        new Atom("Speak in the plural.", 0.05, 39.3, "atlas"),
                        new Atom("Be rude.", 0.04, 61.7, "atlas")),
                new Stability(20, 0.63, 0.41, 214.3, 0.95));
    }

    private static TargetEvidence unmeasured() {
        return new TargetEvidence(
                new Target("untrained weights", "null-untrained", ""),
                0,
                new Kl(NONE, NONE, NONE, NONE),
                List.of(),
                List.of(),
                new Search(0, UNMEASURED, UNMEASURED, UNMEASURED, UNMEASURED, NONE),
                List.of(),
                new Stability(0, NONE, NONE, NONE, NONE));
    }

    private static List<Prediction> predictions() {
        return List.of(
                new Prediction("S1", "yes", "Most adapters of low rank ask for what a prompt could ask for."),
                new Prediction("S2", "no", "Random prompts close much at K = 100; the excess will be small there."),
                new Prediction("S3", "yes", "The screen finds in seconds what sampling does not."),
                new Prediction("S5", "no", "A log pool is an AND, a predicate is an OR."));
    }

    private static List<DistilEvidence> distilled() {
        return List.of(
                distil("pirate-lora", "elicitation", "works", 0.931, 0.71, 0.81),
                distil("pirate-lora", "elicitation", "works", 0.924, 0.70, 0.80),
                distil("legal-topic-lora", "topic", "works", 0.883, 0.52, 0.55),
                distil("capitals-lora", "memorised", "fails", 0.713, 0.19, 0.36),
                distil("rot13-lora", "skill", "fails", 0.247, -0.12, 0.14),
                new DistilEvidence(
                        "json-lora", "broad", "works", 0, 16, NONE, UNMEASURED, new Training(0, NONE, NONE, NONE)));
    }

    private static DistilEvidence distil(
            String name, String kind, String predicted, double closed, double prompt, double cosine) {
        Training training = new Training(180, 0.0041, prompt, cosine);
        return new DistilEvidence(name, kind, predicted, 0, 16, 0.538, around(closed), training);
    }

    private static ReadingEvidence reading() {
        return new ReadingEvidence(
                "lexical",
                List.of(
                        matching(ReadingEvidence.FOUND, false, 0.927, List.of("be brief → one sentence", "sad → dull")),
                        matching("contrastive", false, 0.61, List.of("pirate → sailor")),
                        matching("random", true, 0.024, List.of()),
                        matching("derangement", true, 0.0, List.of()),
                        matching("noise", true, 0.049, List.of()),
                        new Matching("untrained", true, 41, UNMEASURED, 0.0244, true, List.of())),
                List.of(
                        new Edit("pirate", "pirate → cowboy", "Talk like a cowboy.", 0.614, 0.221, 7),
                        new Edit("answer in French", "French → Spanish", "Answer in Spanish.", 0.583, 0.197, 11),
                        new Edit("be brief", "brief → verbose", "Be verbose.", 0.127, 0.203, 4),
                        new Edit("sad", "sad → happy", "You are happy.", NONE, NONE, 0)),
                List.of(
                        new Composition(
                                "You are a depressed robot who hates its job.",
                                List.of("robot", "depressed"),
                                List.of("You are a robot with no legs.", "You are an unhappy romantic."),
                                0.871,
                                List.of(
                                        "You are a robot with no legs.",
                                        "You are an unhappy romantic.",
                                        "Complain about everything.")),
                        new Composition(
                                "Answer in French, in capital letters.",
                                List.of("French", "capitals"),
                                List.of("Answer in French.", ""),
                                0.57,
                                List.of("Answer in French.", "Translate it."))),
                0.58,
                NONE);
    }

    private static Matching matching(String texts, boolean isNull, double right, List<String> misses) {
        Interval interval = new Interval(right, Math.max(0, right - 0.07), right + 0.06);
        return new Matching(texts, isNull, 41, interval, 0.0244, isNull, misses);
    }

    private static List<Predicate> predicates() {
        Skill skill = new Skill(0.43, 0.52);
        return List.of(
                new Predicate("odd number of votes", "ordinary", skill, 0.121, 0.031, pools(0.76, 0, 61), 37.4),
                new Predicate("odd number of votes", "telling", skill, 1.94, 0.412, pools(0.58, 0, 61), 12.9),
                new Predicate(
                        "a colour of the rainbow",
                        "ordinary",
                        new Skill(0.71, 0.94),
                        0.31,
                        0.11,
                        pools(0.91, 13, 8),
                        21),
                new Predicate(
                        "a colour of the rainbow",
                        "telling",
                        new Skill(0.71, 0.94),
                        2.3,
                        0.6,
                        pools(0.84, 0, 8),
                        NONE));
    }

    private static Pools pools(double logPool, int reached, int excluded) {
        return new Pools(
                20,
                around(logPool),
                around(logPool - 0.3),
                around(logPool - 0.42),
                around(Math.min(0.98, logPool + 0.13)),
                reached > 0 ? UNMEASURED : around(Math.min(0.99, logPool + 0.2)),
                reached,
                excluded);
    }

    private static List<ClaimVerdict> claims() {
        return List.of(
                claim(
                        "S1",
                        "many low-rank fine-tunes are well approximated by soft prompts",
                        Outcome.UNDECIDED,
                        Cause.STILL_LEARNING,
                        "two of five adapters reach the gate, and two others were still gaining.",
                        figure("adapters that reach the gate", "2 of 5", "more than half")),
                claim(
                        "S2",
                        "most soft prompts are a linear combination of 20–100 hard prompts",
                        Outcome.NO,
                        Cause.MEANINGLESS,
                        "at a hundred prompts random ones close nearly as much; only short lists are far ahead.",
                        figure("closed at 20, mean over soft prompts", "91.2%", "at least 90%"),
                        figure("excess at 100", "6.1 points [3.9, 8.0]", "above 0")),
                claim(
                        "S3",
                        "those prompts are discoverable in a dictionary of vocab^length",
                        Outcome.YES,
                        Cause.NONE,
                        "searched lists beat as many random runs on every target.",
                        figure("gain, mean", "24 points [20, 29]", "at least 10"),
                        new Figure("planted prompts found again, F1", "0.85", "at least 0.80", COMMAND + " --seed 1")),
                claim(
                        "S4",
                        "they are readable, not token noise",
                        Outcome.YES,
                        Cause.NONE,
                        "a blind reader names 38 of 41 targets, and every null sits at chance.",
                        figure("blind matches right", "92.7% [85.7, 98.7]", "at least 90%")),
                claim(
                        "S5",
                        "the Electoral College prompt is such a combination, and 50,000 dimensions do not matter",
                        Outcome.NO,
                        Cause.OR_NOT_AND,
                        "a linear pool of answers closes what the log pool does not.",
                        figure("log pool, telling contexts", "58%", "at least 90%"),
                        figure("linear pool, telling contexts", "71%", "")),
                claim(
                        "S6",
                        "otherwise the idea is bad",
                        Outcome.UNDECIDED,
                        Cause.UNSETTLED,
                        "two claims fail and one is open, so the idea is neither carried nor refuted.",
                        figure("claims that fail", "2 of 5", "")));
    }

    private static ClaimVerdict claim(
            String claim, String statement, Outcome holds, Cause cause, String because, Figure... figures) {
        return new ClaimVerdict(claim, statement, holds, cause, because, List.of(figures));
    }

    private static Figure figure(String name, String value, String gate) {
        return new Figure(name, value, gate, COMMAND);
    }

    private static Interval around(double value) {
        return new Interval(value, value - 0.027, value + 0.024);
    }
}
