package assay.lab.verdict;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Training;
import assay.lab.studyfile.StudyFile;
import assay.measure.judge.Distillation;
import assay.measure.probe.Probe;
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

    /// Seed of an adapter's own baking, and of the splits of what it is baked from.
    private static final long FIRST = 0;

    /// Where the soft prompt of an adapter and a seed is kept.
    static Path soft(Path out, String adapter, long seed) {
        return out.resolve("soft").resolve(adapter + "-" + seed);
    }

    /// Where a second training run of an adapter is kept.
    static Path sibling(Path out, String adapter, int number) {
        return out.resolve("siblings").resolve(adapter + "-" + number);
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

    /// What is distilled, baked first if need be; its tensors live as long as the session.
    Target teacher(StudyFile.Adapter adapter) {
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
        new TrainingRun(session).bakeOnce(adapter.name(), bake(source, steps, FIRST), folder);
        return folder;
    }

    private Bake bake(Bake.Source source, int steps, long seed) {
        StudentForm form = new StudentForm.Lora(8, 16, List.of("q_proj", "v_proj"));
        return new Bake(source, form, steps > 0 ? steps : effort.bakeSteps(), seed);
    }

    /// Bakes an adapter once more, with another seed: another start, other answers to learn from, another order. Of
    /// examples, it sees all but those on which the adapter is measured, and none of these.
    ///
    /// @param number 1 for the second run, and so on
    void bakeAgain(StudyFile.Adapter adapter, int number) {
        if (adapter.origin() instanceof StudyFile.Origin.Baked(Bake.Source source, int steps)) {
            Bake.Source unseen = source instanceof Bake.Source.Data(Path file)
                    ? new Bake.Source.Data(withoutTest(adapter, file))
                    : source;
            String name = adapter.name() + "-" + number;
            Path folder = sibling(out, adapter.name(), number);
            new TrainingRun(session.doing(job)).bakeOnce(name, bake(unseen, steps, FIRST + number), folder);
        }
    }

    private Path withoutTest(StudyFile.Adapter adapter, Path file) {
        Path rest = out.resolve("siblings").resolve(adapter.name() + ".jsonl");
        AtomicFiles.write(rest, Examples.read(file).withoutTest(FIRST));
        return rest;
    }

    /// The examples' own user turns for what examples show; else the atlas's probe, with many more turns unless the
    /// study is to be brief.
    private Curriculum curriculum(StudyFile.Adapter adapter, Target teacher, long seed) {
        ChatModel chat = session.chat();
        if (adapter.origin() instanceof StudyFile.Origin.Baked(Bake.Source.Data(Path file), int _)) {
            return Curriculum.ofExamples(chat, Examples.read(file), teacher.behaviour(), FIRST, seed);
        }
        if (effort.turns() < 1) {
            return Curriculum.on(atlas.probe(), chat, teacher.behaviour(), seed);
        }
        return Curriculum.of(chat, Optional.of(atlas), teacher.behaviour(), seed, job);
    }

    /// The user turns and foreign answers on whose test split soft prompts of an adapter are judged.
    Probe foreign(StudyFile.Adapter adapter) {
        return adapter.origin() instanceof StudyFile.Origin.Baked(Bake.Source.Data(Path file), int _)
                ? Curriculum.answeredByBase(session.chat(), Examples.read(file), FIRST)
                : atlas.probe();
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
