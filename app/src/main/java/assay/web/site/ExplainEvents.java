package assay.web.site;

import assay.base.run.Progress;
import assay.base.run.Visible;
import assay.discover.search.SearchNotes;
import assay.tasks.explain.ExplainListener;
import assay.web.http.EventLog;
import java.util.Map;
import java.util.Optional;

/// Writes what an explanation tells of itself into a stream.
record ExplainEvents(EventLog log) implements Progress.Listener {
    /// How far a stage is.
    record StageEvent(String name, long done, long total, boolean ended) {}

    @Override
    public void stage(String name, long done, long total, boolean ended) {
        log.add("stage", new StageEvent(name, done, total, ended));
    }

    @Override
    public void note(String text, Optional<Record> fact) {
        switch (fact.orElse(null)) {
            case SearchNotes.Round round -> log.add("round", round);
            case ExplainListener.Added added -> log.add("prompt", added);
            case ExplainListener.Fitted fitted -> log.add("fitted", fitted);
            case null, default ->
                log.add("note", Map.of("text", Visible.text(text).strip()));
        }
    }
}
