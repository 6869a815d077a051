package assay.lab.verdict;

import assay.base.run.Job;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Training;
import assay.lab.studyfile.StudyFile;
import assay.measure.judge.Distillation;
import assay.tasks.distil.Bake;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.distil.Examples;
import assay.tasks.distil.KeptPeft;
import assay.tasks.distil.StudentForm;
import assay.tasks.distil.TrainingRun;
import assay.tasks.distil.TrainingStore;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Distils the adapters of a study into soft prompts, and keeps these for the targets made of them. Several threads may
/// distil at once.
record DistilStudy(Session session, Atlas atlas, StudyFile.Effort effort, Path out, Job job) {
    /// Length of the soft prompts.
    static final int TOKENS = 16;

    /// Where the soft prompt of an adapter and a seed is kept.
    static Path soft(Path out, String adapter, long seed) {
        return out.resolve("soft").resolve(adapter + "-" + seed);
    }

    /// Bakes the adapter if need be, and distils it.
    DistilEvidence run(StudyFile.Adapter adapter, long seed) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Target teacher = teacher(adapter);
            Curriculum curriculum = curriculum(adapter, teacher, seed);
            Distil.Options options = Distil.Options.defaults(TOKENS, seed).withSteps(effort.distilSteps());
            try (Distil distil = Distil.of(teacher, curriculum, session.chat(), Optional.of(atlas), job)) {
                Distil.Trained trained = distil.run(options, TrainingStore.nowhere());
                KeptPeft kept = new KeptPeft(soft(out, adapter.name(), seed), job);
                kept.forget();
                trained.save(kept.folder());
                kept.note();
                return evidence(adapter, seed, trained.found());
            }
        }
    }

    private Target teacher(StudyFile.Adapter adapter) {
        return switch (adapter.origin()) {
            case StudyFile.Origin.Plain(String prompt) -> session.prompt(prompt);
            case StudyFile.Origin.Folder(String folder) -> session.adapter(folder);
            case StudyFile.Origin.Baked(Bake.Source source, int steps) ->
                session.adapter(baked(adapter, source, steps).toString());
        };
    }

    /// One at a time: two seeds share one adapter.
    private synchronized Path baked(StudyFile.Adapter adapter, Bake.Source source, int steps) {
        Path folder = out.resolve("adapters").resolve(adapter.name());
        StudentForm form = new StudentForm.Lora(8, 16, List.of("q_proj", "v_proj"));
        Bake bake = new Bake(source, form, steps > 0 ? steps : effort.bakeSteps(), 0);
        new TrainingRun(session).bakeOnce(adapter.name(), bake, folder);
        return folder;
    }

    /// The examples' own user turns for what examples show; else the atlas's probe, with many more turns unless the
    /// study is to be brief.
    private Curriculum curriculum(StudyFile.Adapter adapter, Target teacher, long seed) {
        ChatModel chat = session.chat();
        if (adapter.origin() instanceof StudyFile.Origin.Baked(Bake.Source.Data(Path file), int _)) {
            return Curriculum.ofExamples(chat, Examples.read(file), teacher.behaviour(), 0, seed);
        }
        if (effort.turns() < 1) {
            return Curriculum.on(atlas.probe(), chat, teacher.behaviour(), seed);
        }
        return Curriculum.of(chat, Optional.of(atlas), teacher.behaviour(), seed, job);
    }

    private static DistilEvidence evidence(StudyFile.Adapter adapter, long seed, Distillation found) {
        List<Distillation.Point> curve = found.training().curve();
        Distillation.Point last = curve.getLast();
        double earlier = curve.stream()
                .filter(point -> point.step() <= 0.75 * last.step())
                .mapToDouble(Distillation.Point::closed)
                .max()
                .orElse(Double.NaN);
        double cosine = found.mechanism().stream()
                .mapToDouble(Distillation.Layer::cosine)
                .average()
                .orElse(Double.NaN);
        Training training = new Training(
                last.step(),
                last.closed() - earlier,
                found.fidelity().bestPrompt().value(),
                cosine);
        String predicted = adapter.worksPredicted() ? "works" : "fails";
        int tokens = found.subject().tokens();
        double klBase = found.divergence().foreign();
        Interval closed = found.fidelity().foreign();
        return new DistilEvidence(adapter.name(), adapter.kind(), predicted, seed, tokens, klBase, closed, training);
    }
}
