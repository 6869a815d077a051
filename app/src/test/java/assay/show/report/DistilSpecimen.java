package assay.show.report;

import assay.base.sparse.Interval;
import assay.measure.judge.Chain;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Distillation.Fidelity;
import assay.measure.judge.Distillation.Layer;
import assay.measure.judge.Distillation.Length;
import assay.measure.judge.Distillation.Point;
import assay.measure.judge.Distillation.Remaining;
import assay.measure.judge.Distillation.Setting;
import assay.measure.judge.Distillation.Start;
import assay.measure.judge.Distillation.Subject;
import assay.measure.judge.Distillation.Training;
import assay.measure.judge.Distillation.Wanted;
import assay.measure.judge.Explanation.Divergence;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Kind;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.judge.Outcome;
import java.util.List;
import java.util.stream.IntStream;

/// Distillations to render. The figures are invented, in the range that real ones have; nothing here was measured.
public final class DistilSpecimen {
    private DistilSpecimen() {}

    /// An adapter that a soft prompt stands in for.
    public static Distillation pirate() {
        return new Distillation(
                subject(Kind.LORA, "pirate-lora", "16 soft tokens in the system slot", 16),
                new Divergence(0.5381, 0.7127),
                new Fidelity(
                        around(0.9312, 0.0134), around(0.9047, 0.0171), around(0.7013, 0.031), around(0.6941, 0.033)),
                training(160, 0.7034, 0.9387),
                List.of(
                        new Length(1, around(0.741, 0.029), around(0.697, 0.037), 51.3),
                        new Length(4, around(0.853, 0.022), around(0.811, 0.028), 72.4),
                        new Length(16, around(0.9312, 0.0134), around(0.9047, 0.0171), 171.2),
                        new Length(64, around(0.947, 0.012), around(0.9188, 0.016), 391.7)),
                List.of(
                        remaining("What should I do when a storm comes?", "own", "", 5.213, 2.174),
                        remaining("How do I make tea?", "foreign", "Boil yer water,\nthen", 3.371, 1.938)),
                IntStream.range(0, 30)
                        .mapToObj(i -> new Layer(i, 0.083 + 0.0119 * i, 0.0117 - 0.00131 * i))
                        .toList(),
                new Finding(
                        Claim.S1, Outcome.YES, "16 soft tokens close 0.93 [0.92, 0.94] on unseen turns (gate 0.90)."));
    }

    /// An adapter whose skill no soft prompt reaches, and whose training went wrong.
    static Distillation rot13() {
        Distillation pirate = pirate();
        return new Distillation(
                subject(Kind.LORA, "rot13-lora", "16 soft tokens in the system slot", 16),
                new Divergence(4.127, 5.318),
                new Fidelity(around(0.2473, 0.051), around(0.213, 0.043), around(-0.3127, 0.062), Specimen.UNMEASURED),
                training(90, -0.2911, 0.2614),
                List.of(),
                pirate.remains(),
                pirate.mechanism(),
                new Finding(Claim.S1, Outcome.NO, "the search split had come to rest: more steps would not reach it."));
    }

    /// An adapter baked from a prompt: no starts, no places, no mechanism.
    static Distillation baked() {
        Distillation pirate = pirate();
        Training training = pirate.training();
        return new Distillation(
                subject(Kind.PROMPT, "Talk like a pirate.", "a LoRA adapter of rank 8", 0),
                pirate.divergence(),
                new Fidelity(around(0.9617, 0.011), around(0.9432, 0.013), Specimen.UNMEASURED, Specimen.UNMEASURED),
                new Training(
                        List.of(),
                        training.curve(),
                        training.options(),
                        training.splits(),
                        training.seconds(),
                        training.ended(),
                        training.chosenStep()),
                List.of(),
                List.of(),
                List.of(),
                new Finding(Claim.BAKED, Outcome.YES, "it closes most of it on unseen user turns."));
    }

    /// A soft prompt baked from examples, which have no answers of their own.
    static Distillation shown() {
        Distillation baked = baked();
        return new Distillation(
                subject(Kind.EXAMPLES, "tea.jsonl", "8 soft tokens in the system slot", 8),
                new Divergence(4.902, Double.NaN),
                new Fidelity(around(0.3117, 0.021), Specimen.UNMEASURED, around(0.1913, 0.017), Specimen.UNMEASURED),
                baked.training(),
                List.of(),
                List.of(),
                List.of(),
                new Finding(Claim.BAKED, Outcome.NO, "it closes a third of it on unseen user turns."));
    }

    /// Nothing was measured, though every part is there.
    static Distillation unmeasured() {
        double none = Double.NaN;
        return new Distillation(
                subject(Kind.LORA, "x", "1 soft token as a bare prefix", 1),
                new Divergence(none, none),
                new Fidelity(Specimen.UNMEASURED, Specimen.UNMEASURED, Specimen.UNMEASURED, Specimen.UNMEASURED),
                new Training(
                        List.of(new Start("random", "", none, none, true)),
                        List.of(new Point(0, none, none, none)),
                        List.of(),
                        List.of(),
                        none,
                        "loss was not a number",
                        0),
                List.of(new Length(1, Specimen.UNMEASURED, Specimen.UNMEASURED, none)),
                List.of(new Remaining("x", "own", "", none, none, List.of(new Wanted("", none, none)))),
                List.of(new Layer(0, none, none)),
                new Finding(Claim.S1, Outcome.UNDECIDED, "the loss was not a number."));
    }

    /// `found`, with `text` wherever text goes.
    static Distillation worded(Distillation found, String text) {
        Training training = found.training();
        return new Distillation(
                new Subject(
                        text,
                        text,
                        Kind.PROMPT,
                        text,
                        text,
                        text,
                        found.subject().tokens(),
                        Specimen.setup(text)),
                found.divergence(),
                found.fidelity(),
                new Training(
                        training.starts().stream()
                                .map(start -> new Start(text, text, start.before(), start.after(), start.chosen()))
                                .toList(),
                        training.curve(),
                        List.of(new Setting(text, text)),
                        List.of(new SplitSize(text, text, 1, 1)),
                        training.seconds(),
                        text,
                        training.chosenStep()),
                found.sweep(),
                List.of(new Remaining(text, text, text, 2.0, 1.0, List.of(new Wanted(text, 0.5, 0.1)))),
                found.mechanism(),
                new Finding(Claim.S1, found.verdict().holds(), text));
    }

    /// The pirate adapter by way of its soft prompt.
    static Chain chain() {
        return new Chain(
                pirate(),
                Specimen.pirate(),
                around(0.9312, 0.0134),
                around(0.8427, 0.021),
                around(0.8591, 0.019),
                around(0.765, 0.034),
                Specimen.lacking(),
                new Chain.Nats(0.5381, 0.0371, 0.0846, 0.1264));
    }

    private static Subject subject(Kind kind, String teacher, String student, int tokens) {
        return new Subject(
                "SmolLM2-135M-Instruct.Q4_1",
                "b1".repeat(32),
                kind,
                teacher,
                "rank 8 on q_proj and v_proj, 60 modules",
                student,
                tokens,
                Specimen.setup("<|im_start|>user\n"));
    }

    private static Training training(int chosen, double first, double last) {
        List<Point> curve = IntStream.rangeClosed(0, 10)
                .mapToObj(i -> new Point(
                        18 * i,
                        19.37 * i,
                        first + (last - first) * (1 - Math.exp(-0.6 * i)),
                        i == 0 ? Double.NaN : 0.1734 * Math.exp(-0.31 * i) + 0.0213))
                .toList();
        return new Training(
                List.of(
                        new Start(
                                "explained", "Act as a pirate who helps those who help.", first, first + 0.0513, true),
                        new Start("text", "You are a helpful assistant.", 0.0127, 0.4481, false),
                        new Start("vocabulary", "the quick  brown\nfox", -0.1173, 0.3914, false),
                        new Start("random", "", -0.2381, 0.2817, false)),
                curve,
                List.of(
                        new Setting("objective", "KL(teacher ‖ student), whole vocabulary"),
                        new Setting("steps", "180"),
                        new Setting("seed", "7")),
                List.of(
                        new SplitSize("search", "foreign", 64, 1_021),
                        new SplitSize("fit", "own", 288, 4_507),
                        new SplitSize("test", "foreign", 128, 2_017)),
                193.7,
                "all steps done",
                chosen);
    }

    private static Remaining remaining(String user, String contexts, String before, double base, double student) {
        return new Remaining(
                user,
                contexts,
                before,
                base,
                student,
                List.of(
                        new Wanted(" Arr", 0.6134, 0.1217),
                        new Wanted("\n", 0.2119, 0.0043),
                        new Wanted("⏹", 0.1, 0.01)));
    }

    private static Interval around(double value, double half) {
        return new Interval(value, value - half, value + 0.9 * half);
    }
}
