package assay.study;

import assay.claims.StudyEvidence.Pools;
import assay.claims.StudyEvidence.Predicate;
import assay.claims.StudyEvidence.Skill;
import assay.discover.Atlas;
import assay.predicates.PredicateEvidence;
import assay.predicates.PredicateOptions;
import assay.predicates.PredicateSpec;
import assay.run.Interruption;
import assay.run.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Tries the predicates of a study, on ordinary contexts and on telling ones.
///
/// @param rows keeps what is finished
record PredicateStudy(
        Session session, Atlas atlas, VerdictFile file, Rows rows, Progress progress, Interruption interruption) {
    List<Predicate> run() {
        List<Predicate> done = new ArrayList<>();
        if (file.predicates().file().isEmpty()) {
            return done;
        }
        Path path = file.predicates().file().get();
        PredicateOptions options = file.plan().quick() ? PredicateOptions.quick() : PredicateOptions.full();
        long seed = file.plan().seeds().getFirst();
        try (Predicates predicates = new Predicates(session.chat(), atlas, options, progress, interruption)) {
            for (PredicateSpec spec : PredicateFile.read(path)) {
                if (file.predicates().names().isEmpty()
                        || file.predicates().names().contains(spec.name())) {
                    PredicateEvidence found = rows.get(
                            "predicates/" + spec.name(), PredicateEvidence.class, () -> predicates.run(spec, seed));
                    done.add(predicate(found, "ordinary", found.ordinary()));
                    done.add(predicate(found, "telling", found.special()));
                }
            }
        }
        return done;
    }

    private Predicate predicate(PredicateEvidence found, String contexts, PredicateEvidence.OnContexts on) {
        PredicateEvidence.Step longest = on.curve().getLast();
        return new Predicate(
                found.name(),
                contexts,
                new Skill(
                        found.ability().category().share(),
                        found.ability().predicate().share()),
                on.divergence().base(),
                on.divergence().category(),
                new Pools(
                        longest.k(),
                        longest.closed(),
                        longest.random(),
                        on.pools().log(),
                        on.pools().linear(),
                        on.oracle().free(),
                        on.promptsToReach(file.plan().gates().closed()).orElse(0),
                        found.excluded().count()),
                on.rank().divergence().effective());
    }
}
