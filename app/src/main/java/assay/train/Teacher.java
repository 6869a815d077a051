package assay.train;

import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Who says what the student is to say.
public sealed interface Teacher {
    /// The target on some contexts, owned by the caller's scope.
    Objective.Target on(List<Context> contexts, Runner runner, Objective objective);

    /// The behaviour that teaches, if one does.
    default List<Behaviour> acting() {
        return this instanceof Acting(Behaviour behaviour) ? List.of(behaviour) : List.of();
    }

    /// A behaviour: its next-token distributions are the target.
    record Acting(Behaviour behaviour) implements Teacher {
        @Override
        public Objective.Target on(List<Context> contexts, Runner runner, Objective objective) {
            return objective.of(runner.hidden(behaviour, contexts));
        }
    }

    /// Examples: the answer that was written is the target, one token per place.
    ///
    /// @param answers the whole answer to each user turn, by the turn's number
    record Written(Map<Integer, int[]> answers) implements Teacher {
        /// Keeps its own copy.
        public Written {
            answers = new HashMap<>(answers);
        }

        @Override
        public Objective.Target on(List<Context> contexts, Runner runner, Objective objective) {
            return objective.of(contexts.stream()
                    .flatMapToInt(context -> IntStream.of(answer(context)))
                    .toArray());
        }

        private int[] answer(Context context) {
            int[] answer = answers.getOrDefault(context.turn(), new int[0]);
            if (answer.length != context.places()) {
                throw new IllegalArgumentException("examples: expected " + context.places() + " answer tokens for turn "
                        + context.turn() + ", found " + answer.length + ".");
            }
            return answer;
        }
    }
}
