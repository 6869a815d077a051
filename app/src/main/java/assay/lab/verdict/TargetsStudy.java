package assay.lab.verdict;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Screen;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetKind;
import assay.lab.matching.Phrase;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.tasks.distil.KeptPeft;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import assay.tasks.session.TargetSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Runs the targets of a study, each with every seed.
///
/// @param failed is told what could not be run, and why
record TargetsStudy(
        Session session,
        SharedContexts arena,
        TargetSearch searching,
        SameMeaning alike,
        StudyFile file,
        FinishedParts rows,
        BiConsumer<String, InputException> failed) {
    /// An untrained model needs no more to be shown empty.
    private static final int FEW = 12;

    /// A target with a seed.
    private record Task(StudyFile.Target target, StudyFile.Target next, long seed) {
        String row() {
            return "targets/" + target.name() + "-" + seed;
        }
    }

    List<TargetEvidence> run(VerdictRun.Options only) {
        TargetStudy study = new TargetStudy(arena, searching, alike, file.effort(), file.sizes());
        List<Task> tasks = tasks(only);
        if (!tasks.stream().allMatch(task -> rows.has(task.row(), TargetEvidence.class))) {
            searching.prepare();
            arena.prepare();
        }
        List<FinishedParts.Part<TargetEvidence>> parts = tasks.stream()
                .map(task -> new FinishedParts.Part<>(task.row(), () -> run(task, study)))
                .toList();
        try (Stage stage = arena.job().stage("targets into prompts", tasks.size())) {
            return rows.all(parts, TargetEvidence.class, stage, (index, refused) -> {
                Task task = tasks.get(index);
                failed.accept(task.target().name() + ", seed " + task.seed(), refused);
            });
        }
    }

    /// Every target with the first seed, then those that claims are judged by with the next: a study that
    /// is stopped has seen every target.
    private List<Task> tasks(VerdictRun.Options only) {
        List<Task> tasks = new ArrayList<>();
        List<StudyFile.Target> targets = file.targets();
        List<Long> seeds = file.plan().seeds();
        for (long seed : seeds) {
            for (int i = 0; i < targets.size(); i++) {
                StudyFile.Target target = targets.get(i);
                boolean wanted = seed == seeds.getFirst() || target.kind().isCounted();
                if (wanted && only.wantsTarget(target.name())) {
                    tasks.add(new Task(target, other(targets, i), seed));
                }
            }
        }
        return tasks;
    }

    /// The next target that is a prompt of another text: its prompts are the wrong ones for this target. The target
    /// itself if there is none.
    private static StudyFile.Target other(List<StudyFile.Target> targets, int index) {
        StudyFile.Target own = targets.get(index);
        for (int i = 1; i < targets.size(); i++) {
            StudyFile.Target next = targets.get((index + i) % targets.size());
            if (next.kind() == TargetKind.PROMPT && !text(next).equals(text(own))) {
                return next;
            }
        }
        return own;
    }

    private TargetEvidence run(Task task, TargetStudy study) {
        arena.job().check();
        StudyFile.Target target = task.target();
        TargetEvidence found = measured(task, study);
        TargetEvidence.Point longest = found.curve().getLast();
        arena.job()
                .tell(
                        "  %s (%s), seed %d: %d prompts close %.2f, random ones %.2f; %+.2f %s",
                        target.name(),
                        target.kind(),
                        task.seed(),
                        longest.k(),
                        longest.closed().value(),
                        longest.random().value(),
                        found.atoms().getFirst().weight(),
                        found.atoms().getFirst().text());
        return found;
    }

    /// In a scope of its own, which the tensors of the target's behaviour live as long as.
    private TargetEvidence measured(Task task, TargetStudy study) {
        StudyFile.Target target = task.target();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return target.kind() == TargetKind.NULL_UNTRAINED
                    ? untrained(target, task.seed())
                    : study.run(subject(target, wrong(target, task.next())), task.seed());
        }
    }

    /// Prompts that explain another target.
    private List<HardPrompt> wrong(StudyFile.Target target, StudyFile.Target next) {
        if (next.equals(target)) {
            return List.of();
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            float[] other = searching.sketches(List.of(behaviour(next)))[0];
            Predicate<String> own = file.leftOut(target);
            Predicate<String> forbidden = file.leftOut(next);
            Set<Integer> excluded = arena.atlas().indices(prompt -> own.test(prompt) || forbidden.test(prompt));
            return Screen.prompts(
                    arena.screen().candidates(other, TargetControls.SHORT, excluded),
                    arena.chat().tokenizer());
        } catch (InputException _) {
            // The other target's own row will say why it cannot be run.
            return List.of();
        }
    }

    private TargetStudy.Subject subject(StudyFile.Target target, List<HardPrompt> wrong) {
        TargetEvidence.Target named = new TargetEvidence.Target(target.name(), target.kind(), text(target));
        return new TargetStudy.Subject(
                named, behaviour(target), planted(target), file.leftOut(target), wrong, beside(target));
    }

    /// What a soft prompt's adapter was baked from, and the soft prompt of an adapter, where they are
    /// known.
    private List<TargetStudy.Beside> beside(StudyFile.Target target) {
        return file.adapters().stream()
                .<TargetStudy.Beside>flatMap(adapter -> switch (target.source()) {
                    case StudyFile.Source.Distilled(String name)
                    when adapter.name().equals(name) -> adapter.truth().map(this::truth).stream();
                    case StudyFile.Source.Lora(String folder)
                    when adapter.origin().equals(new StudyFile.Origin.Folder(folder)) -> softPrompt(adapter).stream();
                    default -> Stream.empty();
                })
                .toList();
    }

    private TargetStudy.Beside truth(String prompt) {
        return new TargetStudy.Beside(
                "the true prompt", HardPrompt.of(prompt, session.chat().tokenizer()));
    }

    private Optional<TargetStudy.Beside> softPrompt(StudyFile.Adapter adapter) {
        Path folder = DistilStudy.soft(
                rows.folder(), adapter.name(), file.plan().seeds().getFirst());
        return new KeptPeft(folder, session.job()).isWhole()
                ? Optional.of(new TargetStudy.Beside(
                        "its soft prompt", session.soft(folder.toString()).behaviour()))
                : Optional.empty();
    }

    /// The same measurement on a model of the same shape whose weights were never trained.
    private TargetEvidence untrained(StudyFile.Target target, long seed) {
        StudyFile.Effort few = new StudyFile.Effort(
                FEW, 0, FEW, file.effort().draws(), Math.min(0.5, file.effort().turns()), 0, 0, 0);
        List<Integer> sizes = List.of(1, TargetControls.SHORT);
        try (ChatModel blank = session.chat().untrained(seed);
                SharedContexts other = new SharedContexts(blank, arena.atlas(), few.turns(), few.pool(), arena.job())) {
            return new TargetStudy(other, searching, alike, few, sizes).run(subject(target, List.of()), seed);
        }
    }

    /// The behaviour of a target; its tensors belong to the caller's scope.
    private Behaviour behaviour(StudyFile.Target target) {
        return switch (target.source()) {
            case StudyFile.Source.Plain(TargetSource source) -> source.behaviour(target.name(), session);
            case StudyFile.Source.Lora(String folder) -> session.adapter(folder).behaviour();
            case StudyFile.Source.Distilled(String adapter) -> {
                Path folder = DistilStudy.soft(
                        rows.folder(), adapter, file.plan().seeds().getFirst());
                if (!new KeptPeft(folder, session.job()).isWhole()) {
                    throw Refusal.of(
                            "target", "the soft prompt of " + adapter, "none", folder, "Run S1 of the study first.");
                }
                yield session.soft(folder.toString()).behaviour();
            }
        };
    }

    private static String text(StudyFile.Target target) {
        return target.source() instanceof StudyFile.Source.Plain(TargetSource.Prompt(String text)) ? text : "";
    }

    private static List<Phrase> planted(StudyFile.Target target) {
        return target.source() instanceof StudyFile.Source.Plain(TargetSource.Planted planted)
                ? planted.atoms().stream()
                        .map(atom -> new Phrase(atom.prompt(), atom.weight()))
                        .toList()
                : List.of();
    }
}
