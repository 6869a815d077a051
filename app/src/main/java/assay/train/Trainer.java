package assay.train;

import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Behaviour;
import java.util.List;
import java.util.function.Consumer;

/// Trains a student on lessons by Adam with a warm-up and a cosine, clipped gradients, and an early stop on
/// the search split.
public record Trainer(Gradient gradient, Lessons lessons, HeldOut search, Options options) {
    /// How to train.
    ///
    /// @param turnsPerStep user turns in a step, with all their contexts
    /// @param steps after which the cosine has come down
    /// @param rate highest learning rate
    /// @param warmup steps until the highest rate
    /// @param clip longest gradient
    /// @param lookEvery steps between two looks at the search split
    /// @param patience looks without a new best after which training ends
    /// @param seed of the order of the lessons
    public record Options(
            int turnsPerStep, int steps, double rate, int warmup, double clip, int lookEvery, int patience, long seed) {
        /// The same with another number of steps.
        public Options withSteps(int other) {
            return new Options(turnsPerStep, other, rate, warmup, clip, lookEvery, patience, seed);
        }

        /// The same for a short trial, with half the turns in a step.
        public Options trial(int most) {
            return new Options(Math.max(1, turnsPerStep / 2), most, rate, warmup, clip, lookEvery, patience, seed);
        }

        /// The same with another seed.
        public Options withSeed(long other) {
            return new Options(turnsPerStep, steps, rate, warmup, clip, lookEvery, patience, other);
        }

        /// Learning rate of a step: linear up, then half a cosine down to a twentieth.
        double rateAt(int step) {
            double up = Math.min(1, (step + 1.0) / warmup);
            double down = 0.5 * (1 + Math.cos(Math.PI * Math.min(step, steps) / steps));
            return rate * up * (0.05 + 0.95 * down);
        }
    }

    /// Why a training ended.
    public enum End {
        FINISHED("all steps done"),
        STOPPED("the search split stopped improving"),
        DIVERGED("the loss was not a number; the best before it is kept");

        private final String words;

        End(String words) {
            this.words = words;
        }

        /// For the reader.
        public String words() {
            return words;
        }
    }

    /// Trains on from `state`, which is changed as it goes.
    ///
    /// @param after hears of the state after every step; may save it, or throw to interrupt
    public End run(TrainingState state, Consumer<TrainingState> after) {
        if (state.looks().isEmpty()) {
            look(state);
        }
        while (state.step() < options.steps()) {
            if (state.looks().size() - 1 - bestLook(state) >= options.patience()) {
                return End.STOPPED;
            }
            if (!advance(state)) {
                return End.DIVERGED;
            }
            if (state.step() % options.lookEvery() == 0 || state.step() == options.steps()) {
                look(state);
            }
            after.accept(state);
        }
        return End.FINISHED;
    }

    /// The student with these numbers; its tensors belong to the caller's scope.
    public Behaviour behaviour(float[][] numbers) {
        return gradient.student().behaviour(gradient.student().tensors(numbers));
    }

    /// What the student with these numbers closes on the search split.
    public double closed(float[][] numbers) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return search.closed(behaviour(numbers));
        }
    }

    private void look(TrainingState state) {
        state.looked(closed(state.numbers()));
    }

    private static int bestLook(TrainingState state) {
        List<Integer> steps =
                state.looks().stream().map(TrainingState.Look::step).toList();
        return Math.max(0, steps.indexOf(state.bestStep()));
    }

    /// One step; false if the loss or its slope was not a number, in which case nothing was changed.
    private boolean advance(TrainingState state) {
        long start = System.nanoTime();
        int turns = options.turnsPerStep();
        Gradient.Value value = gradient.at(state.numbers(), lessons.ofStep(state.step(), turns, options.seed()));
        double norm = value.norm();
        if (!Double.isFinite(norm) || !Double.isFinite(value.mean())) {
            return false;
        }
        if (norm > options.clip()) {
            value.scale(options.clip() / norm);
        }
        state.adam().step(state.step() + 1, state.numbers(), value.blocks(), options.rateAt(state.step()));
        state.stepped(value.mean(), (System.nanoTime() - start) / 1e9);
        return true;
    }
}
