package assay.measure.judge;

import assay.base.sparse.Interval;
import assay.measure.judge.Explanation.Finding;
import java.util.Locale;

/// What one explanation says about claim S2, in words. The gates are the usual ones.
public final class Verdict {
    private Verdict() {}

    /// Claim S2 for one target: a short list of prompts stands for it, and does so better than chance.
    ///
    /// @param dense what the chosen and the random prompts close together
    public static Finding sparse(double klBase, Explanation.Step step, Interval dense) {
        double gate = Gates.defaults().closed();
        Ruling ruling = Ruling.sparse(klBase, step.worse(), step.excess(), dense, gate);
        return new Finding(Claim.S2, ruling.outcome(), because(ruling.cause(), klBase, step, dense));
    }

    private static String because(Cause cause, double klBase, Explanation.Step step, Interval dense) {
        String list = step.k() + (step.k() == 1 ? " prompt" : " prompts");
        String closed = step.worse().written() + (step.ownIsWorse() ? " on the target's own answers" : "");
        String excess = step.excess().written();
        String gate = number(Gates.defaults().closed(), 2);
        return switch (cause) {
            case NOT_MEASURED ->
                Ruling.isNothing(klBase)
                        ? "the target hardly differs from the base (" + number(klBase, 4)
                                + " nats/token): there is nothing to explain."
                        : "what " + list + " and as many random ones close was not measured.";
            case MEANINGLESS ->
                list + " close " + step.closed().written() + ", but as many random prompts close "
                        + step.random().written() + ": faithful or not, the list means nothing.";
            case NONE ->
                list + " close " + closed
                        + (step.ownIsWorse() ? " (" + step.closed().written() + " on others')" : "")
                        + " on unseen turns, " + excess
                        + " more than as many random prompts; the gate is " + gate + ".";
            case UNSETTLED ->
                list + " close " + closed + ": the interval straddles the gate of " + gate
                        + ". More user turns would settle it.";
            default ->
                list + (step.k() == 1 ? " closes only " : " close only ") + closed + " (gate " + gate + "): "
                        + lacking(cause, dense) + " The excess over random prompts is " + excess + ".";
        };
    }

    private static String lacking(Cause cause, Interval dense) {
        return cause == Cause.NOT_SPARSE
                ? "these and the random prompts reach " + dense.written()
                        + " together, so the prompts hold it but not sparsely."
                : "even these and the random prompts together reach only " + dense.written()
                        + ", so these prompts do not hold it, in whatever number.";
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
