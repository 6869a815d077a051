package assay.lab.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Correlation;
import assay.discover.predict.Predictor;
import assay.discover.predict.SketchFit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForesightTest {
    private static final int WIDTH = 3;
    private static final int NUMBERS = 30;
    private static final int[] TARGETS = {0, 1, 2, 3, 4, 5, 6, 7};

    private final float[][] readings = readings(300, 1);
    private final float[][] unseen = readings(80, 2);

    @Test
    void whatReadingsTellIsForeseenAndWhatTheyDoNotTellIsNot() {
        Foresight told = foresight(1, 0);
        assertThat(told.explained()).isGreaterThan(0.9);
        assertThat(told.stages().getFirst().score().median()).isGreaterThan(0.95);
        assertThat(told.stages().getFirst().score().lowest())
                .isLessThanOrEqualTo(told.stages().getFirst().score().median());
        Foresight untold = foresight(0, 1);
        assertThat(untold.explained()).isLessThan(0.2);
        assertThat(untold.stages().getFirst().score().median()).isLessThan(0.6);
    }

    @Test
    void errorsOfNumbersThatVaryUnequallyAreForeseenAlongTheirDirection() {
        Foresight foresight = foresight(1, 3);
        Foresight.Sureness sureness = foresight.stages().getFirst().sureness();
        assertThat(foresight.ratio()).isBetween(0.6, 1.6);
        assertThat(sureness.withinOneSigma()).isBetween(0.5, 0.85);
        assertThat(sureness.withinTwoSigma()).isBetween(0.85, 1.0);
    }

    @Test
    void everyStageTakesItsPromptsAndSortsItsPredictions() {
        List<Foresight.Stage> stages = foresight(1, 1).stages();
        assertThat(stages).extracting(Foresight.Stage::atoms).containsExactly(0, 1, 5);
        assertThat(stages.get(0).explained()).isCloseTo(0, within(1e-9));
        assertThat(stages.get(2).explained()).isGreaterThan(stages.get(1).explained());
        for (Foresight.Stage stage : stages) {
            assertThat(stage.tenths()).hasSize(10);
            assertThat(stage.tenths().stream().map(Foresight.Part::predicted).toList())
                    .isSortedAccordingTo(Double::compare);
        }
    }

    /// The correlation of one stage, computed the plain way.
    @Test
    void theScoreIsTheInnerProductWithWhatIsLacking() {
        float[][] known = sketches(readings, 1, 3, 1);
        float[][] truths = sketches(unseen, 1, 4, 1);
        try (Predictor predictor = new Predictor(readings, known)) {
            int[] one = {7};
            Foresight found = Foresight.of(predictor, atoms(known), new Foresight.Unseen(unseen, truths), one, 0);
            double[] predicted = new double[unseen.length - 1];
            double[] real = new double[unseen.length - 1];
            try (var _ = assay.base.tensor.TensorScope.withoutGradients()) {
                float[] flat =
                        assay.base.tensor.Torch.toFloats(predictor.guess(unseen).sketches());
                int[] others =
                        IntStream.range(0, unseen.length).filter(i -> i != 7).toArray();
                for (int at = 0; at < others.length; at++) {
                    for (int k = 0; k < NUMBERS; k++) {
                        predicted[at] += flat[others[at] * NUMBERS + k] * (double) truths[7][k];
                        real[at] += truths[others[at]][k] * (double) truths[7][k];
                    }
                }
            }
            assertThat(found.stages().getFirst().score().median())
                    .isCloseTo(Correlation.of(predicted, real), within(1e-6));
        }
    }

    private Foresight foresight(double signal, double noise) {
        float[][] known = sketches(readings, signal, 3, noise);
        float[][] truths = sketches(unseen, signal, 4, noise);
        try (Predictor predictor = new Predictor(readings, known)) {
            return Foresight.of(predictor, atoms(known), new Foresight.Unseen(unseen, truths), TARGETS, 0, 1, 5);
        }
    }

    private static List<SketchFit.Atom> atoms(float[][] sketches) {
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < sketches.length; i++) {
            atoms.add(new SketchFit.Atom("" + i, "test", sketches[i]));
        }
        return atoms;
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

    /// Smooth in the readings, every number ten times smaller than the one six places before it; and noise.
    private static float[][] sketches(float[][] readings, double signal, long seed, double noise) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] sketches = new float[readings.length][NUMBERS];
        for (int i = 0; i < readings.length; i++) {
            for (int k = 0; k < NUMBERS; k++) {
                int sixes = k / 6;
                double size = Math.pow(10, -sixes);
                double smooth = Math.sin(0.5 * readings[i][k % WIDTH] + k)
                        + 0.5 * Math.cos(0.5 * readings[i][(k + 1) % WIDTH] - k);
                sketches[i][k] = (float) (size * (signal * smooth + 0.1 * noise * random.nextGaussian()));
            }
        }
        return sketches;
    }
}
