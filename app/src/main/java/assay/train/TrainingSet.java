package assay.train;

import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// A teacher with its lessons and the contexts on which its students are examined: one per teacher, whatever
/// students follow.
public final class TrainingSet implements AutoCloseable {
    private final Runner runner;
    private final Objective objective;
    private final Lessons lessons;
    private final HeldOut search;
    private final HeldOut foreignTest;
    private final HeldOut ownTest;

    /// Runs the teacher everywhere once.
    ///
    /// @param lessons of the same probes
    /// @param foreign contexts whose answers others wrote
    /// @param own the same user turns, or some of them, answered by the teacher
    /// @param ran hears how many lessons were just prepared, on the thread that did it
    public TrainingSet(
            Runner runner, Teacher teacher, List<Lesson> lessons, Probe foreign, Probe own, IntConsumer ran) {
        this.runner = runner;
        this.objective =
                new Objective(runner.unembedding(), runner.chat().model().dtype());
        this.lessons = new Lessons(runner, objective, teacher, lessons, ran);
        List<Context> searching = new ArrayList<>(foreign.contexts(Probe.Split.SEARCH, runner));
        searching.addAll(own.contexts(Probe.Split.SEARCH, runner));
        this.search = new HeldOut(runner, objective, teacher, searching);
        this.foreignTest = new HeldOut(runner, objective, teacher, foreign.contexts(Probe.Split.TEST, runner));
        this.ownTest = new HeldOut(runner, objective, teacher, own.contexts(Probe.Split.TEST, runner));
    }

    /// Every user turn of the fit split with all its contexts.
    public static List<Lesson> lessons(Probe foreign, Probe own, Runner runner) {
        Map<String, List<Context>> byUser = new java.util.LinkedHashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (Probe probe : List.of(foreign, own)) {
            for (Context context : probe.contexts(Probe.Split.FIT, runner)) {
                String user = probe.turns().get(context.turn()).user();
                byUser.computeIfAbsent(user, _ -> new ArrayList<>()).add(context);
                numbers.putIfAbsent(user, numbers.size());
            }
        }
        List<Lesson> lessons = new ArrayList<>();
        byUser.forEach((user, contexts) -> lessons.add(new Lesson(numbers.getOrDefault(user, 0), contexts)));
        return lessons;
    }

    /// A trainer of one student.
    public Trainer trainer(Student student, Trainer.Options options) {
        return new Trainer(runner, objective, student, lessons, search, options);
    }

    /// Runs behaviours.
    public Runner runner() {
        return runner;
    }

    /// Foreign and own contexts of the search split.
    public HeldOut search() {
        return search;
    }

    /// Foreign contexts of the test split.
    public HeldOut foreignTest() {
        return foreignTest;
    }

    /// Own contexts of the test split.
    public HeldOut ownTest() {
        return ownTest;
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
