package assay.lab.scorecard;

import assay.base.sparse.Interval;
import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ClaimVerdict.Figure;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.ReadingEvidence.Composition;
import assay.lab.claims.ReadingEvidence.Edit;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Failure;
import assay.lab.claims.StudyEvidence.Plan;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.StudyEvidence.Prediction;
import assay.lab.claims.StudyEvidence.Skill;
import assay.lab.claims.StudyEvidence.Training;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetEvidence.Atom;
import assay.lab.claims.TargetEvidence.Target;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Claim;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Gates;
import assay.measure.judge.Ruling;
import java.util.List;
import java.util.Map;

/// Judged studies to render. The figures are invented, in the range that real ones have; nothing here was measured.
public final class VerdictSpecimen {
    private static final String HOSTILE =
            "</style><script>alert(1)</script>\"q\" 'a' &amp; & ]]> <!-- \u0007\u001b[31m\u202e שלום 日本語 "
                    + "x".repeat(150);
    private static final double NONE = Double.NaN;
    private static final Interval UNMEASURED = new Interval(NONE, NONE, NONE);
    static final String COMMAND = "assay verdict --model smollm2-135m --quick --out study";

    private VerdictSpecimen() {}

    /// Every study below, two with hostile and with no text.
    static List<Verdicts> all() {
        return List.of(mixed(), empty(), worded(HOSTILE), worded(""));
    }

    /// A study with every outcome, two failures, nulls, and figures that were not measured.
    public static Verdicts mixed() {
        return new Verdicts(evidence(), ClaimSpecimen.claims());
    }

    /// A study that could run nothing.
    public static Verdicts empty() {
        Plan plan = new Plan("empty", "0e".repeat(32), false, List.of(), Gates.defaults(), List.of(), false, COMMAND);
        ReadingEvidence reading = new ReadingEvidence("lexical", List.of(), List.of(), List.of(), NONE, NONE);
        List<ClaimVerdict> claims = ClaimSpecimen.claims().stream()
                .map(claim -> new ClaimVerdict(claim.claim(), Ruling.NOT_MEASURED, "nothing was measured.", List.of()))
                .toList();
        return new Verdicts(new StudyEvidence(plan, List.of(), List.of(), reading, List.of(), List.of()), claims);
    }

    /// `found`, with `text` wherever text goes.
    public static Verdicts worded(String text) {
        StudyEvidence evidence = evidence();
        List<TargetEvidence> targets = evidence.targets().stream()
                .map(one -> new TargetEvidence(
                        new Target(text, one.target().kind(), text),
                        one.seed(),
                        one.kl(),
                        one.curve(),
                        List.of(new Control(ControlKind.WRONG, 1, around(0.5))),
                        one.search(),
                        List.of(new Atom(text, 1, 2, text)),
                        one.stability()))
                .toList();
        Plan plan = new Plan(
                text,
                text,
                true,
                List.of(1L),
                Gates.defaults(),
                List.of(new Prediction(Claim.S1, text, text)),
                false,
                text);
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
        List<ClaimVerdict> claims = ClaimSpecimen.claims().stream()
                .map(claim -> new ClaimVerdict(
                        claim.claim(),
                        claim.ruling(),
                        text,
                        List.of(new Figure(text, text, text, text), new Figure(text, text, "", "assay verdict"))))
                .toList();
        return new Verdicts(
                new StudyEvidence(plan, targets, distilled, reading, predicates, List.of(new Failure(text, text))),
                claims);
    }

    /// Where it came from.
    public static StudyRun run() {
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
        List<TargetEvidence> targets = TargetSpecimen.all();
        return new StudyEvidence(
                new Plan(
                        "default",
                        "5d".repeat(32),
                        true,
                        List.of(0L, 1L, 2L),
                        Gates.defaults(),
                        predictions(),
                        false,
                        COMMAND),
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

    private static List<Prediction> predictions() {
        return List.of(
                new Prediction(Claim.S1, "yes", "Most adapters of low rank ask for what a prompt could ask for."),
                new Prediction(Claim.S2, "no", "Random prompts close much at K = 100; the excess will be small there."),
                new Prediction(Claim.S3, "yes", "The screen finds in seconds what sampling does not."),
                new Prediction(Claim.S5, "no", "A log pool is an AND, a predicate is an OR."));
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

    static Interval around(double value) {
        return new Interval(value, value - 0.027, value + 0.024);
    }
}
