package assay.tasks.distil;

import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Gates;
import assay.measure.judge.Outcome;
import assay.measure.judge.Ruling;
import java.util.List;
import java.util.Locale;

/// What one training says about its claim, in words. The gates are the usual ones.
public final class DistilVerdict {
    private static final String GATE = format("%.2f", Gates.defaults().closed());

    private DistilVerdict() {}

    /// Claim S1 for one adapter: a soft prompt of this length stands in for it.
    ///
    /// @param looks closed on the search split as training went on, to tell whether more steps would help
    public static Finding soft(
            Explanation.Divergence divergence, Distillation.Fidelity fidelity, int tokens, List<Double> looks) {
        Ruling ruling = Ruling.distilled(
                divergence.foreign(),
                fidelity.foreign(),
                late(looks),
                Gates.defaults().closed());
        if (Ruling.isNothing(divergence.foreign())) {
            return new Finding(
                    Claim.S1,
                    ruling.outcome(),
                    "the teacher hardly differs from the base (" + format("%.4f", divergence.foreign())
                            + " nats/token): there is nothing to distil.");
        }
        String figures = tokens + (tokens == 1 ? " soft token closes " : " soft tokens close ")
                + fidelity.foreign().written() + " on unseen turns (gate " + GATE + "), "
                + fidelity.own().written()
                + " on the teacher's own answers, " + fidelity.untrained().written() + " before training";
        return new Finding(Claim.S1, ruling.outcome(), figures + ending(ruling.outcome(), looks));
    }

    /// Whether what was baked does what its prompt or its examples ask for.
    public static Finding baked(Explanation.Divergence divergence, Distillation.Fidelity fidelity) {
        Ruling ruling = Ruling.closing(
                divergence.foreign(), fidelity.foreign(), Gates.defaults().closed(), Cause.NEEDS_ATTENTION);
        return new Finding(
                Claim.BAKED,
                ruling.outcome(),
                "it closes " + fidelity.foreign().written() + " of " + format("%.3f", divergence.foreign())
                        + " nats per token on unseen user turns (gate " + GATE + ").");
    }

    private static String ending(Outcome outcome, List<Double> looks) {
        return switch (outcome) {
            case YES -> ".";
            case UNDECIDED -> ": the interval straddles the gate. " + progress(looks);
            case NO -> ". " + progress(looks);
        };
    }

    /// Whether training had come to rest.
    private static String progress(List<Double> looks) {
        double late = late(looks);
        if (Double.isNaN(late)) {
            return "Training was too short to say why.";
        }
        return late > Gates.STILL_RISING
                ? "The search split was still improving (" + format("%+.3f", late)
                        + " in the last quarter): more steps may reach it."
                : "The search split had come to rest (" + format("%+.3f", late)
                        + " in the last quarter) as the learning rate fell: a longer schedule may find a little more.";
    }

    /// Closed gained in the last quarter of the looks; NaN if they are too few.
    private static double late(List<Double> looks) {
        return looks.size() < 4 ? Double.NaN : looks.getLast() - looks.get(looks.size() - 1 - looks.size() / 4);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
