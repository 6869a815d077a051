package assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.measure.probe.Divergence;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The objective against its definition and against finite differences.
class ObjectiveTest {
    private static final int VOCABULARY = 700;
    private static final int WIDTH = 12;
    private static final int PLACES = 300;

    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 3})
    void exactIsTheKlOfTheDistributions(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY, WIDTH), cap);
            Tensor teacher = random(2, PLACES, WIDTH);
            Tensor student = random(3, PLACES, WIDTH);
            try (Objective objective = new Objective(unembedding, Dtype.FLOAT32)) {
                double[] found = objective.exact(student, objective.of(teacher));
                double[] expected = Divergence.kl(teacher, student, unembedding);
                for (int i = 0; i < PLACES; i++) {
                    assertThat(found[i]).isCloseTo(expected[i], within(2e-5));
                }
                assertThat(Arrays.stream(objective.exact(teacher, objective.of(teacher)))
                                .max()
                                .orElseThrow())
                        .isLessThan(2e-5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 3})
    void theSlopeIsTheDerivativeOfTheSum(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY, WIDTH), cap);
            Tensor student = random(3, PLACES, WIDTH);
            Tensor ahead = random(4, PLACES, WIDTH).mul(new org.bytedeco.pytorch.Scalar(1e-2));
            try (Objective objective = new Objective(unembedding, Dtype.FLOAT32)) {
                Objective.Target target = objective.of(random(2, PLACES, WIDTH));
                double up = Arrays.stream(objective.exact(student.add(ahead), target))
                        .sum();
                double down = Arrays.stream(objective.exact(student.sub(ahead), target))
                        .sum();
                Objective.Slope slope = objective.slope(student, target);
                double predicted = slope.gradient().mul(ahead).sum().item_double();
                assertThat(predicted).isCloseTo((up - down) / 2, within(2e-3 * Math.abs(predicted) + 1e-3));
                assertThat(slope.sum())
                        .isCloseTo(
                                Arrays.stream(objective.exact(student, target)).sum(), within(1e-2));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 3})
    void examplesMakeItTheCrossEntropy(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY, WIDTH), cap);
            Tensor student = random(3, 2, WIDTH);
            try (Objective objective = new Objective(unembedding, Dtype.FLOAT32)) {
                double[] found = objective.exact(student, objective.of(new int[] {5, 699}));
                float[] logs = Torch.toFloats(torch.log_softmax(unembedding.logits(student), -1));
                assertThat(found[0]).isCloseTo(-logs[5], within(1e-4));
                assertThat(found[1]).isCloseTo(-logs[VOCABULARY + 699], within(1e-4));
            }
        }
    }

    private static Tensor random(long seed, int rows, int columns) {
        float[] values = new float[rows * columns];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, rows, columns);
    }
}
