package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class PredictorTest {
    private static final int WIDTH = 4;
    private static final int NUMBERS = 6;
    private static final double NOISE = 0.05;

    private final float[][] readings = readings(150, 1);
    private final float[][] sketches = sketches(readings);

    /// A prediction in plain numbers.
    private record Plain(float[][] sketches, float[] variance) {}

    @Test
    void aSmoothFunctionIsPredictedWhereItWasNotSeen() {
        float[][] unseen = readings(60, 2);
        try (Predictor predictor = new Predictor(readings, sketches)) {
            double error = error(guess(predictor, unseen).sketches(), sketches(unseen));
            float[][] means = new float[unseen.length][];
            Arrays.fill(means, mean(sketches));
            assertThat(error).isLessThan(0.2 * error(means, sketches(unseen)));
            assertThat(predictor.numbers()).isEqualTo(NUMBERS);
        }
    }

    @Test
    void farFromAllThatIsKnownTheMeanIsPredictedAndLittleIsSure() {
        float[][] far = {{90, -80, 70, 100}};
        try (Predictor predictor = new Predictor(readings, sketches)) {
            Plain near = guess(predictor, new float[][] {readings[3]});
            Plain guess = guess(predictor, far);
            assertThat(error(guess.sketches(), new float[][] {mean(sketches)})).isLessThan(1e-8);
            assertThat(guess.variance()[0]).isGreaterThan(5 * near.variance()[0]);
        }
    }

    @Test
    void whatIsLearntIsPredictedFromThenOn() {
        float[][] odd = {{5, -4, 4, 5}};
        float[][] truth = {{9, -9, 9, -9, 9, -9}};
        try (Predictor predictor = new Predictor(readings, sketches)) {
            Plain before = guess(predictor, odd);
            Plain elsewhereBefore = guess(predictor, readings);
            predictor.learn(odd, truth);
            Plain after = guess(predictor, odd);
            assertThat(error(after.sketches(), truth)).isLessThan(0.02 * error(before.sketches(), truth));
            assertThat(after.variance()[0]).isLessThan(0.2f * before.variance()[0]);
            assertThat(error(guess(predictor, readings).sketches(), elsewhereBefore.sketches()))
                    .isLessThan(0.02 * error(elsewhereBefore.sketches(), means()));
        }
    }

    @Test
    void aForkLearnsByItself() {
        float[][] odd = {{5, -4, 4, 5}};
        float[][] truth = {{9, -9, 9, -9, 9, -9}};
        float[][] asked = readings(20, 5);
        try (Predictor predictor = new Predictor(readings, sketches)) {
            Plain before = guess(predictor, asked);
            Plain learnt;
            try (Predictor fork = predictor.fork();
                    Predictor other = predictor.fork()) {
                assertThat(guess(fork, asked).sketches()).isDeepEqualTo(before.sketches());
                fork.learn(odd, truth);
                learnt = guess(fork, odd);
                assertThat(error(learnt.sketches(), truth))
                        .isLessThan(0.02 * error(guess(other, odd).sketches(), truth));
                assertThat(guess(other, asked).variance()).isEqualTo(before.variance());
            }
            assertThat(guess(predictor, asked).sketches()).isDeepEqualTo(before.sketches());
            assertThat(guess(predictor, asked).variance()).isEqualTo(before.variance());
            predictor.learn(odd, truth);
            assertThat(guess(predictor, odd).sketches()).isDeepEqualTo(learnt.sketches());
        }
    }

    @Test
    void learningBitByBitEqualsLearningAtOnce() {
        float[][] more = readings(9, 3);
        float[][] truth = sketches(readings(9, 4));
        float[][] asked = readings(20, 5);
        try (Predictor bitByBit = new Predictor(readings, sketches);
                Predictor atOnce = new Predictor(readings, sketches)) {
            for (int i = 0; i < more.length; i += 3) {
                bitByBit.learn(Arrays.copyOfRange(more, i, i + 3), Arrays.copyOfRange(truth, i, i + 3));
            }
            atOnce.learn(more, truth);
            assertThat(error(
                            guess(bitByBit, asked).sketches(),
                            guess(atOnce, asked).sketches()))
                    .isLessThan(1e-8);
        }
    }

    /// Two readings more of either kind leave the mean and the deviation of all as they were.
    @Test
    void whatIsLearntLaterCountsAsWhatWasKnownFromTheStart() {
        int count = readings.length;
        float[][] twice = Arrays.copyOf(readings, 2 * count);
        float[][] truths = Arrays.copyOf(sketches, 2 * count);
        for (int i = 0; i < count; i++) {
            twice[count + i] = readings[i];
            truths[count + i] = sketches[(i + 1) % count];
        }
        float[][] asked = readings(20, 5);
        try (Predictor whole = new Predictor(twice, truths);
                Predictor learning = new Predictor(readings, sketches)) {
            learning.learn(Arrays.copyOfRange(twice, count, 2 * count), Arrays.copyOfRange(truths, count, 2 * count));
            assertThat(error(
                            guess(learning, asked).sketches(),
                            guess(whole, asked).sketches()))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void figuresOfLeavingOneOutAreThoseOfLeavingOneOut() {
        float[][] few = Arrays.copyOf(readings, 25);
        float[][] known = Arrays.copyOf(sketches, 25);
        double[] errors = new double[25];
        double[] variances = new double[25];
        leaveOut(few, known, errors, variances);
        double scale = IntStream.range(0, 25)
                .mapToDouble(i -> errors[i] / variances[i])
                .average()
                .orElseThrow();
        double within = IntStream.range(0, 25)
                        .filter(i -> errors[i] <= 2 * scale * variances[i])
                        .count()
                / 25.0;
        float[][] means = new float[25][];
        Arrays.fill(means, mean(known));
        double explained = 1 - Arrays.stream(errors).average().orElseThrow() / error(known, means);
        try (Predictor predictor = new Predictor(few, known)) {
            assertThat(predictor.leaveOneOut().explained()).isCloseTo(explained, within(1e-4));
            assertThat(predictor.leaveOneOut().within()).isCloseTo(within, within(1e-6));
            float[][] far = {{90, -80, 70, 100}};
            assertThat((double) guess(predictor, far).variance()[0]).isCloseTo(scale, within(1e-3 * scale));
        }
    }

    @Test
    void oneReadingIsTooFew() {
        assertThatThrownBy(() -> new Predictor(new float[1][WIDTH], new float[1][NUMBERS]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("predictor: expected at least two readings with a sketch each, found 1 and 1.");
    }

    /// Mean squared errors and variances (in units of the scale) of each row predicted from all others.
    private static void leaveOut(float[][] few, float[][] known, double[] errors, double[] variances) {
        int count = few.length;
        float[] offset = mean(known);
        RealMatrix kernel = kernel(few);
        for (int left = 0; left < count; left++) {
            int out = left;
            int[] rest = IntStream.range(0, count).filter(i -> i != out).toArray();
            RealMatrix near = kernel.getSubMatrix(rest, new int[] {out});
            RealMatrix weights = new LUDecomposition(kernel.getSubMatrix(rest, rest))
                    .getSolver()
                    .solve(near);
            for (int k = 0; k < NUMBERS; k++) {
                double predicted = offset[k];
                for (int i = 0; i < rest.length; i++) {
                    predicted += weights.getEntry(i, 0) * (known[rest[i]][k] - offset[k]);
                }
                errors[out] += (predicted - known[out][k]) * (predicted - known[out][k]) / NUMBERS;
            }
            variances[out] = 1 + NOISE - near.transpose().multiply(weights).getEntry(0, 0);
        }
    }

    private static RealMatrix kernel(float[][] few) {
        float[] mean = mean(few);
        double[] squares = new double[WIDTH];
        for (float[] row : few) {
            for (int j = 0; j < WIDTH; j++) {
                squares[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / (double) few.length;
            }
        }
        RealMatrix kernel = new Array2DRowRealMatrix(few.length, few.length);
        for (int a = 0; a < few.length; a++) {
            for (int b = 0; b < few.length; b++) {
                double distance = 0;
                for (int j = 0; j < WIDTH; j++) {
                    distance += (few[a][j] - few[b][j]) * (few[a][j] - few[b][j]) / squares[j];
                }
                kernel.setEntry(a, b, Math.exp(-distance / (2 * WIDTH)) + (a == b ? NOISE : 0));
            }
        }
        return kernel;
    }

    private static Plain guess(Predictor predictor, float[][] asked) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Predictor.Guess guess = predictor.guess(asked);
            float[] flat = Torch.toFloats(guess.sketches());
            float[][] rows = new float[asked.length][];
            Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * NUMBERS, (i + 1) * NUMBERS));
            return new Plain(rows, Torch.toFloats(guess.variance()));
        }
    }

    private float[][] means() {
        float[][] means = new float[readings.length][];
        Arrays.fill(means, mean(sketches));
        return means;
    }

    private static float[] mean(float[][] rows) {
        float[] mean = new float[rows[0].length];
        for (int k = 0; k < mean.length; k++) {
            int column = k;
            mean[k] = (float) Arrays.stream(rows)
                    .mapToDouble(row -> row[column])
                    .average()
                    .orElseThrow();
        }
        return mean;
    }

    private static double error(float[][] one, float[][] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            for (int k = 0; k < NUMBERS; k++) {
                sum += (one[i][k] - other[i][k]) * (double) (one[i][k] - other[i][k]);
            }
        }
        return sum / (one.length * NUMBERS);
    }

    private static float[][] readings(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] readings = new float[count][WIDTH];
        for (float[] row : readings) {
            for (int j = 0; j < WIDTH; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return readings;
    }

    private static float[][] sketches(float[][] readings) {
        float[][] sketches = new float[readings.length][NUMBERS];
        for (int i = 0; i < readings.length; i++) {
            for (int k = 0; k < NUMBERS; k++) {
                float one = readings[i][k % WIDTH];
                float other = readings[i][(k + 1) % WIDTH];
                sketches[i][k] = (float) (k + Math.sin(0.7 * one + 0.4 * other) + 0.5 * Math.cos(one - k));
            }
        }
        return sketches;
    }
}
