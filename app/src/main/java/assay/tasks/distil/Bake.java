package assay.tasks.distil;

import assay.base.run.Job;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.tasks.session.Target;
import assay.train.LoraStudent;
import assay.train.SoftStudent;
import assay.train.Student;
import assay.train.Teacher;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Makes adapters and soft prompts of which it is known what they should do: by letting them learn what the
/// model does under a prompt (context distillation, arXiv 2209.15189), or answers that were written down.
final class Bake {
    /// Longest answer that is learnt from an example, tokens.
    private static final int LONGEST_ANSWER = 96;

    private final ChatModel chat;
    private final Job job;

    Bake(ChatModel chat, Job job) {
        this.chat = chat;
        this.job = job;
    }

    /// What was baked.
    ///
    /// @param numbers one array per block of the student
    /// @param found how well it does what it should
    record Baked(float[][] numbers, Distillation found) {}

    /// What a student learns, and from whom.
    ///
    /// @param teacher who teaches
    /// @param curriculum on which contexts
    record Material(Teacher teacher, Curriculum curriculum) {}

    /// The model under a prompt as the teacher.
    Material ofPrompt(Behaviour prompt, Optional<Atlas> atlas, long seed) {
        return new Material(new Teacher.Acting(prompt), Curriculum.of(chat, atlas, prompt, seed, job));
    }

    /// Written answers as the teacher, cut at [#LONGEST_ANSWER] tokens.
    Material ofExamples(Examples examples, long seed) {
        List<Probe.Split> splits = examples.splits(seed);
        List<Probe.Turn> turns = new ArrayList<>();
        Map<Integer, int[]> answers = new HashMap<>();
        for (Map.Entry<String, String> example : examples.answers().entrySet()) {
            int[] answer = ended(chat.tokenizer().encode(example.getValue()));
            answers.put(turns.size(), answer);
            turns.add(new Probe.Turn(example.getKey(), splits.get(turns.size()), "", answer));
        }
        return new Material(
                new Teacher.Written(answers),
                new Curriculum(new Probe("examples", turns), new Probe("own", List.of())));
    }

    private int[] ended(int[] answer) {
        int kept = Math.min(answer.length, LONGEST_ANSWER);
        int[] whole = java.util.Arrays.copyOf(answer, answer.length > LONGEST_ANSWER ? kept : kept + 1);
        if (answer.length <= LONGEST_ANSWER) {
            whole[kept] = chat.slot().endOfAnswer();
        }
        return whole;
    }

    /// Trains a student on the material.
    Baked run(
            Target target,
            Material material,
            Student student,
            float[][] start,
            Trainer.Options options,
            TrainingStore savings) {
        Curriculum curriculum = material.curriculum();
        try (TensorScope _ = TensorScope.withoutGradients();
                TrainingSet school = curriculum.school(material.teacher(), chat, job)) {
            Trainer trainer = school.trainer(student, options);
            TrainingState state =
                    savings.saved().map(saved -> saved.state()).orElseGet(() -> TrainingState.begin(start));
            StartTrials.Begun begun = new StartTrials.Begun(state, List.of(), "", savings.run());
            Saver saver = new Saver(begun, savings);
            Trainer.End end;
            try (Stage stage = job.stage("training steps", options.steps())) {
                stage.skip(state.step());
                end = trainer.run(state, now -> {
                    stage.advance(1);
                    Distil.tell(now, options, job);
                    saver.after(now, job.stopRequested());
                    job.check();
                });
            }
            return baked(target, curriculum, school, trainer, student, begun, options, end);
        }
    }

    private Baked baked(
            Target target,
            Curriculum curriculum,
            TrainingSet school,
            Trainer trainer,
            Student student,
            StartTrials.Begun begun,
            Trainer.Options options,
            Trainer.End end) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            DistilJudge judge = new DistilJudge(school, options.seed());
            float[][] best = begun.state().best();
            Behaviour trained = trainer.behaviour(best);
            Distillation.Fidelity fidelity =
                    judge.fidelity(judge.left(trained), untrained(student, trainer, begun), Optional.empty());
            job.note(String.format(
                    Locale.ROOT,
                    "  %.1f%% closed on unseen user turns",
                    100 * fidelity.foreign().value()));
            Distillation found = new Distillation(
                    new Distillation.Subject(
                            chat.model().name(),
                            chat.sha256(),
                            target.kind(),
                            target.name(),
                            target.description(),
                            words(student),
                            student instanceof SoftStudent soft ? soft.length() : 0),
                    judge.divergence(),
                    fidelity,
                    Distil.training(begun, options, 0, end, curriculum),
                    List.of(),
                    List.of(),
                    List.of(),
                    DistilVerdict.baked(judge.divergence(), fidelity));
            return new Baked(best, found);
        }
    }

    /// A LoRA starts as the base, with B = 0; a soft prompt at words.
    private static Behaviour untrained(Student student, Trainer trainer, StartTrials.Begun begun) {
        return switch (student) {
            case LoraStudent _ -> Behaviour.BASE;
            case SoftStudent _ -> trainer.behaviour(begun.state().start());
        };
    }

    private static String words(Student student) {
        return switch (student) {
            case LoraStudent lora ->
                "LoRA r=" + lora.rank() + " on " + lora.modules().size() + " layers";
            case SoftStudent soft -> Distil.words(soft.length(), soft.place());
        };
    }

    /// The target a JSONL file stands for; it cannot be run, only learnt.
    static Target ofData(String name, int examples, String sha256) {
        return new Target(Explanation.Kind.EXAMPLES, name, examples + " examples", Behaviour.BASE, sha256);
    }
}
