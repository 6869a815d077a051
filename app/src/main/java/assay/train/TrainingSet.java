package assay.train;

import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// A teacher with its lessons and the contexts on which its students are examined: one per teacher, whatever
/// students follow.
///
/// @param runner runs behaviours
/// @param search foreign and own contexts of the search split
/// @param foreignTest foreign contexts of the test split
/// @param ownTest own contexts of the test split
public record TrainingSet(
        Runner runner, Objective objective, Lessons lessons, HeldOut search, HeldOut foreignTest, HeldOut ownTest)
        implements AutoCloseable {
    /// One user turn with all its contexts: they share a question, so they are read together.
    ///
    /// @param contexts answers the base, other prompts or the teacher wrote to it
    public record Lesson(List<Context> contexts) {
        /// Keeps its own copy.
        public Lesson {
            contexts = List.copyOf(contexts);
        }

        /// Places compared.
        public int places() {
            return contexts.stream().mapToInt(Context::places).sum();
        }
    }

    /// Runs the teacher everywhere once.
    ///
    /// @param lessons of the same probes
    /// @param foreign contexts whose answers others wrote
    /// @param own the same user turns, or some of them, answered by the teacher
    /// @param ran hears how many lessons were just prepared, on the thread that did it
    public static TrainingSet of(
            Runner runner, Teacher teacher, List<Lesson> lessons, Probe foreign, Probe own, IntConsumer ran) {
        Objective objective =
                new Objective(runner.unembedding(), runner.chat().model().dtype());
        Lessons taught = new Lessons(runner, objective, teacher, lessons, ran);
        List<Context> searching = new ArrayList<>(foreign.contexts(Probe.Split.SEARCH, runner));
        searching.addAll(own.contexts(Probe.Split.SEARCH, runner));
        return new TrainingSet(
                runner,
                objective,
                taught,
                HeldOut.of(runner, objective, teacher, searching),
                HeldOut.of(runner, objective, teacher, foreign.contexts(Probe.Split.TEST, runner)),
                HeldOut.of(runner, objective, teacher, own.contexts(Probe.Split.TEST, runner)));
    }

    /// Every user turn of the fit split with all its contexts.
    public static List<Lesson> lessons(Probe foreign, Probe own, Runner runner) {
        Map<String, List<Context>> byUser = new LinkedHashMap<>();
        for (Probe probe : List.of(foreign, own)) {
            for (Context context : probe.contexts(Probe.Split.FIT, runner)) {
                String user = probe.turns().get(context.turn()).user();
                byUser.computeIfAbsent(user, _ -> new ArrayList<>()).add(context);
            }
        }
        return byUser.values().stream().map(Lesson::new).toList();
    }

    /// A trainer of one student.
    public Trainer trainer(Student student, Trainer.Options options) {
        return new Trainer(new Gradient(runner, student, objective), lessons, search, options);
    }

    @Override
    public void close() {
        lessons.close();
        search.close();
        foreignTest.close();
        ownTest.close();
        objective.close();
    }
}
