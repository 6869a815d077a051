package assay.study;

import assay.behaviour.Behaviour;
import assay.discover.Atlas;
import assay.distil.School;
import assay.distil.Trainer;
import assay.distil.TrainingState;
import assay.judge.DistilJudge;
import assay.judge.Distillation;
import assay.model.ChatModel;
import assay.run.Interruption;
import assay.run.Progress;
import assay.run.Stage;
import assay.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Students of other lengths, trained as the main one was but from one start: how much do more tokens buy?
final class Sweep {
    private final ChatModel chat;
    private final School school;
    private final Progress progress;
    private final Interruption interruption;

    Sweep(ChatModel chat, School school, Progress progress, Interruption interruption) {
        this.chat = chat;
        this.school = school;
        this.progress = progress;
        this.interruption = interruption;
    }

    List<Distillation.Length> run(Behaviour teacher, Optional<Atlas> atlas, Distil.Options options) {
        List<Distillation.Length> lengths = new ArrayList<>();
        DistilJudge judge = new DistilJudge(school, options.training().seed());
        for (int tokens : options.sweep()) {
            float[] start = new Starts(chat, school, progress, interruption)
                    .of(teacher, atlas, tokens, options.training().seed())
                    .starts()
                    .getFirst()
                    .embeddings();
            Trainer trainer =
                    school.trainer(Distil.student(options, tokens, chat.model().hidden()), options.training());
            TrainingState state = TrainingState.begin(new float[][] {start});
            try (Stage stage = progress.stage(
                    "training steps, " + tokens + " tokens", options.training().steps())) {
                trainer.run(state, _ -> {
                    interruption.check();
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
