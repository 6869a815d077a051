package assay.tasks.distil;

import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.AtlasShelf;
import assay.engine.hub.ModelStore;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftFolder;
import assay.engine.peft.PeftWriter;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.train.LoraStudent;
import assay.train.SoftStudent;
import assay.train.Student;
import assay.train.Trainer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One baking in its run folder: saved as it goes, resumed if it was stopped, and at the end a PEFT folder with
/// its report.
public final class BakeRun {
    private final Session session;
    private final Job job;

    /// A run with an open model.
    public BakeRun(Session session) {
        this.session = session;
        this.job = session.job();
    }

    /// What to bake from.
    public sealed interface Source {
        /// A system prompt.
        record Prompt(String text) implements Source {}

        /// A JSONL file of examples.
        record Data(Path file) implements Source {}
    }

    /// What to bake into.
    public sealed interface Form {
        /// A LoRA adapter.
        ///
        /// @param rank of every module
        /// @param alpha B·A is multiplied by alpha/rank
        /// @param modules endings of module names
        record Lora(int rank, double alpha, List<String> modules) implements Form {}

        /// A soft prompt.
        ///
        /// @param slot where it sits: `system` or `prefix`
        record Soft(int tokens, String slot) implements Form {}
    }

    /// How long to bake.
    ///
    /// @param steps most training steps, at least one
    /// @param seed of every random choice
    public record Effort(int steps, long seed) {
        /// Checks the steps: without any, what is left behind would change nothing.
        public Effort {
            if (steps < 1) {
                throw new IllegalArgumentException("bake: expected at least one step, found " + steps);
            }
        }

        /// Rates differ, since an adapter starts at zero and a soft prompt at words.
        Trainer.Options training(Form form) {
            double rate = form instanceof Form.Lora ? 0.005 : 0.04;
            return new Trainer.Options(8, steps, rate, 5, 1, 10, 6, seed);
        }
    }

    /// Bakes into a folder unless it holds what is wanted; goes on where a stopped baking was.
    ///
    /// @param name what to call it
    public void once(String name, Source source, Form form, Effort effort, Path folder) {
        if (PeftFolder.holdsPeft(folder)) {
            return;
        }
        job.note(name + ": baking");
        try (RunFolder run = RunFolder.resumable(Optional.of(folder), name, DistilRun.CHECKPOINT)) {
            new BakeRun(session.doing(job.fromNow())).run(name, source, form, effort, run);
        }
    }

    /// Bakes into `folder`.
    ///
    /// @param name what to call it
    /// @throws assay.InputException if the examples, the form or the folder's checkpoint do not fit
    /// @throws assay.ResourceException if the training would not fit into memory
    public Distilled run(String name, Source source, Form form, Effort effort, RunFolder folder) {
        Trainer.Options options = effort.training(form);
        ChatModel chat = session.chat();
        Bake bake = new Bake(chat, job);
        Optional<Examples> examples =
                source instanceof Source.Data(Path file) ? Optional.of(Examples.read(file)) : Optional.empty();
        Target target = target(name, source, examples);
        Student student = student(form);
        DistilRun.InFolder savings = new DistilRun.InFolder(folder, fingerprint(target, form, options));
        savings.saved();
        Optional<Bake.Material> written = examples.map(known -> bake.ofExamples(known, options.seed()));
        Memory.Load load = written.map(known -> known.curriculum().load(chat)).orElse(Memory.Load.SHELF);
        job.note(Memory.require(student, options.turnsPerStep(), load, chat));
        Bake.Material material = written.orElseGet(() ->
                bake.ofPrompt(target.behaviour(), session.atlasIfAny().map(AtlasShelf.Shelved::atlas), options.seed()));
        if (form instanceof Form.Soft soft) {
            material.curriculum().requireRoom(soft.tokens(), chat);
        }
        Bake.Baked baked = bake.run(target, material, student, start(student, options.seed()), options, savings);
        Distilled distilled = new Distilled(
                "bake",
                baked.found(),
                session.provenance(
                        Map.of("bake", options.seed(), "turns", TurnShelf.SEED), Map.of("source", target.sha256())),
                job.seconds());
        distilled.write(folder, "report");
        write(student, form, baked.numbers(), target, folder);
        folder.remove(DistilRun.CHECKPOINT);
        return distilled;
    }

    private Target target(String name, Source source, Optional<Examples> examples) {
        return switch (source) {
            case Source.Prompt(String text) -> session.prompt(text);
            case Source.Data(Path file) ->
                Bake.ofData(name, examples.orElseThrow().answers().size(), Sha256.of(file));
        };
    }

    private Student student(Form form) {
        return switch (form) {
            case Form.Lora(int rank, double alpha, List<String> modules) ->
                LoraStudent.of(session.chat().model(), modules, rank, alpha);
            case Form.Soft(int tokens, String slot) ->
                new SoftStudent(tokens, session.chat().model().hidden(), Distil.placeOf(slot));
        };
    }

    private float[][] start(Student student, long seed) {
        return switch (student) {
            case LoraStudent lora -> lora.start(seed);
            case SoftStudent soft -> new float[][] {Starts.neutral(session.chat(), soft.length())};
        };
    }

    private void write(Student student, Form form, float[][] numbers, Target target, RunFolder folder) {
        Map<String, String> metadata =
                Map.of("assay_version", Provenance.assayVersion(), "baked_from", target.sha256());
        String base = ModelStore.hubName(session.chat().model().name());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            switch (form) {
                case Form.Soft(int tokens, String slot) ->
                    PeftWriter.prompt(
                            folder.path(),
                            Torch.floats(
                                    numbers[0], tokens, session.chat().model().hidden()),
                            Distil.placeOf(slot),
                            base,
                            metadata);
                case Form.Lora lora ->
                    PeftWriter.lora(folder.path(), factors(student, numbers), lora.alpha(), base, metadata);
            }
        }
    }

    private static Map<String, PeftWriter.Lora> factors(Student student, float[][] numbers) {
        Map<String, PeftWriter.Lora> factors = new LinkedHashMap<>();
        List<Student.Block> blocks = student.blocks();
        for (int i = 0; i < blocks.size(); i += 2) {
            String name = blocks.get(i).name();
            factors.put(
                    name.substring(0, name.lastIndexOf('.')),
                    new PeftWriter.Lora(
                            Torch.floats(numbers[i], blocks.get(i).shape()),
                            Torch.floats(numbers[i + 1], blocks.get(i + 1).shape())));
        }
        return factors;
    }

    private Map<String, String> fingerprint(Target target, Form form, Trainer.Options options) {
        Map<String, String> run = new TreeMap<>();
        run.put("command", "bake");
        run.put("model", session.chat().sha256());
        run.put("source", target.sha256());
        run.put("form", form.toString());
        run.put("training", options.toString());
        run.put("dtype", session.chat().model().dtype().name());
        return run;
    }
}
