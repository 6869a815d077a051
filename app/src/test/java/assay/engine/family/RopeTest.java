package assay.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.RandomTensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Laws of rotary positions, and their scalings against the formulas they come from.
final class RopeTest {
    private static final int DIMENSION = 8;
    private static final Rope PLAIN = new Rope(100, new Rope.Scaling.None());
    private static final Rope.Scaling.Llama3 LLAMA3 = new Rope.Scaling.Llama3(8, 1, 4, 64);

    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor rotated(Rope rope, Tensor x, int... positions) {
        return rope.angles(positions, DIMENSION, Dtype.FLOAT32).rotate(x, DIMENSION);
    }

    private static double dot(Tensor one, Tensor other) {
        return one.mul(other).sum().item_double();
    }

    @Test
    void theFirstTokenIsLeftAsItIs() {
        Tensor x = RandomTensors.random(1, 1, DIMENSION);
        RandomTensors.assertSame(rotated(PLAIN, x, 0), x);
        RandomTensors.assertDifferent(rotated(PLAIN, x, 1), x);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 5", "3, 1, 11", "1, 9, 100", "40, 17, 3"})
    void onlyTheDistanceOfTwoTokensCounts(int query, int key, int shift) {
        for (Rope rope : new Rope[] {PLAIN, new Rope(100, new Rope.Scaling.Linear(3)), new Rope(100, LLAMA3)}) {
            Tensor q = RandomTensors.random(1, 1, DIMENSION);
            Tensor k = RandomTensors.random(2, 1, DIMENSION);
            double here = dot(rotated(rope, q, query), rotated(rope, k, key));
            double there = dot(rotated(rope, q, query + shift), rotated(rope, k, key + shift));
            assertThat(there).isCloseTo(here, within(1e-4));
        }
    }

    @Test
    void lengthsStayAsTheyAre() {
        Tensor x = RandomTensors.random(1, 3, 2 * DIMENSION);
        Tensor turned = rotated(PLAIN, x, 4, 90, 17);
        assertThat(dot(turned, turned)).isCloseTo(dot(x, x), within(1e-3));
    }

    @Test
    void numbersAHalfApartAreTurnedByTheGeometricFrequencies() {
        float[] x = Torch.toFloats(RandomTensors.random(3, 1, DIMENSION));
        float[] turned = Torch.toFloats(rotated(PLAIN, Torch.floats(x, 1, DIMENSION), 7));
        for (int i = 0; i < DIMENSION / 2; i++) {
            double angle = 7 * Math.pow(100, -2.0 * i / DIMENSION);
            double a = x[i];
            double b = x[i + DIMENSION / 2];
            assertThat(turned[i]).isCloseTo((float) (a * Math.cos(angle) - b * Math.sin(angle)), within(1e-5f));
            assertThat(turned[i + DIMENSION / 2])
                    .isCloseTo((float) (b * Math.cos(angle) + a * Math.sin(angle)), within(1e-5f));
        }
    }

    @Test
    void everyHeadIsTurnedAlike() {
        Tensor head = RandomTensors.random(4, 2, DIMENSION);
        Tensor three = head.repeat(1, 3);
        Tensor turned = rotated(PLAIN, three, 5, 2);
        RandomTensors.assertSame(turned, rotated(PLAIN, head, 5, 2).repeat(1, 3));
    }

    @Test
    void placesAreTurnedByTheirOwnPositionsInWhateverOrder() {
        Tensor x = RandomTensors.random(5, 4, DIMENSION);
        int[] positions = {7, 3, 3, 12};
        Tensor turned = rotated(PLAIN, x, positions);
        for (int i = 0; i < positions.length; i++) {
            RandomTensors.assertSame(turned.narrow(0, i, 1), rotated(PLAIN, x.narrow(0, i, 1), positions[i]));
        }
    }

    @Test
    void aLinearScalingPutsTokensCloserTogether() {
        Tensor x = RandomTensors.random(6, 1, DIMENSION);
        Rope scaled = new Rope(100, new Rope.Scaling.Linear(4));
        for (int position : new int[] {0, 1, 6, 25}) {
            RandomTensors.assertSame(rotated(scaled, x, 4 * position), rotated(PLAIN, x, position));
        }
    }

    /// As transformers computes them (`_compute_llama3_parameters`).
    @Test
    void llama3KeepsHighFrequenciesDividesLowOnesAndGoesSmoothlyBetween() {
        double[] plain = frequencies(new Rope(500, new Rope.Scaling.None()));
        double[] scaled = frequencies(new Rope(500, LLAMA3));
        int kept = 0;
        int divided = 0;
        int between = 0;
        for (int i = 0; i < plain.length; i++) {
            double wavelength = 2 * Math.PI / plain[i];
            double expected;
            if (wavelength < 64 / 4.0) {
                expected = plain[i];
                kept++;
            } else if (wavelength > 64) {
                expected = plain[i] / 8;
                divided++;
            } else {
                double smooth = (64 / wavelength - 1) / (4 - 1);
                expected = (1 - smooth) * plain[i] / 8 + smooth * plain[i];
                assertThat(expected).isBetween(plain[i] / 8, plain[i]);
                between++;
            }
            assertThat(scaled[i]).isCloseTo(expected, within(1e-6));
        }
        assertThat(new int[] {kept, divided, between}).doesNotContain(0);
        assertThat(scaled).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    /// Turned by one position, a pair (1, 0) shows its frequency as its angle.
    private static double[] frequencies(Rope rope) {
        int dimension = 32;
        float[] ones = new float[dimension];
        Arrays.fill(ones, 0, dimension / 2, 1);
        float[] turned = Torch.toFloats(rope.angles(new int[] {1}, dimension, Dtype.FLOAT32)
                .rotate(Torch.floats(ones, 1, dimension), dimension));
        double[] frequencies = new double[dimension / 2];
        Arrays.setAll(frequencies, i -> Math.atan2(turned[i + dimension / 2], turned[i]));
        return frequencies;
    }
}
