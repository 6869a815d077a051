package assay.study;

import assay.discover.Atlas;
import assay.model.ChatModel;
import assay.predicates.Examiner;
import assay.predicates.PredicateEvidence;
import assay.predicates.PredicateOptions;
import assay.predicates.PredicateSpec;
import assay.run.Interruption;
import assay.run.Progress;

/// The evidence for claim S5, predicate by predicate: shown as it grows, and interruptible after every
/// prompt.
///
/// What predicates have in common is run once, so let one object measure them all.
public final class Predicates implements AutoCloseable {
    private final Progress progress;
    private final Interruption interruption;
    private final ExplainListener listener;
    private final Examiner examiner;

    /// With an open model and its atlas.
    public Predicates(
            ChatModel chat, Atlas atlas, PredicateOptions options, Progress progress, Interruption interruption) {
        this.progress = progress;
        this.interruption = interruption;
        this.listener = new ExplainListener(progress, interruption);
        this.examiner = new Examiner(chat, atlas, options, listener);
    }

    /// Measures one predicate.
    ///
    /// @throws assay.run.InterruptedRunException if a stop was asked for
    public PredicateEvidence run(PredicateSpec spec, long seed) {
        interruption.check();
        progress.note("  predicate " + spec.name() + ": " + spec.prompt());
        try {
            return examiner.run(spec, seed);
        } finally {
            listener.end();
        }
    }

    @Override
    public void close() {
        examiner.close();
    }
}
