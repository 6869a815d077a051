package assay.tasks.extend;

import assay.base.run.Stage;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasBuilder;
import assay.discover.atlas.BuildAtlas;
import assay.discover.atlas.BuildCrew;
import assay.discover.atlas.QuantisedRows;
import assay.discover.predict.Novelty;
import assay.discover.predict.ReadingShelf;
import assay.engine.model.ChatModel;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Adds to an atlas the most novel of many candidate prompts.
///
/// Candidates are looked at ([NoveltyScreen]) and never run; the best are run exactly and appended. Memory
/// does not grow with their number beyond what tells repeated ones ([SeenTexts]): besides model and atlas it
/// holds what [NoveltyScreen] names, the stream's present part ([CandidateFile], [DrawnCandidates]) and 3.5
/// KB for every candidate on the short list.
///
/// A file beside the atlas, `<name>.extend`, is the checkpoint; it is removed once the atlas is written.
///
/// @param readings where readings of the atlas's prompts are kept
/// @param batch candidates looked at together
/// @param breath called at every point where it can be stopped
public record ExtendAtlas(Session session, ReadingShelf readings, int batch, Runnable breath) {
    private static final int BATCH = 384;
    private static final int PORTION = 32;

    /// Over an open model.
    public ExtendAtlas(Session session) {
        this(session, ReadingShelf.current(), BATCH, session.job()::check);
    }

    /// An extended atlas, in numbers.
    ///
    /// @param added how many of its prompts are new
    /// @param counts of the candidates, in words
    /// @param perSecond candidates looked at in a second; 0 if that was done by an earlier run
    /// @param novelty median novelty of the added prompts, run exactly, to the atlas as it was
    /// @param ownNovelty median novelty of the prompts it held, each to an atlas without it
    /// @param exponent a of the power law i^−a of its singular values
    public record Extended(
            Path file,
            int added,
            int prompts,
            String counts,
            double perSecond,
            double novelty,
            double ownNovelty,
            double exponent) {
        /// The same in a few lines.
        public String words() {
            return String.format(
                    Locale.ROOT,
                    "%s: %,d prompts, %,d of them added; singular values fall as i^-%.2f%n"
                            + "candidates: %s%s%n"
                            + "novelty, run exactly: median %.2f of the added prompts, %.2f of the others%n",
                    file,
                    prompts,
                    added,
                    exponent,
                    counts,
                    perSecond == 0 ? "" : String.format(Locale.ROOT, "; %.0f looked at a second", perSecond),
                    novelty,
                    ownNovelty);
        }
    }

    /// Extends an atlas, or goes on where the same command was stopped.
    ///
    /// @throws InputException if candidates, atlas, output or checkpoint do not fit
    public Extended extend(ExtendPlan.Options options) {
        ChatModel chat = session.chat();
        return extend(options, atlas -> new NoveltyScreen(atlas, chat, readings, session.job()), BuildCrew.alone(chat));
    }

    /// The same with crews.
    ///
    /// @param lookers says who looks at candidates for an atlas
    /// @param crew runs the best of them
    public Extended extend(ExtendPlan.Options options, Function<Atlas, ScreenCrew> lookers, BuildCrew crew) {
        ExtendPlan plan = ExtendPlan.of(options, session);
        Optional<ScreeningState> saved = plan.saved(session.job());
        Screening.Screened screened = saved.filter(ScreeningState::finished)
                .map(state -> new Screening.Screened(state, 0))
                .orElseGet(() -> screened(plan, saved, lookers));
        ScreeningState state = screened.state();
        session.job().note("candidates: " + state.position().tally().summary());
        return appended(plan, exact(plan, state, crew), screened.perSecond());
    }

    private Screening.Screened screened(
            ExtendPlan plan, Optional<ScreeningState> saved, Function<Atlas, ScreenCrew> lookers) {
        try (Candidates candidates = open(plan)) {
            Screening.Screened screened = new Screening(
                            plan.run(), candidates, plan.options().keep(), batch, plan::save)
                    .run(saved, () -> lookers.apply(plan.atlas()), this::stopIfAsked, session.job());
            if (candidates instanceof DrawnCandidates drawn && drawn.isDry()) {
                session.job()
                        .note("The grammars bring hardly anything new: ended at "
                                + screened.state().position().tally().usable() + " candidates.");
            }
            return screened;
        }
    }

    private Candidates open(ExtendPlan plan) {
        List<String> known = plan.atlas().texts();
        ChatModel chat = session.chat();
        return switch (plan.options().supply()) {
            case ExtendPlan.Supply.Lines(Path file) ->
                new CandidateFile(
                        file, CandidateFile.lines(file), new HashSet<>(known), chat.tokenizer(), this::stopIfAsked);
            case ExtendPlan.Supply.Drawn(long count) ->
                new DrawnCandidates(count, plan.options().seed(), known, chat, this::stopIfAsked);
        };
    }

    /// The same state with the exact sketches of all that were kept.
    private ScreeningState exact(ExtendPlan plan, ScreeningState screened, BuildCrew crew) {
        Atlas added = new Atlas(
                plan.atlas().header(), plan.atlas().probe(), plan.atlas().map(), entries(screened), screened.exact());
        ScreeningState state = screened;
        try (Stage stage =
                session.job().stage("the most novel ones, run", added.entries().size())) {
            stage.skip(added.sketches().rows());
            while (!added.isComplete()) {
                int before = added.sketches().rows();
                for (QuantisedRows rows : crew.sketches(added, BuildAtlas.portions(added, PORTION, crew.width()))) {
                    added = added.with(rows);
                }
                state = new ScreeningState(plan.run(), screened.position(), true, screened.kept(), added.sketches());
                plan.save(state);
                stage.advance(added.sketches().rows() - before);
                stopIfAsked();
            }
        }
        return state;
    }

    private Extended appended(ExtendPlan plan, ScreeningState state, double perSecond) {
        Atlas atlas = plan.atlas();
        QuantisedRows added = state.exact();
        Tally tally = state.position().tally();
        String extension = added.rows() + " of " + tally.usable() + " candidates ("
                + plan.run().get("candidates") + ", seed " + plan.options().seed() + ", "
                + plan.run().get("dtype")
                + ")";
        String before = atlas.header().getOrDefault(Atlas.EXTENDED, "");
        Atlas extended = AtlasBuilder.withSpectrum(atlas.grown(entries(state), added)
                .with(Atlas.EXTENDED, before.isEmpty() ? extension : before + "; " + extension));
        try (Novelty novelty = new Novelty(atlas.sketches())) {
            double own = Novelty.withoutItself(median(novelty.of(atlas.sketches())));
            double fresh = median(novelty.of(added));
            plan.finish(extended);
            int prompts = extended.entries().size();
            String counts = tally.summary();
            double exponent = extended.exponent();
            return new Extended(plan.out(), added.rows(), prompts, counts, perSecond, fresh, own, exponent);
        }
    }

    private static List<Atlas.Entry> entries(ScreeningState state) {
        return state.kept().stream()
                .map(kept -> new Atlas.Entry(kept.text(), kept.source()))
                .toList();
    }

    private static double median(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }

    private void stopIfAsked() {
        breath.run();
        session.job().check();
    }
}
