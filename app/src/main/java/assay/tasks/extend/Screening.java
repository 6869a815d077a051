package assay.tasks.extend;

import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.run.Stage;
import assay.discover.atlas.QuantisedRows;
import assay.measure.probe.SketchMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Looks at a whole stream of candidates, batch by batch, and keeps the most novel ones; saves its state every 20
/// seconds and when it is interrupted.
///
/// @param run what a resuming run must agree on
/// @param most candidates kept
/// @param batch candidates looked at together
/// @param saving writes a state to the disk
record Screening(Map<String, String> run, Candidates candidates, int most, int batch, Consumer<ScreeningState> saving) {
    private static final long EVERY_NANOS = 20_000_000_000L;

    /// What came of it.
    ///
    /// @param perSecond candidates looked at by this process in a second
    record Screened(ScreeningState state, double perSecond) {}

    /// Runs to the end of the stream.
    ///
    /// @param saved where to go on
    /// @param lookers makes what looks at candidates, once there is one to look at
    /// @param breath called between looks; may throw to stop
    Screened run(Optional<ScreeningState> saved, Supplier<ScreenCrew> lookers, Runnable breath, Job job) {
        ScreeningState state = saved.orElseGet(() -> state(Position.start(), false, List.of()));
        Shortlist shortlist = new Shortlist(most, state.kept());
        List<Candidate> some = first(state.position(), job);
        if (some.isEmpty()) {
            return finished(shortlist, 0);
        }
        long looked = 0;
        try (ScreenCrew looker = lookers.get();
                Stage stage = job.stage("candidates", candidates.total())) {
            stage.skip(candidates.done());
            long begin = System.nanoTime();
            long savedAt = begin;
            double seconds = 0;
            List<List<Candidate>> batches = List.of(some);
            while (!batches.isEmpty()) {
                looker.look(batches, shortlist.least()).forEach(novel -> novel.forEach(shortlist::offer));
                looked += batches.stream().mapToInt(List::size).sum();
                seconds = (System.nanoTime() - begin) / 1e9;
                state = state(candidates.position(), false, shortlist.kept());
                if (System.nanoTime() - savedAt > EVERY_NANOS) {
                    saving.accept(state);
                    savedAt = System.nanoTime();
                }
                breath.run();
                long done = candidates.done();
                batches = next(looker.width());
                stage.advance(candidates.done() - done);
            }
            return finished(shortlist, looked / seconds);
        } catch (InterruptedRunException stopped) {
            if (looked > 0) {
                saving.accept(state);
            }
            throw stopped;
        }
    }

    private List<List<Candidate>> next(int most) {
        List<List<Candidate>> batches = new ArrayList<>();
        while (batches.size() < most) {
            List<Candidate> some = candidates.next(batch);
            if (some.isEmpty()) {
                break;
            }
            batches.add(some);
        }
        return batches;
    }

    private List<Candidate> first(Position position, Job job) {
        try (var _ = job.stage("first candidates", 0)) {
            candidates.resume(position);
            return candidates.next(batch);
        }
    }

    private Screened finished(Shortlist shortlist, double perSecond) {
        ScreeningState state = state(candidates.position(), true, shortlist.kept());
        saving.accept(state);
        return new Screened(state, perSecond);
    }

    private ScreeningState state(Position position, boolean finished, List<Shortlist.Kept> kept) {
        return new ScreeningState(run, position, finished, kept, QuantisedRows.none(SketchMap.SIZE));
    }
}
