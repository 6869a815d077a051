package assay.train;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.train.TrainingSet.Lesson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;

/// The fit split with what the teacher says in it, computed once and kept: 2,308 bytes a place for a model
/// 576 wide.
public final class Lessons implements AutoCloseable {
    private static final int TURNS_PER_PASS = 16;

    private final List<Gradient.Taught> taught;

    /// Runs the teacher on every lesson, several side by side.
    ///
    /// @param ran hears how many lessons were just done, on the thread that did them
    Lessons(Runner runner, Objective objective, Teacher teacher, List<Lesson> lessons, IntConsumer ran) {
        Gradient.Taught[] done = new Gradient.Taught[lessons.size()];
        List<Runnable> work = new ArrayList<>();
        for (int start = 0; start < lessons.size(); start += TURNS_PER_PASS) {
            int from = start;
            List<Lesson> part = lessons.subList(start, Math.min(lessons.size(), start + TURNS_PER_PASS));
            work.add(() -> {
                teach(runner, objective, teacher, part, done, from);
                ran.accept(part.size());
            });
        }
        SideBySide.run(work);
        this.taught = List.copyOf(Arrays.asList(done));
    }

    private static void teach(
            Runner runner, Objective objective, Teacher teacher, List<Lesson> part, Gradient.Taught[] done, int from) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<Context> contexts =
                    part.stream().flatMap(lesson -> lesson.contexts().stream()).toList();
            Objective.Target target = teacher.on(contexts, runner, objective);
            long at = 0;
            for (int i = 0; i < part.size(); i++) {
                int places = part.get(i).places();
                Objective.Target own = objective.kept(target.copied(at, places));
                done[from + i] = new Gradient.Taught(part.get(i), own);
                at += places;
            }
        }
    }

    /// Number of lessons.
    public int size() {
        return taught.size();
    }

    /// The lessons of one step: every epoch goes through all of them in an order of its own, which depends on
    /// nothing but the seed.
    List<Gradient.Taught> ofStep(int step, int perStep, long seed) {
        int count = Math.min(perStep, taught.size());
        int perEpoch = taught.size() / count;
        List<Gradient.Taught> order = new ArrayList<>(taught);
        Collections.shuffle(order, new Random(seed * 1_000_003L + step / perEpoch));
        int first = step % perEpoch * count;
        return order.subList(first, first + count);
    }

    @Override
    public void close() {
        taught.forEach(lesson -> Objective.release(lesson.target()));
    }
}
