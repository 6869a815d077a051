package assay.lab.trials;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import assay.base.run.RunFolder;
import assay.base.run.SmallFile;
import assay.base.run.SoundJson;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.lab.studyfile.ZooFile;
import assay.measure.judge.Distillation;
import assay.tasks.distil.Bake;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.distil.Examples;
import assay.tasks.distil.TrainingRun;
import assay.tasks.distil.TrainingStore;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A study of claim S1: bakes every target of a study file and distils each, several seeds, from one command.
/// What is finished is kept, so a stopped study goes on where it was.
public record Zoo(Session session) {
    private static final long MOST_ROW_BYTES = 1L << 26;
    private static final String ROW = "row.json";
    /// Seed by which examples are held out: the same for adapter and soft prompt, so that neither saw them.
    private static final long SPLITS = 0;

    /// What is run.
    ///
    /// @param classes of targets; all if empty
    /// @param bakeSteps training steps of an adapter, unless the study file says otherwise
    /// @param seeds soft prompts distilled from each adapter of the elicitation class; others get one
    /// @param distil how to distil; its seed is replaced
    public record Options(Set<String> classes, int bakeSteps, int seeds, Distil.Options distil) {}

    /// One distillation of the study.
    ///
    /// @param predicted `works` or `fails`, as the study file says
    /// @param skill whether what examples show was learned; empty for targets made from a prompt, and in rows of
    ///     versions that did not ask
    public record Row(
            String target,
            String kind,
            String predicted,
            long seed,
            Distillation found,
            Optional<AnswerLikeness> skill) {}

    /// Bakes and distils.
    public List<Row> run(Path file, Options options, Path out) {
        ZooFile zoo = ZooFile.read(file);
        Optional<Atlas> atlas = session.atlasIfAny().map(AtlasShelf.Shelved::atlas);
        List<Row> rows = new ArrayList<>();
        for (ZooFile.Entry entry : zoo.targets()) {
            if (options.classes().isEmpty() || options.classes().contains(entry.kind())) {
                bake(entry, options, out);
                rows.addAll(distil(entry, atlas, options, out));
                AtomicFiles.write(out.resolve("zoo.md"), table(rows));
            }
        }
        return rows;
    }

    private Path folder(Path out, ZooFile.Entry entry) {
        return out.resolve(entry.name()).resolve("adapter");
    }

    private void bake(ZooFile.Entry entry, Options options, Path out) {
        int steps = entry.steps() > 0 ? entry.steps() : options.bakeSteps();
        Bake bake = new Bake(entry.source(), entry.form(), steps, SPLITS);
        new TrainingRun(session).bakeOnce(entry.name(), bake, folder(out, entry));
    }

    private List<Row> distil(ZooFile.Entry entry, Optional<Atlas> atlas, Options options, Path out) {
        int seeds = entry.kind().equals("elicitation") ? options.seeds() : 1;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Target teacher = session.adapter(folder(out, entry).toString());
            Curriculum curriculum = curriculum(entry, atlas, teacher);
            try (Distil distil = Distil.of(teacher, curriculum, session.chat(), atlas, session.job())) {
                List<Row> rows = new ArrayList<>();
                for (long seed = 0; seed < seeds; seed++) {
                    session.job().note(entry.name() + ": distilling, seed " + seed);
                    rows.add(distil(entry, teacher, distil, options.distil().withSeed(seed), out));
                }
                return rows;
            }
        }
    }

    /// General user turns for what a prompt asks for; the examples' own user turns, answered by the base and
    /// by the adapter, for what examples show.
    private Curriculum curriculum(ZooFile.Entry entry, Optional<Atlas> atlas, Target teacher) {
        ChatModel chat = session.chat();
        return switch (entry.source()) {
            case Bake.Source.Prompt _, Bake.Source.Sampled _ ->
                Curriculum.of(chat, atlas, teacher.behaviour(), 0, session.job());
            case Bake.Source.Data(Path file) ->
                Curriculum.ofExamples(chat, Examples.read(file), teacher.behaviour(), SPLITS, 0);
        };
    }

    private Row distil(ZooFile.Entry entry, Target teacher, Distil distil, Distil.Options options, Path out) {
        Path target =
                out.resolve(entry.name()).resolve("soft-" + options.training().seed());
        Optional<Row> known = kept(target);
        if (known.isPresent()) {
            return known.get();
        }
        TrainingRun run = new TrainingRun(session.doing(session.job().fromNow()));
        try (RunFolder folder = TrainingStore.folder(Optional.of(target), entry.name())) {
            Distil.Trained trained = distil.run(options, run.store(teacher, options, folder));
            Optional<AnswerLikeness> skill = skill(entry, teacher, trained);
            run.write(teacher, options, trained, folder);
            String predicted = entry.worksPredicted() ? "works" : "fails";
            long seed = options.training().seed();
            Row row = new Row(entry.name(), entry.kind(), predicted, seed, trained.found(), skill);
            folder.write(ROW, SoundJson.sealed(row));
            TrainingStore.finished(folder);
            return row;
        }
    }

    private Optional<AnswerLikeness> skill(ZooFile.Entry entry, Target teacher, Distil.Trained trained) {
        if (!(entry.source() instanceof Bake.Source.Data(Path file))) {
            return Optional.empty();
        }
        try (TensorScope _ = TensorScope.withoutGradients();
                Stage stage = session.job().stage("held-out user turns answered", 1)) {
            HeldOutAnswers recital = HeldOutAnswers.of(session.chat(), Examples.read(file), SPLITS);
            AnswerLikeness skill = recital.skill(teacher.behaviour(), trained.behaviour());
            stage.advance(1);
            return Optional.of(skill);
        }
    }

    /// The row of a finished distillation; a damaged one is told of, set aside with its folder and run
    /// again.
    private Optional<Row> kept(Path target) {
        if (!Files.isRegularFile(target.resolve(ROW)) || TrainingStore.isUnfinished(target)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(target.resolve(ROW)));
        } catch (InputException damaged) {
            Path aside = AtomicFiles.setAside(target);
            session.job().note(damaged.getMessage() + " Its folder is kept as " + aside.getFileName() + ".");
            return Optional.empty();
        }
    }

    static Row read(Path file) {
        try {
            return SoundJson.read(SmallFile.bytes(file, MOST_ROW_BYTES), new TypeReference<Row>() {});
        } catch (IOException | JacksonException _) {
            throw Refusal.of("study", "a finished row", "it damaged", file, "It is run again.");
        }
    }

    /// The study as Markdown tables.
    public static String table(List<Row> rows) {
        return ZooTable.of(rows);
    }

    /// The study as one JSON document, with a provenance.
    public String json(List<Row> rows) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schema_version", 1);
        document.put("command", "distil --study");
        document.put("rows", rows);
        document.put("provenance", session.provenance(Map.of(), Map.of()));
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n";
    }
}
