package assay.web.site;

import assay.InputException;
import assay.base.run.ShellWord;
import assay.base.run.Visible;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.tasks.talk.PromptList;
import assay.tasks.talk.RunFile;
import assay.tasks.talk.Talk;
import assay.tasks.talk.WorkQueue;
import assay.web.http.EventLogs;
import assay.web.http.Refused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Talks that are open, and the work under way for each. The oldest is closed when there are too many.
final class Talks implements AutoCloseable {
    private static final int MOST = 6;

    private final Session session;
    private final Runs runs;
    private final Places places;
    private final WorkQueue queue;
    private final EventLogs streams;
    private final Pause pause;
    private final Map<String, Opened> open = new LinkedHashMap<>();
    private int next;

    /// A talk and its work.
    ///
    /// @param run it was opened from; empty if none
    /// @param command that opens the same in a terminal
    record Opened(Talk talk, String run, String command, Set<WorkQueue.Ticket> tickets) {}

    /// What a talk is opened with: a run, or a target.
    ///
    /// @param mixture a list that was saved in the run, such as `mixture-2.json`
    record Wish(
            @Nullable String run,
            @Nullable String mixture,
            @Nullable Wanted target) {}

    /// A prompt of the mixture.
    record Part(String text, double weight, boolean on) {}

    /// The state of a talk.
    ///
    /// @param run it was opened from; empty if none
    /// @param command that opens the same in a terminal
    /// @param kind of target: `lora`, `soft`, `prompt`
    /// @param scale of the adapter; 1 for other targets
    record View(
            String talk,
            String run,
            String command,
            String kind,
            String target,
            List<String> columns,
            List<Part> prompts,
            double scale) {}

    Talks(Session session, Runs runs, Places places, WorkQueue queue, EventLogs streams, Pause pause) {
        this.session = session;
        this.runs = runs;
        this.places = places;
        this.queue = queue;
        this.streams = streams;
        this.pause = pause;
    }

    /// Opens one.
    ///
    /// @throws InputException if the run is of another model, or its target is not there any more
    View open(Wish wish) {
        Opened opened = opened(wish);
        String id;
        List<Opened> closing = new ArrayList<>();
        synchronized (this) {
            id = Integer.toString(++next);
            open.put(id, opened);
            while (open.size() > MOST) {
                closing.add(open.remove(open.keySet().iterator().next()));
            }
        }
        closing.forEach(Talks::close);
        return view(id);
    }

    private Opened opened(Wish wish) {
        if (wish.run() != null) {
            Path file = runs.file(wish.run(), Optional.ofNullable(wish.mixture()));
            RunFile run = RunFile.read(file);
            requireOurModel(wish.run());
            String command = "assay chat " + ShellWord.of(file.toString());
            return new Opened(Talk.open(session, queue, run), wish.run(), command, ConcurrentHashMap.newKeySet());
        }
        if (wish.target() == null) {
            throw new Refused(400, "talk: expected a run or a target, found neither. Choose one.");
        }
        Target.Named named = places.named(wish.target());
        String command = "assay chat" + Wanted.model(session) + Wanted.words(named);
        return new Opened(Talk.open(session, queue, named), "", command, ConcurrentHashMap.newKeySet());
    }

    private void requireOurModel(String run) {
        String theirs = runs.report(run).path("model").path("sha256").asString("");
        if (!theirs.equals(session.chat().sha256())) {
            throw new InputException("run: expected one of model "
                    + session.chat().model().name() + ", found one of "
                    + Visible.line(runs.report(run).path("model").path("name").asString("another"))
                    + " (" + run + "). Start assay serve with --model for that one.");
        }
    }

    /// The state of one.
    View view(String id) {
        Opened opened = find(id);
        Talk talk = opened.talk();
        return new View(
                id,
                opened.run(),
                opened.command(),
                talk.target().kind().name().toLowerCase(Locale.ROOT),
                talk.target().name(),
                talk.columns().stream().sorted().map(Object::toString).toList(),
                talk.prompts().parts().stream()
                        .map(part -> new Part(part.text(), part.weight(), part.isOn()))
                        .toList(),
                talk.scale());
    }

    /// One that is open.
    ///
    /// @throws Refused if it is closed
    synchronized Opened find(String id) {
        @Nullable Opened found = open.get(id);
        if (found == null) {
            throw Refused.missing("talk", id);
        }
        return found;
    }

    /// Changes the mixture.
    View prompts(String id, List<Part> parts) {
        find(id).talk().prompts(list(parts));
        return view(id);
    }

    static PromptList list(List<Part> parts) {
        return new PromptList(parts.stream()
                .map(part -> new PromptList.Part(part.text(), part.weight(), part.on()))
                .toList());
    }

    /// Makes the adapter stronger or weaker.
    View scale(String id, double factor) {
        if (!(Math.abs(factor) <= 100)) {
            throw new Refused(400, "scale: expected -100 to 100, found " + factor + ". 1 is the adapter as it is.");
        }
        find(id).talk().scale(factor);
        return view(id);
    }

    /// A stream of what work tells; ends when the work does, and the work when nobody follows.
    ///
    /// @param isUrgent whether an explanation under way waits for it
    /// @param work begins it, telling the stream
    String stream(String id, boolean isUrgent, Function<EventLogs.Named, WorkQueue.Ticket> work) {
        Opened opened = find(id);
        Started started = new Started();
        EventLogs.Named named = streams.open(started::stop);
        if (isUrgent) {
            pause.begin();
        }
        WorkQueue.Ticket ticket;
        try {
            ticket = work.apply(named);
        } catch (RuntimeException | Error failure) {
            named.log().end();
            if (isUrgent) {
                pause.end();
            }
            throw failure;
        }
        opened.tickets().add(ticket);
        started.is(ticket);
        ticket.whenOver(failure -> {
            opened.tickets().remove(ticket);
            if (isUrgent) {
                pause.end();
            }
            failure.ifPresent(why -> named.log().add("failed", Map.of("error", message(why))));
            named.log().end();
        });
        return named.id();
    }

    /// Work that may be stopped before it has begun.
    private static final class Started {
        private WorkQueue.@Nullable Ticket ticket;
        private boolean isStopped;

        synchronized void is(WorkQueue.Ticket begun) {
            ticket = begun;
            if (isStopped) {
                begun.stop();
            }
        }

        synchronized void stop() {
            isStopped = true;
            if (ticket != null) {
                ticket.stop();
            }
        }
    }

    private static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    /// Does a piece of work and waits for it.
    <T> T now(String id, Function<Talk, T> work) {
        Opened opened = find(id);
        pause.begin();
        try {
            return work.apply(opened.talk());
        } finally {
            pause.end();
        }
    }

    private static void close(Opened opened) {
        List<WorkQueue.Ticket> tickets = List.copyOf(opened.tickets());
        tickets.forEach(WorkQueue.Ticket::stop);
        for (WorkQueue.Ticket ticket : tickets) {
            try {
                ticket.await();
            } catch (RuntimeException _) {
                // It has told its stream.
            }
        }
        opened.talk().close();
    }

    @Override
    public void close() {
        List<Opened> all;
        synchronized (this) {
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(Talks::close);
    }
}
