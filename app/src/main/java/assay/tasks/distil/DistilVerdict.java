package assay.tasks.distil;

import assay.base.sparse.Interval;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Outcome;
import assay.measure.judge.Verdict;
import java.util.List;
import java.util.Locale;

/// Judges what one distillation says about claim S1. The gates are those of [Verdict], written before any
/// figure was seen.
public final class DistilVerdict {
    private DistilVerdict() {}

    /// Claim S1 for one adapter: a soft prompt of this length stands in for it.
    ///
    /// @param looks closed on the search split as training went on, to tell whether more steps would help
    public static Finding soft(
            Explanation.Divergence divergence, Distillation.Fidelity fidelity, int tokens, List<Double> looks) {
        if (divergence.foreign() < Verdict.NOTHING) {
            return new Finding(
                    "S1",
                    Outcome.UNDECIDED,
                    "the teacher hardly differs from the base (" + format("%.4f", divergence.foreign())
                            + " nats/token): there is nothing to distil.");
        }
        String gate = " (gate " + format("%.2f", Verdict.FAITHFUL) + ")";
        String figures = tokens + (tokens == 1 ? " soft token closes " : " soft tokens close ")
                + fidelity.foreign().written() + " on unseen turns" + gate + ", "
                + fidelity.own().written()
                + " on the teacher's own answers, " + fidelity.untrained().written() + " before training";
        if (fidelity.foreign().low() >= Verdict.FAITHFUL) {
            return new Finding("S1", Outcome.YES, figures + ".");
        }
        if (fidelity.foreign().high() >= Verdict.FAITHFUL) {
            return new Finding(
                    "S1", Outcome.UNDECIDED, figures + ": the interval straddles the gate. " + progress(looks));
        }
        return new Finding("S1", Outcome.NO, figures + ". " + progress(looks));
    }

    /// Whether what was baked does what its prompt or its examples ask for.
    public static Finding baked(Explanation.Divergence divergence, Distillation.Fidelity fidelity) {
        Interval closed = fidelity.foreign();
        String figures = "it closes " + closed.written() + " of " + format("%.3f", divergence.foreign())
                + " nats per token on unseen user turns (gate " + format("%.2f", Verdict.FAITHFUL) + ").";
        Outcome outcome = closed.low() >= Verdict.FAITHFUL
                ? Outcome.YES
                : closed.high() >= Verdict.FAITHFUL ? Outcome.UNDECIDED : Outcome.NO;
        return new Finding("baked", divergence.foreign() < Verdict.NOTHING ? Outcome.UNDECIDED : outcome, figures);
    }

    /// Whether training had come to rest.
    private static String progress(List<Double> looks) {
        if (looks.size() < 4) {
            return "Training was too short to say why.";
        }
        double late = looks.getLast() - looks.get(looks.size() - 1 - looks.size() / 4);
        return late > 0.01
                ? "The search split was still improving (" + format("%+.3f", late)
                        + " in the last quarter): more steps may reach it."
                : "The search split had come to rest (" + format("%+.3f", late)
                        + " in the last quarter) as the learning rate fell: a longer schedule may find a little more.";
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
