package assay.tasks.explain;

import assay.base.run.Stage;
import assay.discover.atlas.AtlasBuilder;
import assay.discover.atlas.BuildAtlas;
import assay.discover.search.TargetSearch;
import assay.measure.behaviour.Pace;
import assay.measure.probe.ProbeMaker;
import assay.tasks.session.Forecast;
import assay.tasks.session.Session;
import java.util.Locale;

/// How long the first explanation of a model will take, told before anything long is begun: what is to be
/// read and written is counted in tokens, and how fast this machine reads them was measured.
///
/// @param dictionary seconds until its quick dictionary is there
/// @param explanation seconds from then on
/// @param bytes of memory at most
public record Foreseen(double dictionary, double explanation, long bytes) {
    /// Tokens of a user turn with the beginning of an answer, and the literal ones around them.
    private static final double CONTEXT = 36;
    /// Tokens of a prompt, with the one behind it, at three fifths of the blocks.
    private static final double READING = 9.3 * 3 / 5;
    /// Tokens of a line the model writes, and lines it writes for one that will do.
    private static final double LINE = 22;

    private static final double LINES_FOR_ONE = 2;
    /// Writing a token costs so many times what reading one does: it comes after all others.
    private static final double WRITING = 3;

    /// Of a model without a dictionary; measures this machine for a moment.
    ///
    /// @param tokens length of the soft prompt it is also explained by way of; 0 for none
    /// @param bytes of memory, by who knows the model
    public static Foreseen of(Session session, Explain.Options options, int tokens, long bytes) {
        return of(Pace.measure(session.chat()), options, tokens, bytes);
    }

    static Foreseen of(Pace pace, Explain.Options options, int tokens, long bytes) {
        AtlasBuilder.Sizes sizes = BuildAtlas.QUICK_SIZES;
        ProbeMaker.Sizes probe = sizes.probe();
        double turns = probe.search() + probe.fit() + probe.test();
        double written = (sizes.sampled() + turns) * LINES_FOR_ONE * LINE + turns * ProbeMaker.ANSWER_TOKENS;
        double sketches = (double) BuildAtlas.QUICK_RUN * probe.search() * CONTEXT;
        Forecast.Work work = options.work(tokens > 0);
        Forecast.Turns split = new Forecast.Turns(probe.search(), probe.fit(), probe.test());
        double read = work.runs(split) * CONTEXT * Forecast.BESIDES
                + TargetSearch.REFINED * probe.search() * CONTEXT
                + (sizes.composed() + sizes.sampled()) * READING;
        double searching = Math.min(work.searchSeconds(), pace.perToken() * work.searching(split) * CONTEXT);
        return new Foreseen(
                pace.perToken() * (sketches + WRITING * written),
                (pace.perToken() * read + searching) * (work.isBySoft() ? Forecast.BY_SOFT : 1),
                bytes);
    }

    /// The same in a line.
    public String words() {
        return String.format(
                Locale.ROOT,
                "Foreseen: about %s for a quick dictionary, once, then about %s for the explanation;"
                        + " %.1f GB of memory.",
                Stage.duration(dictionary),
                Stage.duration(explanation),
                bytes / 1e9);
    }
}
