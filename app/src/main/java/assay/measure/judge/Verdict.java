package assay.measure.judge;

import assay.base.sparse.Interval;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Outcome;
import java.util.Locale;

/// Judges what one explanation says about a claim. The gates are constants, written before any figure was
/// seen.
public final class Verdict {
    /// Closed that counts as faithful (proxy-tuning, arXiv 2401.08565, closes .88 to .91 of a chat model's
    /// gap by one logit difference).
    public static final double FAITHFUL = 0.90;
    /// KL(target ‖ base) in nats per token below which there is nothing to explain.
    public static final double NOTHING = 0.005;

    private Verdict() {}

    /// Claim S2 for one target: a short list of prompts stands for it, and does so better than chance.
    static Finding sparse(double klBase, Explanation.Step step, Interval dense) {
        if (klBase < NOTHING) {
            return finding(
                    Outcome.UNDECIDED,
                    "the target hardly differs from the base (" + number(klBase, 4)
                            + " nats/token): there is nothing to explain.");
        }
        String list = count(step.k());
        if (step.excess().low() <= 0) {
            return finding(
                    Outcome.NO,
                    list + " close " + step.closed().written() + ", but as many random prompts close "
                            + step.random().written() + ": faithful or not, the list means nothing.");
        }
        if (step.closed().low() >= FAITHFUL) {
            return finding(
                    Outcome.YES,
                    list + " close " + step.closed().written() + " on unseen turns, "
                            + step.excess().written() + " more than as many random prompts; the gate is "
                            + number(FAITHFUL, 2) + ".");
        }
        if (step.closed().high() >= FAITHFUL) {
            return finding(
                    Outcome.UNDECIDED,
                    list + " close " + step.closed().written() + ": the interval straddles the gate of "
                            + number(FAITHFUL, 2) + ". More user turns would settle it.");
        }
        return finding(
                Outcome.NO,
                list + (step.k() == 1 ? " closes only " : " close only ")
                        + step.closed().written() + " (gate "
                        + number(FAITHFUL, 2) + "): " + cause(dense) + " The excess over random prompts is "
                        + step.excess().written() + ".");
    }

    private static String cause(Interval dense) {
        if (dense.high() < FAITHFUL) {
            return "even these and the random prompts together reach only " + dense.written()
                    + ", so these prompts do not hold it, in whatever number.";
        }
        return "these and the random prompts reach " + dense.written()
                + " together, so the prompts hold it but not sparsely.";
    }

    private static Finding finding(Outcome outcome, String because) {
        return new Finding("S2", outcome, because);
    }

    private static String count(int k) {
        return k + (k == 1 ? " prompt" : " prompts");
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
