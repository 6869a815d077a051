package assay.study;

import assay.discover.Atlas;
import assay.model.ChatModel;
import assay.predicates.Examiner;
import assay.predicates.PredicateEvidence;
import assay.predicates.PredicateOptions;
import assay.predicates.PredicateSpec;
import assay.run.Interruption;

/// The evidence for claim S5, predicate by predicate, interruptible after every prompt.
///
/// What predicates have in common is run once, so let one object measure them all; several threads may ask once
/// [#prepare] is done.
public final class Predicates implements AutoCloseable {
    private final Interruption interruption;
    private final Examiner examiner;

    /// With an open model and its atlas.
    public Predicates(ChatModel chat, Atlas atlas, PredicateOptions options, Interruption interruption) {
        this.interruption = interruption;
        this.examiner = new Examiner(chat, atlas, options, new SilentListener(interruption));
    }

    /// Runs what predicates of a seed have in common.
    void prepare(long seed) {
        examiner.prepare(seed);
    }

    /// Measures one predicate.
    ///
    /// @throws assay.run.InterruptedRunException if a stop was asked for
    public PredicateEvidence run(PredicateSpec spec, long seed) {
        interruption.check();
        return examiner.run(spec, seed);
    }

    @Override
    public void close() {
        examiner.close();
    }
}
