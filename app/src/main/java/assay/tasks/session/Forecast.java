package assay.tasks.session;

import assay.base.run.Stage;
import assay.discover.atlas.Atlas;
import assay.engine.model.LanguageModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Pace;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.List;
import java.util.Locale;

/// How long an explanation takes and how much memory, roughly: what has to be run is counted, and how fast this machine
/// runs it is measured just before. The page, `model check` and `explain` all say this.
///
/// @param lowSeconds if all goes well
/// @param highSeconds if other programs want the machine too
/// @param bytes of memory at most, of the whole program
/// @param basis what it was counted from, in words
public record Forecast(double lowSeconds, double highSeconds, long bytes, String basis) {
    /// Tails that share their question cost so much of a whole one.
    private static final double OWN_TAIL = 2.0 / 3;
    /// Fits, divergences and answers beside the runs of prompts (docs/log/2026-12-01-without-amx.md: 1.4 to 1.7).
    public static final double BESIDES = 1.55;
    /// An adapter by way of a soft prompt against the same directly.
    public static final double BY_SOFT = 2.2;
    /// Answer tokens of a user turn at which states are kept.
    private static final long PLACES = 16;
    /// Places whose logits are held at once, and copies of them.
    private static final long LOGITS = 128 * 4;
    /// Java with the dictionary and the fit, and libtorch. With it, the default model's measured 4.0 GB are met
    /// (docs/log/2026-11-25-formal-german.md).
    private static final long REST = 3_000_000_000L;

    /// What is wanted of an explanation.
    ///
    /// @param atoms most prompts of the list
    /// @param candidates prompts run exactly
    /// @param nullPrompts random ones run beside them
    /// @param searched prompts run to find others
    /// @param searchSeconds after which that ends
    /// @param isBySoft whether an adapter is also explained by way of a soft prompt
    public record Work(
            int atoms, int candidates, int nullPrompts, int searched, double searchSeconds, boolean isBySoft) {
        /// What `assay explain` does if nothing else is said.
        public static final Work USUAL = new Work(20, 48, 33, 48, Double.POSITIVE_INFINITY, false);

        /// User turns, with the answers to them, that prompts are run on; those of the search not counted.
        public double runs(Turns turns) {
            double search = withOwn(turns.search());
            double fit = withOwn(turns.fit());
            double test = withOwn(turns.test());
            return 2 * (search + fit + test)
                    + candidates * fit
                    + atoms * 1.25 * (search + test)
                    + nullPrompts * 2.0 * fit;
        }

        /// Those of the search: proposing a prompt costs as much as running it.
        public double searching(Turns turns) {
            return 2.0 * searched * turns.search();
        }

        /// Foreign tails and the target's own to every second turn.
        private static double withOwn(int turns) {
            return turns + turns / 2.0 * OWN_TAIL;
        }
    }

    /// User turns of each split.
    public record Turns(int search, int fit, int test) {
        /// Those of dictionaries as they are built if nothing else is said.
        public static final Turns USUAL = new Turns(20, 32, 40);

        private static Turns of(Probe probe) {
            return new Turns(
                    probe.turns(Probe.Split.SEARCH).size(),
                    probe.turns(Probe.Split.FIT).size(),
                    probe.turns(Probe.Split.TEST).size());
        }
    }

    /// How fast this machine is.
    ///
    /// @param perTurn seconds to run one prompt on one user turn
    public record Speed(double perTurn) {
        /// Measures it, in a second or so.
        public static Speed measure(Session session, Atlas atlas) {
            List<Context> contexts = atlas.probe().contexts(Probe.Split.SEARCH, new Runner(session.chat()));
            double tokens = contexts.stream()
                    .mapToInt(context -> context.tail().length)
                    .average()
                    .orElse(0);
            return new Speed(Pace.measure(session.chat()).perToken() * tokens);
        }
    }

    /// Of an explanation with a dictionary.
    public static Forecast of(Work work, Atlas atlas, LanguageModel model, Speed speed) {
        return of(work, Turns.of(atlas.probe()), bytes(model, work, Turns.of(atlas.probe())), speed);
    }

    static Forecast of(Work work, Turns turns, long bytes, Speed speed) {
        double runs = work.runs(turns);
        double searching = work.searching(turns);
        double perRun = speed.perTurn() * BESIDES * (work.isBySoft() ? BY_SOFT : 1);
        double seconds = runs * perRun + Math.min(work.searchSeconds(), searching * perRun);
        return new Forecast(
                0.8 * seconds,
                1.6 * seconds,
                bytes,
                Math.round(runs + searching) + " answers of 16 tokens have to be read, "
                        + Math.round(1 / speed.perTurn()) + " a second on this machine now.");
    }

    /// Bytes of memory that an explanation takes at most, with the model, without the training of a soft prompt.
    public static long bytes(LanguageModel model) {
        return bytes(model, Work.USUAL, Turns.USUAL);
    }

    static long bytes(LanguageModel model, Work work, Turns turns) {
        long states = statePlaces(work, turns) * model.hidden() * Float.BYTES;
        return model.bytes()
                + (work.isBySoft() ? 2 * states : states)
                + LOGITS * model.vocabulary() * Float.BYTES
                + REST;
    }

    /// Places of all prompts whose states are kept at the same time: base, target and every prompt that is run exactly,
    /// behind foreign answers and the target's own.
    private static long statePlaces(Work work, Turns turns) {
        long all = (long) turns.search() + turns.fit() + turns.test();
        long prompts = (long) work.candidates() + work.nullPrompts();
        return PLACES
                * (2 * 2 * all
                        + 2L * turns.fit() * prompts
                        + 2L * (turns.search() + turns.test()) * work.atoms()
                        + (long) turns.test() * work.nullPrompts());
    }

    /// The same in a line.
    public String words() {
        return String.format(
                Locale.ROOT,
                "Foreseen: %s to %s, %.1f GB of memory at most. A rough figure: %s",
                Stage.duration(lowSeconds),
                Stage.duration(highSeconds),
                bytes / 1e9,
                basis);
    }
}
