package assay.lab.verdict;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.search.TargetSearch;
import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.Judgement;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.RivalEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Failure;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.Verdicts;
import assay.lab.matching.Phrase;
import assay.lab.matching.Reader;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.StudyFile;
import assay.measure.judge.Claim;
import assay.tasks.distil.KeptPeft;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A whole study: every claim measured and judged.
///
/// 1. S1: adapters are distilled into soft prompts.
/// 2. S2, S3: targets are decomposed into lists of prompts, with every rival a list must beat.
/// 3. S4: lists of many prompts are read blindly, edited and taken apart.
/// 4. S5: predicates are tried where they show.
/// 5. Where a recipe is trained more than once, S1 and S2 are set beside its second training runs.
/// 6. Rules that saw none of it before judge the evidence.
///
/// Every part is kept as it is finished, so a stopped study goes on where it was. A part that cannot be run is told
/// of, and the rest goes on.
final class VerdictStudy {
    private final Session session;
    private final Atlas atlas;
    private final StudyFile file;
    private final List<Reader> readers;
    private final FinishedParts rows;
    private final Job job;
    private final List<Failure> failures = new ArrayList<>();

    /// @param readers of lists, the one that counts first
    /// @param out where finished parts are kept
    VerdictStudy(Session session, Atlas atlas, StudyFile file, List<Reader> readers, Path out) {
        this.session = session;
        this.atlas = atlas;
        this.file = file;
        this.readers = readers;
        this.rows = new FinishedParts(out, session.job());
        this.job = session.job();
    }

    /// Runs what is wanted and judges it.
    Verdicts run(VerdictRun.Options only) {
        Atlas dictionary = dictionary();
        DistilStudy distil = new DistilStudy(session, dictionary, file.effort(), rows.folder(), job.untold());
        SecondRuns runs = new SecondRuns(file, distil, rows, job, this::failed);
        CeilingStudy ceiling = new CeilingStudy(session, file, distil, runs, rows, this::failed);
        List<DistilEvidence> distilled = only.wants(Claim.S1) ? distilled(distil) : List.of();
        List<CeilingEvidence> ceilings = new ArrayList<>();
        if (only.wants(Claim.S1)) {
            runs.train(only.wants(Claim.S2));
            ceilings.addAll(ceiling.adapters(distilled));
        }
        Lists lists = only.wants(Claim.S2) || only.wants(Claim.S3) || only.wants(Claim.S4)
                ? lists(only, dictionary, ceiling)
                : new Lists(List.of(), nothingRead(), List.of(), List.of());
        ceilings.addAll(lists.ceilings());
        List<Predicate> predicates = only.wants(Claim.S5) ? predicates(dictionary) : List.of();
        return Judgement.of(new StudyEvidence(
                file.plan(),
                lists.targets(),
                distilled,
                lists.reading(),
                predicates,
                failures,
                lists.rivals(),
                ceilings));
    }

    /// The atlas, with the truth of every target in it if truths are planted.
    private Atlas dictionary() {
        if (!file.plan().planted()) {
            return atlas;
        }
        try (TensorScope _ = TensorScope.withoutGradients();
                TargetSearch searching = searching(atlas)) {
            return searching.with(file.truths());
        }
    }

    private TargetSearch searching(Atlas dictionary) {
        return new TargetSearch(session.chat(), dictionary, job.untold());
    }

    /// What lists of prompts are measured by.
    private record Lists(
            List<TargetEvidence> targets,
            ReadingEvidence reading,
            List<RivalEvidence> rivals,
            List<CeilingEvidence> ceilings) {}

    private Lists lists(VerdictRun.Options only, Atlas dictionary, CeilingStudy ceiling) {
        StudyFile.Effort effort = file.effort();
        SameMeaning alike = SameMeaning.beyond(readers.getFirst(), atlas.texts());
        try (SharedContexts arena = new SharedContexts(session.chat(), dictionary, effort.turns(), effort.pool(), job);
                TargetSearch searching = searching(dictionary)) {
            List<TargetEvidence> targets = only.wants(Claim.S2) || only.wants(Claim.S3)
                    ? new TargetsStudy(session, arena, searching, alike, file, rows, this::failed).run(only)
                    : List.of();
            List<CeilingEvidence> ceilings = ceiling.targets(targets, arena);
            ReadingEvidence reading = only.wants(Claim.S4) ? read(arena, searching, alike, targets) : nothingRead();
            List<RivalEvidence> rivals = only.rivals() ? rivals(arena, searching) : List.of();
            return new Lists(targets, reading, rivals, ceilings);
        }
    }

    private List<RivalEvidence> rivals(SharedContexts arena, TargetSearch searching) {
        ReadingLists lists = new ReadingLists(
                session.chat(), arena.atlas(), searching, file.effort().readingSearch(), file::leftOut);
        return part(
                        "rivals",
                        () -> new RivalsStudy(arena, lists, readers.getFirst(), rows)
                                .run(file.tasks().readings()))
                .orElse(List.of());
    }

    private ReadingEvidence nothingRead() {
        return new ReadingEvidence(readers.getFirst().name(), List.of(), List.of(), List.of(), Double.NaN, Double.NaN);
    }

    private List<DistilEvidence> distilled(DistilStudy study) {
        List<String> names = new ArrayList<>();
        List<FinishedParts.Part<DistilEvidence>> parts = new ArrayList<>();
        for (StudyFile.Adapter adapter : file.adapters()) {
            for (long seed : file.plan()
                    .seeds()
                    .subList(0, Math.min(adapter.seeds(), file.plan().seeds().size()))) {
                String row = "distilled/" + adapter.name() + "-" + seed;
                if (!soft(adapter, seed).isWhole()) {
                    rows.forget(row);
                }
                names.add("S1, " + adapter.name() + ", seed " + seed);
                parts.add(new FinishedParts.Part<>(row, () -> distilled(study, adapter, seed)));
            }
        }
        try (Stage stage = job.stage("adapters into soft prompts", parts.size())) {
            return rows.all(parts, DistilEvidence.class, stage, (index, refused) -> failed(names.get(index), refused));
        }
    }

    private DistilEvidence distilled(DistilStudy study, StudyFile.Adapter adapter, long seed) {
        job.note("  " + adapter.name() + ", seed " + seed + ": in training, for some minutes");
        DistilEvidence found = study.run(adapter, seed);
        job.tell(
                "  %s, seed %d: %d soft tokens close %.2f",
                adapter.name(), seed, found.tokens(), found.closed().value());
        return found;
    }

    private ReadingEvidence read(
            SharedContexts arena, TargetSearch searching, SameMeaning alike, List<TargetEvidence> targets) {
        int runs = file.effort().readingSearch();
        ReadingLists lists = new ReadingLists(session.chat(), arena.atlas(), searching, runs, file::leftOut);
        ReadingStudy study = new ReadingStudy(arena, lists, readers, alike, rows);
        Map<String, List<Phrase>> untrained = part(
                        "S4, lists of an untrained model",
                        () -> new Untrained(session, arena, lists, rows).lists(file.tasks()))
                .orElse(Map.of());
        return part("S4", () -> study.run(file.tasks(), untrained, study.agreement(targets), wayward(lists, alike)))
                .orElse(nothingRead());
    }

    /// Whether two soft prompts trained to one behaviour, which may be far apart as vectors, get the same list
    /// (the waywardness of prompts, arXiv 2112.08348): overlap of the lists of the first two seeds, a mean over
    /// adapters; NaN if there are none.
    private double wayward(ReadingLists lists, SameMeaning alike) {
        List<Long> seeds = file.plan().seeds();
        List<Double> overlaps = new ArrayList<>();
        for (StudyFile.Adapter adapter : file.adapters()) {
            List<List<Phrase>> both = new ArrayList<>();
            for (long seed : seeds.subList(0, Math.min(2, Math.min(adapter.seeds(), seeds.size())))) {
                KeptPeft kept = soft(adapter, seed);
                if (kept.isWhole()) {
                    both.add(list(kept.folder(), lists));
                }
            }
            if (both.size() == 2) {
                overlaps.add(alike.shared(both.get(0), both.get(1)));
            }
        }
        return overlaps.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /// The soft prompt that an adapter became.
    private KeptPeft soft(StudyFile.Adapter adapter, long seed) {
        return new KeptPeft(DistilStudy.soft(rows.folder(), adapter.name(), seed), job);
    }

    private List<Phrase> list(Path folder, ReadingLists lists) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            float[] sketch = lists.sketch(session.soft(folder.toString()).behaviour());
            return lists.fromDictionary(sketch, _ -> false);
        }
    }

    private List<Predicate> predicates(Atlas dictionary) {
        return part("S5", () -> new PredicateStudy(session, dictionary, file, rows, job).run())
                .orElse(List.of());
    }

    /// A part that bad input may keep from running: told of, and the rest goes on.
    private <T> Optional<T> part(String what, Supplier<T> run) {
        job.check();
        try {
            return Optional.of(run.get());
        } catch (InputException refused) {
            failed(what, refused);
            return Optional.empty();
        }
    }

    private void failed(String what, InputException refused) {
        failures.add(new Failure(what, String.valueOf(refused.getMessage())));
        job.note("  not run: " + what + ": " + refused.getMessage());
    }
}
