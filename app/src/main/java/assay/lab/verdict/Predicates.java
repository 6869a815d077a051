package assay.lab.verdict;

import assay.base.run.Job;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.lab.predicates.Examiner;
import assay.lab.predicates.PredicateEvidence;
import assay.lab.predicates.PredicateOptions;
import assay.lab.predicates.PredicateSpec;

/// The evidence for claim S5, predicate by predicate, interruptible after every prompt.
///
/// What predicates have in common is run once, so let one object measure them all; several threads may ask once
/// [#prepare] is done.
public final class Predicates implements AutoCloseable {
    private final Job job;
    private final Examiner examiner;

    /// With an open model and its atlas.
    public Predicates(ChatModel chat, Atlas atlas, PredicateOptions options, Job job) {
        this.job = job;
        this.examiner = new Examiner(chat, atlas, options, new SilentListener(job));
    }

    /// Runs what predicates of a seed have in common.
    void prepare(long seed) {
        examiner.prepare(seed);
    }

    /// Measures one predicate.
    ///
    /// @throws assay.base.run.InterruptedRunException if a stop was asked for
    public PredicateEvidence run(PredicateSpec spec, long seed) {
        job.check();
        return examiner.run(spec, seed);
    }

    @Override
    public void close() {
        examiner.close();
    }
}
