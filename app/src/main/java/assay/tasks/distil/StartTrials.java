package assay.tasks.distil;

import assay.base.run.Job;
import assay.base.run.Stage;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.HardPrompt;
import assay.measure.judge.Distillation;
import assay.train.Checkpoint;
import assay.train.Trainer;
import assay.train.TrainingSet;
import assay.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Lets every start train for a few steps and goes on with the one that closes most on the search split; or
/// goes on where an earlier run was stopped.
final class StartTrials {
    private static final String STARTS = "starts";
    private static final String BEST = "best_prompt";

    private final ChatModel chat;
    private final TrainingSet school;
    private final Starts starts;
    private final Job job;

    StartTrials(ChatModel chat, TrainingSet school, Starts starts, Job job) {
        this.chat = chat;
        this.school = school;
        this.starts = starts;
        this.job = job;
    }

    /// A training that has begun.
    ///
    /// @param state where it stands
    /// @param starts all that were tried
    /// @param bestPrompt the best single readable prompt; empty if none is known
    /// @param run what a resuming run must agree on
    record Begun(TrainingState state, List<Distillation.Start> starts, String bestPrompt, Map<String, String> run) {
        /// What a checkpoint has to remember besides the state.
        Map<String, String> notes() {
            Map<String, String> notes = new TreeMap<>();
            notes.put(STARTS, JsonMapper.shared().writeValueAsString(starts));
            notes.put(BEST, bestPrompt);
            return notes;
        }
    }

    private record Trial(Starts.Start start, TrainingState state, double before) {}

    /// Begins, or goes on.
    Begun begin(Distil.Options options, TrainingStore savings) {
        Optional<Checkpoint> saved = savings.saved();
        if (saved.isPresent()) {
            return resumed(saved.get());
        }
        Starts.Found found = starts.of(options.tokens(), options.training().seed());
        int chosen = 0;
        List<Trial> trials = new ArrayList<>();
        Trainer.Options few = options.training()
                .withTurns(Math.max(1, options.training().turnsPerStep() / 2))
                .withSteps(options.trialSteps());
        try (Stage stage = job.stage("starts tried", (long) found.starts().size() * options.trialSteps())) {
            for (Starts.Start start : found.starts()) {
                Trainer trainer = school.trainer(
                        Distil.student(options, options.tokens(), chat.model().hidden()), few);
                TrainingState state = TrainingState.begin(new float[][] {start.embeddings()});
                trainer.run(state, _ -> {
                    job.check();
                    stage.advance(1);
                });
                trials.add(new Trial(start, state, state.looks().getFirst().closed()));
                if (closed(trials.getLast()) > closed(trials.get(chosen))) {
                    chosen = trials.size() - 1;
                }
            }
        }
        return begun(trials, chosen, found, savings);
    }

    private static double closed(Trial trial) {
        return trial.state().looks().getLast().closed();
    }

    private Begun begun(List<Trial> trials, int chosen, Starts.Found found, TrainingStore savings) {
        List<Distillation.Start> tried = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            Trial trial = trials.get(i);
            tried.add(new Distillation.Start(
                    trial.start().kind(), trial.start().text(), trial.before(), closed(trial), i == chosen));
            job.note(String.format(
                    Locale.ROOT,
                    "  %-10s %5.1f%% before, %5.1f%% after the trial steps",
                    trial.start().kind(),
                    100 * trial.before(),
                    100 * closed(trial)));
        }
        return new Begun(
                TrainingState.begin(new float[][] {trials.get(chosen).start().embeddings()}),
                tried,
                found.best().map(HardPrompt::text).orElse(""),
                savings.run());
    }

    private static Begun resumed(Checkpoint saved) {
        List<Distillation.Start> starts = JsonMapper.shared()
                .readValue(saved.notes().getOrDefault(STARTS, "[]"), new TypeReference<List<Distillation.Start>>() {});
        return new Begun(saved.state(), starts, saved.notes().getOrDefault(BEST, ""), saved.run());
    }
}
