package assay.web.site;

import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.tasks.session.Session;

/// How long an explanation will take and how much memory it will need, roughly: what has to be run is
/// counted, and how fast this machine runs it was measured when the page was started.
///
/// @param lowSeconds if all goes well
/// @param highSeconds if other programs want the machine too
/// @param bytes beyond what the page needs by itself
/// @param basis what it was counted from, in words
record Forecast(double lowSeconds, double highSeconds, long bytes, String basis) {
    /// Tails that share their question cost so much of a whole one.
    private static final double OWN_TAIL = 2.0 / 3;
    /// Fits, divergences and answers beside the runs of prompts.
    private static final double BESIDES = 1.35;
    /// An adapter by way of a soft prompt against the same directly.
    private static final double BY_SOFT = 2.2;

    private static final long WORKING_SET = 1L << 30;
    private static final long PER_PLACE_AND_PROMPT = 2_048;

    /// How fast this machine is.
    ///
    /// @param perTurn seconds to run one prompt on one user turn
    record Speed(double perTurn) {
        /// Measures it, in a second or so.
        static Speed measure(Session session, Atlas atlas) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Runner runner = new Runner(session.chat());
                var contexts = atlas.probe().contexts(Probe.Split.SEARCH, runner);
                runner.hidden(Behaviour.BASE, contexts.subList(0, 1));
                long begin = System.nanoTime();
                runner.hidden(Behaviour.BASE, contexts);
                return new Speed((System.nanoTime() - begin) / 1e9 / contexts.size());
            }
        }
    }

    /// Of an explanation.
    static Forecast of(Wanted wanted, Atlas atlas, int hidden, Speed speed) {
        double search = turns(atlas, Probe.Split.SEARCH);
        double fit = turns(atlas, Probe.Split.FIT);
        double test = turns(atlas, Probe.Split.TEST);
        var options = wanted.options();
        double foreignSearch = atlas.probe().turns(Probe.Split.SEARCH).size();
        double runs = 2 * (search + fit + test)
                + options.candidates() * fit
                + options.atoms() * 1.25 * (search + test)
                + options.nullPrompts() * 2.0 * fit
                + 2.0 * wanted.searched() * foreignSearch;
        double seconds = runs * speed.perTurn() * BESIDES * (wanted.softTokens() > 0 ? BY_SOFT : 1);
        long places = 2L * atlas.probe().positions(Probe.Split.FIT);
        long prompts = (long) options.candidates() + options.nullPrompts();
        long bytes = WORKING_SET + places * prompts * (PER_PLACE_AND_PROMPT + 8L * hidden);
        return new Forecast(
                0.7 * seconds,
                1.8 * seconds,
                wanted.softTokens() > 0 ? 2 * bytes : bytes,
                Math.round(runs) + " answers of 16 tokens have to be read, " + Math.round(1 / speed.perTurn())
                        + " a second on this machine now.");
    }

    /// Foreign tails and the target's own to every second turn.
    private static double turns(Atlas atlas, Probe.Split split) {
        int turns = atlas.probe().turns(split).size();
        return turns + turns / 2.0 * OWN_TAIL;
    }
}
