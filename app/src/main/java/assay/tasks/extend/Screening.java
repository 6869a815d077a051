package assay.tasks.extend;

import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.run.Stage;
import assay.discover.atlas.QuantisedRows;
import assay.measure.probe.SketchMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Looks at a whole stream of candidates, batch by batch, and keeps the most novel ones; saves its state every 20
/// seconds and when it is interrupted.
final class Screening {
    private static final long EVERY_NANOS = 20_000_000_000L;

    private final Map<String, String> run;
    private final Candidates candidates;
    private final int most;
    private final int batch;
    private final Consumer<ScreeningState> saving;
    private long looked;
    private double seconds;

    /// @param run what a resuming run must agree on
    /// @param most candidates kept
    /// @param batch candidates looked at together
    /// @param saving writes a state to the disk
    Screening(Map<String, String> run, Candidates candidates, int most, int batch, Consumer<ScreeningState> saving) {
        this.run = run;
        this.candidates = candidates;
        this.most = most;
        this.batch = batch;
        this.saving = saving;
    }

    /// Runs to the end of the stream.
    ///
    /// @param saved where to go on
    /// @param lookers makes what looks at candidates, once there is one to look at
    /// @param breath called between batches; may throw to stop
    ScreeningState run(Optional<ScreeningState> saved, Supplier<NoveltyScreen> lookers, Runnable breath, Job job) {
        ScreeningState state = saved.orElseGet(() -> state(Position.start(), false, List.of()));
        Shortlist shortlist = new Shortlist(most, state.kept());
        List<Candidate> some = first(state.position(), job);
        if (some.isEmpty()) {
            return finished(shortlist);
        }
        try (NoveltyScreen looker = lookers.get();
                Stage stage = job.stage("candidates", candidates.total())) {
            stage.skip(candidates.done());
            long begin = System.nanoTime();
            long savedAt = begin;
            while (!some.isEmpty()) {
                looker.look(some, shortlist);
                looked += some.size();
                seconds = (System.nanoTime() - begin) / 1e9;
                state = state(candidates.position(), false, shortlist.kept());
                if (System.nanoTime() - savedAt > EVERY_NANOS) {
                    saving.accept(state);
                    savedAt = System.nanoTime();
                }
                breath.run();
                long done = candidates.done();
                some = candidates.next(batch);
                stage.advance(candidates.done() - done);
            }
            return finished(shortlist);
        } catch (InterruptedRunException stopped) {
            if (looked > 0) {
                saving.accept(state);
            }
            throw stopped;
        }
    }

    private List<Candidate> first(Position position, Job job) {
        try (var _ = job.stage("first candidates", 0)) {
            candidates.resume(position);
            return candidates.next(batch);
        }
    }

    /// Candidates looked at by this process, a second.
    double perSecond() {
        return seconds == 0 ? 0 : looked / seconds;
    }

    private ScreeningState finished(Shortlist shortlist) {
        ScreeningState state = state(candidates.position(), true, shortlist.kept());
        saving.accept(state);
        return state;
    }

    private ScreeningState state(Position position, boolean finished, List<Shortlist.Kept> kept) {
        return new ScreeningState(run, position, finished, kept, QuantisedRows.none(SketchMap.SIZE));
    }
}
