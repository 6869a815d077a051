package assay.measure.judge;

import assay.base.sparse.Interval;

/// What became of one case, and why: the rules that single runs and studies share.
///
/// @param outcome what became of it
/// @param cause why it is not a plain yes
public record Ruling(Outcome outcome, Cause cause) {
    /// It holds.
    public static final Ruling YES = new Ruling(Outcome.YES, Cause.NONE);

    /// Too little was measured to say.
    public static final Ruling NOT_MEASURED = undecided(Cause.NOT_MEASURED);

    /// It does not hold.
    public static Ruling no(Cause cause) {
        return new Ruling(Outcome.NO, cause);
    }

    /// It stays open.
    public static Ruling undecided(Cause cause) {
        return new Ruling(Outcome.UNDECIDED, cause);
    }

    /// Where an interval stands to a gate: above it, below it, or across; undecided if it was not measured.
    ///
    /// @param cause of a no
    public static Ruling against(Interval interval, double gate, Cause cause) {
        if (Double.isNaN(interval.low()) || Double.isNaN(interval.high())) {
            return NOT_MEASURED;
        }
        if (interval.low() >= gate) {
            return YES;
        }
        return interval.high() >= gate ? undecided(Cause.UNSETTLED) : no(cause);
    }

    /// The same for what is closed of a divergence, which must be there to be closed.
    ///
    /// @param klBase KL(target ‖ base), nats per token
    public static Ruling closing(double klBase, Interval closed, double gate, Cause cause) {
        return isNothing(klBase) ? NOT_MEASURED : against(closed, gate, cause);
    }

    /// S1 for one adapter: a soft prompt stands in for it.
    ///
    /// @param lastGain closed gained in the last quarter of its training
    public static Ruling distilled(double klBase, Interval closed, double lastGain, double gate) {
        boolean isRising = lastGain > Gates.STILL_RISING;
        return closing(klBase, closed, gate, isRising ? Cause.STILL_LEARNING : Cause.NEEDS_ATTENTION);
    }

    /// S2 for one target: a short list of prompts stands in for it, and better than as many random ones.
    ///
    /// @param excess closed beyond what random prompts close
    /// @param dense what all prompts together close
    public static Ruling sparse(double klBase, Interval closed, Interval excess, Interval dense, double gate) {
        if (isNothing(klBase) || Double.isNaN(excess.low())) {
            return NOT_MEASURED;
        }
        if (!(excess.low() > 0)) {
            return no(Cause.MEANINGLESS);
        }
        return against(closed, gate, dense.high() >= gate ? Cause.NOT_SPARSE : Cause.DICTIONARY_LACKS);
    }

    /// Whether a target hardly differs from the base, or it is not known whether it does.
    public static boolean isNothing(double klBase) {
        return !(klBase >= Gates.NOTHING);
    }
}
