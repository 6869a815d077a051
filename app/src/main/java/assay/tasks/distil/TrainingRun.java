package assay.tasks.distil;

import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Explanation;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.train.SoftStudent;
import assay.train.Student;
import assay.train.Teacher;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One training in its run folder: saved as it goes, resumed if it was stopped, and at the end a PEFT folder with its
/// report.
///
/// @param session an open model
public record TrainingRun(Session session) {
    /// Distils an adapter into `folder`.
    ///
    /// @throws assay.InputException if the folder holds the checkpoint of another run, or the student does not fit
    /// @throws assay.ResourceException if the training would not fit into memory
    public Distilled distil(Target adapter, Distil.Options options, RunFolder folder) {
        return run(adapter, Optional.empty(), options, folder);
    }

    /// Bakes into `folder`.
    ///
    /// @param name what to call examples
    /// @throws assay.InputException if the examples, the form or the folder's checkpoint do not fit
    /// @throws assay.ResourceException if the training would not fit into memory
    public Distilled bake(String name, Bake bake, RunFolder folder) {
        return switch (bake.source()) {
            case Bake.Source.Prompt(String text) -> run(session.prompt(text), Optional.empty(), bake.options(), folder);
            case Bake.Source.Data(Path file) -> {
                Examples examples = Examples.read(file);
                // It cannot be run, only learnt.
                Target target = new Target(
                        Explanation.Kind.EXAMPLES,
                        name,
                        examples.answers().size() + " examples",
                        Behaviour.BASE,
                        Sha256.of(file));
                yield run(target, Optional.of(examples.written(session.chat(), bake.seed())), bake.options(), folder);
            }
            case Bake.Source.Sampled sampled -> {
                Path file = SampledAnswers.file(session.chat(), sampled, bake.seed(), session.job());
                yield bake(name, new Bake(new Bake.Source.Data(file), bake.form(), bake.steps(), bake.seed()), folder);
            }
        };
    }

    /// Bakes into a folder unless it holds what is wanted, undamaged; goes on where a stopped baking was.
    ///
    /// @param name what to call it
    public void bakeOnce(String name, Bake bake, Path folder) {
        KeptPeft kept = new KeptPeft(folder, session.job());
        if (!TrainingStore.isUnfinished(folder) && kept.isWhole()) {
            return;
        }
        session.job().note(name + ": baking");
        try (RunFolder run = TrainingStore.folder(Optional.of(folder), name)) {
            new TrainingRun(session.doing(session.job().fromNow())).bake(name, bake, run);
            kept.note();
        }
    }

    private Distilled run(Target target, Optional<Examples.Written> written, Distil.Options options, RunFolder folder) {
        ChatModel chat = session.chat();
        Student largest = options.longest(chat.model());
        TrainingStore store = store(target, options, folder);
        store.saved();
        Memory.Load load = written.map(known -> known.curriculum().load(chat)).orElse(Memory.Load.SHELF);
        session.job().note(Memory.require(largest, options.training().turnsPerStep(), load, chat));
        Optional<Atlas> atlas =
                written.isPresent() ? Optional.empty() : session.atlasIfAny().map(AtlasShelf.Shelved::atlas);
        Curriculum curriculum = written.map(Examples.Written::curriculum)
                .orElseGet(() -> Curriculum.of(
                        chat, atlas, target.behaviour(), options.training().seed(), session.job()));
        if (largest instanceof SoftStudent soft) {
            curriculum.requireRoom(soft.length(), chat);
        }
        Teacher teacher =
                written.<Teacher>map(Examples.Written::teacher).orElseGet(() -> new Teacher.Acting(target.behaviour()));
        try (TensorScope _ = TensorScope.withoutGradients();
                Distil distil = Distil.of(target, teacher, curriculum, chat, atlas, session.job())) {
            Distil.Trained trained = distil.run(options, store);
            if (options.purpose() == Distil.Purpose.DISTIL) {
                // Written last: before the first checkpoint, a run that was killed must leave an empty folder.
                folder.write("contexts.json", ContextsFile.bytes(curriculum, options, chat));
            }
            Distilled distilled = write(target, options, trained, folder);
            TrainingStore.finished(folder);
            return distilled;
        }
    }

    /// The state of a run, kept in its folder.
    public TrainingStore store(Target teacher, Distil.Options options, RunFolder folder) {
        Map<String, String> run = new TreeMap<>();
        run.put("command", options.purpose().command());
        run.put("model", session.chat().sha256());
        run.put("training", options.training().toString());
        run.put("dtype", session.chat().model().dtype().name());
        run.put("base_prompt", session.chat().slot().basePrompt().written());
        switch (options.purpose()) {
            case BAKE -> {
                run.put("source", teacher.sha256());
                run.put("form", options.form().toString());
            }
            case DISTIL -> {
                run.put("teacher", teacher.sha256());
                run.put("tokens", Integer.toString(options.form().length()));
                run.put("slot", options.form().slot());
            }
        }
        return new TrainingStore(Optional.of(folder), run, session.job());
    }

    /// Leaves a PEFT folder with its report; the checkpoint stays until the caller has written all.
    public Distilled write(Target teacher, Distil.Options options, Distil.Trained trained, RunFolder folder) {
        Distil.Purpose purpose = options.purpose();
        Distilled distilled = new Distilled(
                purpose.command(),
                trained.found(),
                session.provenance(
                        Map.of(purpose.command(), options.training().seed(), "turns", TurnShelf.SEED),
                        Map.of(purpose == Distil.Purpose.BAKE ? "source" : "target", teacher.sha256())),
                session.job().seconds());
        distilled.write(folder, "report");
        switch (purpose) {
            case DISTIL -> trained.save(folder.path());
            case BAKE -> trained.save(folder.path(), Map.of("baked_from", teacher.sha256()));
        }
        return distilled;
    }
}
