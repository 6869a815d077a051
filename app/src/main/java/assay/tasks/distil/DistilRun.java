package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.RunFolder;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.engine.hub.ModelStore;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftWriter;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.train.Checkpoint;
import assay.train.SoftStudent;
import assay.train.TrainingSet;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One distillation in its run folder: saved as it goes, resumed if it was stopped, and at the end a PEFT
/// folder with its report.
public final class DistilRun {
    /// The file by which a folder is known to hold an unfinished run.
    public static final String CHECKPOINT = "checkpoint.assay";

    private final Session session;
    private final Job job;

    /// A run with an open model.
    public DistilRun(Session session) {
        this.session = session;
        this.job = session.job();
    }

    /// Distils a teacher into `folder`.
    ///
    /// @throws InputException if the folder holds the checkpoint of another run, or the student does not fit
    /// @throws assay.ResourceException if the training would not fit into memory
    public Distilled run(Target teacher, Distil.Options options, RunFolder folder) {
        ChatModel chat = session.chat();
        Optional<Atlas> atlas = session.atlasIfAny().map(AtlasShelf.Shelved::atlas);
        InFolder savings = savings(folder, teacher, options);
        savings.saved();
        int longest = options.longest();
        SoftStudent largest = Distil.student(options, longest, chat.model().hidden());
        job.note(Memory.require(largest, options.training().turnsPerStep(), Memory.Load.SHELF, chat));
        Curriculum curriculum = Curriculum.of(
                chat, atlas, teacher.behaviour(), options.training().seed(), job);
        curriculum.requireRoom(longest, chat);
        Distil.Trained trained = trained(teacher, curriculum, atlas, options, savings);
        // Written last: before the first checkpoint, a run that was killed must leave an empty folder.
        folder.write("contexts.json", ContextsFile.bytes(curriculum, options, chat));
        return write(teacher, options, trained, folder);
    }

    /// The state of a run, kept in its folder.
    public InFolder savings(RunFolder folder, Target teacher, Distil.Options options) {
        return new InFolder(folder, fingerprint(teacher, options));
    }

    /// Leaves a PEFT folder with its report, and no checkpoint.
    public Distilled write(Target teacher, Distil.Options options, Distil.Trained trained, RunFolder folder) {
        Distilled distilled = new Distilled(
                "distil",
                trained.found(),
                session.provenance(
                        Map.of("distil", options.training().seed(), "turns", TurnShelf.SEED),
                        Map.of("target", teacher.sha256())),
                job.seconds());
        distilled.write(folder, "report");
        leave(trained, folder.path(), session.chat(), teacher);
        folder.remove(CHECKPOINT);
        return distilled;
    }

    /// Leaves a soft prompt as a PEFT folder.
    ///
    /// @param teacher what taught it
    public static void leave(Distil.Trained trained, Path folder, ChatModel chat, Target teacher) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftWriter.prompt(
                    folder,
                    trained.behaviour(chat.model().hidden()).embeddings(),
                    trained.place(),
                    ModelStore.hubName(chat.model().name()),
                    Map.of("assay_version", Provenance.assayVersion(), "teacher", teacher.name()));
        }
    }

    private Distil.Trained trained(
            Target teacher, Curriculum curriculum, Optional<Atlas> atlas, Distil.Options options, InFolder savings) {
        ChatModel chat = session.chat();
        try (TensorScope _ = TensorScope.withoutGradients();
                TrainingSet school = curriculum.school(teacher.behaviour(), chat, job)) {
            Starts starts = new Starts(chat, school, teacher.behaviour(), atlas, job);
            return new Distil(chat, curriculum, school, starts, job).run(teacher, options, savings);
        }
    }

    private Map<String, String> fingerprint(Target teacher, Distil.Options options) {
        Map<String, String> run = new TreeMap<>();
        run.put("command", "distil");
        run.put("model", session.chat().sha256());
        run.put("teacher", teacher.sha256());
        run.put("tokens", Integer.toString(options.tokens()));
        run.put("slot", options.place().name().toLowerCase(Locale.ROOT));
        run.put("training", options.training().toString());
        run.put("dtype", session.chat().model().dtype().name());
        return run;
    }

    /// A training saved in a run folder.
    record InFolder(RunFolder folder, Map<String, String> run) implements TrainingStore {
        @Override
        public Optional<Checkpoint> saved() {
            Path file = folder.path().resolve(CHECKPOINT);
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                return Optional.of(Checkpoint.read(in, run, file.toString()));
            } catch (IOException unreadable) {
                throw new InputException(
                        "checkpoint: expected a readable file, found " + unreadable.getMessage() + " (" + file
                                + "). Check its permissions.",
                        unreadable);
            }
        }

        @Override
        public void save(Checkpoint checkpoint) {
            folder.write(CHECKPOINT, checkpoint::write);
        }
    }
}
