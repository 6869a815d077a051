package assay.tasks.distil;

import assay.base.run.Job;
import assay.base.run.Stage;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.judge.Distillation;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.ArrayList;
import java.util.List;

/// Students of other lengths, trained as the main one was but from one start: how much do more tokens buy?
final class Sweep {
    private final ChatModel chat;
    private final TrainingSet school;
    private final Starts starts;
    private final Job job;

    Sweep(ChatModel chat, TrainingSet school, Starts starts, Job job) {
        this.chat = chat;
        this.school = school;
        this.starts = starts;
        this.job = job;
    }

    List<Distillation.Length> run(Distil.Options options) {
        List<Distillation.Length> lengths = new ArrayList<>();
        DistilJudge judge = new DistilJudge(school, options.training().seed());
        for (int tokens : options.sweep()) {
            float[] start = starts.of(tokens, options.training().seed())
                    .starts()
                    .getFirst()
                    .embeddings();
            Trainer trainer =
                    school.trainer(Distil.student(options, tokens, chat.model().hidden()), options.training());
            TrainingState state = TrainingState.begin(new float[][] {start});
            try (Stage stage = job.stage(
                    "training steps, " + tokens + " tokens", options.training().steps())) {
                trainer.run(state, _ -> {
                    job.check();
                    stage.advance(1);
                });
            }
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Behaviour student = trainer.behaviour(state.best());
                lengths.add(
                        new Distillation.Length(tokens, judge.foreign(student), judge.own(student), state.seconds()));
            }
        }
        return lengths;
    }
}
