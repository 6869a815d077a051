package assay.web.site;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Interruption;
import assay.base.run.Job;
import assay.base.run.Progress;
import assay.base.run.RunFolder;
import assay.base.run.SmallFile;
import assay.base.tensor.TensorScope;
import assay.tasks.explain.Explained;
import assay.tasks.explain.Explaining;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.web.http.EventLog;
import assay.web.http.Refused;
import assay.web.http.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Explanations the page began, one at a time, each on a thread of its own. What is stopped goes on from
/// where it was, also after a restart.
final class Explanations implements AutoCloseable {
    private static final int MOST_EVENTS = 20_000;
    private static final int MOST_REMEMBERED = 20;

    private final Session session;
    private final Runs runs;
    private final Places places;
    private final Pause pause;
    private final Map<String, Work> works = new LinkedHashMap<>();

    /// An explanation, under way or over.
    private record Work(Wanted wanted, Instant begun, Interruption interruption, EventLog log, Thread thread) {}

    /// An explanation in short.
    ///
    /// @param run name of its folder
    /// @param begun when it was begun, or gone on with, as ISO 8601
    /// @param isOver whether it finished, failed or was stopped
    record Brief(String run, Wanted wanted, String begun, boolean isOver) {}

    /// What became of it.
    ///
    /// @param state `finished`, `stopped`, `failed`
    /// @param message why it failed; empty otherwise
    record Ending(String state, String run, String message) {}

    Explanations(Session session, Runs runs, Places places, Pause pause) {
        this.session = session;
        this.runs = runs;
        this.places = places;
        this.pause = pause;
    }

    /// Begins one.
    ///
    /// @throws Refused if one is under way, or its target lies where it must not
    Brief begin(Wanted wanted) {
        Target.Named named = places.named(wanted);
        return begin(wanted, () -> RunFolder.createIn(runs.folder(), named.folderName()));
    }

    /// Goes on with a stopped one.
    ///
    /// @throws Refused if one is under way, or the page did not begin it
    Brief resume(String run) {
        Path folder = runs.run(run);
        try {
            Wanted wanted = Wire.read(SmallFile.bytes(folder.resolve(Runs.WANTED), 1 << 20), Wanted.class);
            return begin(wanted, () -> RunFolder.resumable(Optional.of(folder), run, Runs.WANTED));
        } catch (IOException missing) {
            throw new Refused(
                    409,
                    "run: expected one this page began and that was stopped, found another (" + run
                            + "). Give the command it was begun with again.");
        }
    }

    private synchronized Brief begin(Wanted wanted, java.util.function.Supplier<RunFolder> place) {
        if (works.values().stream().anyMatch(work -> !work.log().isEnded())) {
            throw new Refused(409, "explain: expected none under way, found one. Wait for it, or stop it first.");
        }
        Target.Named named = places.named(wanted);
        RunFolder folder = place.get();
        folder.write(Runs.WANTED, Wire.write(wanted).getBytes(StandardCharsets.UTF_8));
        String run = String.valueOf(folder.path().getFileName());
        Interruption interruption = Interruption.manual(pause::giveWay);
        EventLog log = new EventLog(MOST_EVENTS, interruption::request);
        Thread thread = Thread.ofPlatform()
                .name("explanation")
                .daemon()
                .unstarted(() -> work(wanted, named, folder, interruption, log));
        works.remove(run);
        Instant begun = Instant.now();
        works.put(run, new Work(wanted, begun, interruption, log, thread));
        if (works.size() > MOST_REMEMBERED) {
            works.remove(works.keySet().iterator().next());
        }
        thread.start();
        return new Brief(run, wanted, begun.toString(), false);
    }

    private void work(Wanted wanted, Target.Named named, RunFolder folder, Interruption interruption, EventLog log) {
        String run = String.valueOf(folder.path().getFileName());
        Ending ending;
        try (folder;
                Job job = new Job(Progress.heardBy(new ExplainEvents(log)), interruption, System.nanoTime())) {
            ending = explained(wanted, named, folder, job);
        } catch (RuntimeException | Error failure) {
            ending = new Ending("failed", run, String.valueOf(failure.getMessage()));
        }
        log.add("over", ending);
        log.end();
    }

    private Ending explained(Wanted wanted, Target.Named named, RunFolder folder, Job job) {
        String run = String.valueOf(folder.path().getFileName());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Session.requireThere(named, job);
            Session own = session.doing(job);
            Target target = own.target(named);
            Explained explained = new Explaining(own, own.atlas())
                    .explain(target, List.of(), wanted.options(), wanted.softTokens(), folder);
            asCommand(explained, wanted.command(named, session)).write(folder, "report");
            folder.remove(Runs.WANTED);
            return new Ending("finished", run, "");
        } catch (InterruptedRunException _) {
            return new Ending("stopped", run, "");
        } catch (InputException | ResourceException refused) {
            folder.remove(Runs.WANTED);
            return new Ending("failed", run, String.valueOf(refused.getMessage()));
        }
    }

    /// The report says which command would make it again, and when it was begun, which is not when the page was.
    private static Explained asCommand(Explained made, String command) {
        Map<String, Object> provenance = new TreeMap<>(made.provenance());
        provenance.put("command", command);
        provenance.put(
                "started",
                Instant.now().minusMillis(Math.round(1_000 * made.seconds())).toString());
        return new Explained(made.explanation(), made.chain(), made.soft(), provenance, made.seconds());
    }

    /// Those begun since the page was started, newest last.
    synchronized List<Brief> all() {
        return works.entrySet().stream()
                .map(entry -> new Brief(
                        entry.getKey(),
                        entry.getValue().wanted(),
                        entry.getValue().begun().toString(),
                        entry.getValue().log().isEnded()))
                .toList();
    }

    /// The events of one.
    EventLog log(String run) {
        return work(run).log();
    }

    /// Asks one to stop at its next safe point.
    void stop(String run) {
        work(run).interruption().request();
    }

    private synchronized Work work(String run) {
        @Nullable Work work = works.get(run);
        if (work == null) {
            throw Refused.missing("explanation", run);
        }
        return work;
    }

    /// Stops what is under way and waits until it is kept.
    @Override
    public void close() {
        List<Work> all;
        synchronized (this) {
            all = List.copyOf(works.values());
        }
        all.forEach(work -> work.interruption().request());
        for (Work work : all) {
            try {
                work.thread().join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
