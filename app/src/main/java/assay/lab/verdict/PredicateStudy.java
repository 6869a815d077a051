package assay.lab.verdict;

import assay.base.run.Job;
import assay.base.run.Stage;
import assay.base.sparse.Interval;
import assay.discover.atlas.Atlas;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.StudyEvidence.Skill;
import assay.lab.predicates.Examiner;
import assay.lab.predicates.PredicateEvidence;
import assay.lab.predicates.PredicateOptions;
import assay.lab.predicates.PredicateSpec;
import assay.lab.studyfile.StudyFile;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.util.List;
import java.util.stream.Stream;

/// Tries the predicates of a study (S5), on ordinary contexts and on telling ones, interruptible after every prompt.
///
/// @param rows keeps what is finished
record PredicateStudy(Session session, Atlas atlas, StudyFile file, FinishedParts rows, Job job) {
    List<Predicate> run() {
        List<PredicateSpec> wanted = file.predicates().read();
        if (wanted.isEmpty()) {
            return List.of();
        }
        PredicateOptions usual = file.plan().quick() ? PredicateOptions.quick() : PredicateOptions.full();
        PredicateOptions options = file.plan().planted() ? usual.withTruth() : usual;
        long seed = file.plan().seeds().getFirst();
        try (Examiner examiner =
                        new Examiner(session.chat(), atlas, options, seed, new SharedContexts.SilentListener(job));
                Stage stage = job.stage("predicates tried where they show", wanted.size())) {
            List<FinishedParts.Part<PredicateEvidence>> parts = wanted.stream()
                    .map(spec -> new FinishedParts.Part<>("predicates/" + spec.name(), () -> run(examiner, spec)))
                    .toList();
            if (!parts.stream().allMatch(part -> rows.has(part.name(), PredicateEvidence.class))) {
                examiner.prepare();
            }
            return rows.all(parts, PredicateEvidence.class, stage).stream()
                    .flatMap(found -> Stream.of(
                            predicate(found, "ordinary", found.ordinary()),
                            predicate(found, "telling", found.special())))
                    .toList();
        }
    }

    private PredicateEvidence run(Examiner examiner, PredicateSpec spec) {
        job.check();
        PredicateEvidence found = examiner.run(spec);
        PredicateEvidence.Step longest = found.special().curve().getLast();
        String told = "  %s: %d prompts close %.2f where it shows, random ones %.2f";
        double closed = longest.closed().value();
        job.tell(told, spec.name(), longest.k(), closed, longest.random().value());
        return found;
    }

    private Predicate predicate(PredicateEvidence found, String contexts, PredicateEvidence.OnContexts on) {
        PredicateEvidence.Step longest = on.curve().getLast();
        Skill skill = new Skill(found.skill().category(), found.skill().predicate());
        Interval closed = longest.closed();
        Interval random = longest.random();
        int reached = on.promptsToReach(file.plan().gates().closed()).orElse(0);
        Pools pools = new Pools(
                longest.k(), closed, random, on.sayLog(), on.sayLinear(), on.oracle(), reached, found.excluded());
        return new Predicate(found.name(), contexts, skill, on.klBase(), on.klCategory(), pools, on.effectiveRank());
    }
}
