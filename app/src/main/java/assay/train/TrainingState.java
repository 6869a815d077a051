package assay.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a training stands: everything needed to go on from here to the same numbers.
public final class TrainingState {
    private final float[][] start;
    private final float[][] numbers;
    private final Adam adam;
    private final List<Look> looks;
    private float[][] best;
    private Counters counters;

    /// One look at the search split.
    ///
    /// @param step training steps done
    /// @param seconds of training until then, looks not counted
    /// @param closed on the search split
    /// @param fit running mean of the KL on the fit split, nats per place
    public record Look(int step, double seconds, double closed, double fit) {}

    /// Everything but the big arrays.
    record Counters(int step, double seconds, double running, double bestClosed, int bestStep) {}

    /// As it was saved.
    TrainingState(float[][] start, float[][] numbers, Adam adam, float[][] best, Counters counters, List<Look> looks) {
        this.start = start;
        this.numbers = numbers;
        this.adam = adam;
        this.best = best;
        this.counters = counters;
        this.looks = new ArrayList<>(looks);
    }

    /// Before the first step.
    public static TrainingState begin(float[][] numbers) {
        float[][] own = copy(numbers);
        return new TrainingState(
                copy(own),
                own,
                Adam.of(own),
                copy(own),
                new Counters(0, 0, Double.NaN, Double.NEGATIVE_INFINITY, 0),
                List.of());
    }

    /// Whether there is nothing to train: what stands for a training that has not begun.
    public boolean isEmpty() {
        return start.length == 0;
    }

    /// Whether its numbers are those of a student of this kind.
    public boolean isOf(Student student) {
        long[] expected = student.shapes().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                .toArray();
        return Arrays.equals(
                Arrays.stream(numbers).mapToLong(block -> block.length).toArray(), expected);
    }

    /// Steps done.
    public int step() {
        return counters.step();
    }

    /// Seconds of training, looks not counted.
    public double seconds() {
        return counters.seconds();
    }

    /// All looks so far.
    public List<Look> looks() {
        return List.copyOf(looks);
    }

    /// The numbers before the first step.
    public float[][] start() {
        return copy(start);
    }

    /// The numbers that closed most on the search split.
    public float[][] best() {
        return copy(best);
    }

    /// When.
    public int bestStep() {
        return counters.bestStep();
    }

    float[][] numbers() {
        return numbers;
    }

    Adam adam() {
        return adam;
    }

    Counters counters() {
        return counters;
    }

    /// Notes a step that was taken.
    void stepped(double mean, double took) {
        double before = counters.running();
        double running = Double.isNaN(before) ? mean : 0.9 * before + 0.1 * mean;
        counters = new Counters(
                counters.step() + 1, counters.seconds() + took, running, counters.bestClosed(), counters.bestStep());
    }

    /// Notes a look; keeps the numbers if they are the best so far.
    void looked(double closed) {
        looks.add(new Look(counters.step(), counters.seconds(), closed, counters.running()));
        if (closed > counters.bestClosed()) {
            counters = new Counters(counters.step(), counters.seconds(), counters.running(), closed, counters.step());
            best = copy(numbers);
        }
    }

    private static float[][] copy(float[][] blocks) {
        return Arrays.stream(blocks).map(float[]::clone).toArray(float[][]::new);
    }
}
