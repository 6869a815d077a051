package assay.measure.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DivergenceTest {
    private static final int PLACES = 150;
    private static final int WIDTH = 12;
    private static final int VOCABULARY = 700;

    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 4})
    void equalsTheDefinitionInDoublePrecision(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY), cap);
            Tensor target = random(2, PLACES);
            Tensor model = random(3, PLACES);
            double[] found = Divergence.kl(target, model, unembedding);
            double[][] t = logits(target, unembedding);
            double[][] m = logits(model, unembedding);
            for (int place = 0; place < PLACES; place++) {
                assertThat(found[place]).isCloseTo(defined(t[place], m[place]), within(2e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 4})
    void aDistributionIsNoDistanceFromItselfAndHalvingAGapQuartersIt(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY), cap);
            Tensor target = random(2, PLACES);
            for (double value : Divergence.kl(target, target.clone(), unembedding)) {
                assertThat(value).isCloseTo(0, within(1e-6));
            }
            Tensor step = random(4, PLACES).mul(new Scalar(0.02));
            double[] whole = Divergence.kl(target, target.add(step), unembedding);
            double[] half = Divergence.kl(target, target.add(step.div(new Scalar(2.0))), unembedding);
            for (int place = 0; place < PLACES; place++) {
                assertThat(half[place]).isCloseTo(whole[place] / 4, within(0.1 * whole[place] + 2e-6));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 4})
    void aModelFarFromTheTargetHasAFiniteDivergence(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY), cap);
            Tensor target = random(2, PLACES);
            double[] far = Divergence.kl(target, random(3, PLACES).mul(new Scalar(60.0)), unembedding);
            for (double value : far) {
                assertThat(value).isFinite().isPositive();
            }
        }
    }

    /// Also where a cap stands behind the sum.
    @ParameterizedTest
    @ValueSource(doubles = {Unembedding.NO_CAP, 4})
    void mixturesAreThoseOfTheirSummedStates(double cap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY), cap);
            Tensor target = random(2, PLACES);
            List<Tensor> parts = List.of(random(3, PLACES), random(4, PLACES), random(5, PLACES));
            List<double[]> weights = List.of(new double[] {1, -0.5, 0.25}, new double[] {0.5, 0.5, 0});
            List<double[]> found = Divergence.ofMixtures(target, parts, weights, unembedding);
            for (int i = 0; i < weights.size(); i++) {
                Tensor mixed = parts.get(0).mul(new Scalar(weights.get(i)[0]));
                for (int part = 1; part < parts.size(); part++) {
                    mixed = mixed.add(parts.get(part).mul(new Scalar(weights.get(i)[part])));
                }
                assertThat(found.get(i)).containsExactly(Divergence.kl(target, mixed, unembedding), within(5e-5));
            }
        }
    }

    @Test
    void groupsOfTokensAddUpToTheWholeAndNoneIsBelowNothing() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Unembedding unembedding = new Unembedding(random(1, VOCABULARY), Unembedding.NO_CAP);
            Tensor target = random(2, PLACES);
            List<Tensor> models = List.of(random(3, PLACES), target.clone());
            int[] groupOf =
                    IntStream.range(0, VOCABULARY).map(token -> token % 3).toArray();
            double[][][] parts = Divergence.byGroup(target, models, unembedding, groupOf, 3);
            List<double[]> whole = Divergence.kl(target, models, unembedding);
            for (int model = 0; model < models.size(); model++) {
                for (int place = 0; place < PLACES; place++) {
                    double sum = Arrays.stream(parts[model][place]).sum();
                    assertThat(sum).isCloseTo(whole.get(model)[place], within(1e-5 * (1 + sum)));
                    assertThat(Arrays.stream(parts[model][place]).min().orElseThrow())
                            .isGreaterThan(-1e-6);
                }
            }
        }
    }

    private static double defined(double[] target, double[] model) {
        double targetSum = 0;
        double modelSum = 0;
        for (int v = 0; v < target.length; v++) {
            targetSum += Math.exp(target[v]);
            modelSum += Math.exp(model[v]);
        }
        double divergence = 0;
        for (int v = 0; v < target.length; v++) {
            double share = Math.exp(target[v]) / targetSum;
            divergence += share * (target[v] - Math.log(targetSum) - model[v] + Math.log(modelSum));
        }
        return divergence;
    }

    private static double[][] logits(Tensor hidden, Unembedding unembedding) {
        float[] h = Torch.toFloats(hidden);
        float[] w = Torch.toFloats(unembedding.matrix());
        double[][] logits = new double[PLACES][VOCABULARY];
        for (int place = 0; place < PLACES; place++) {
            for (int v = 0; v < VOCABULARY; v++) {
                for (int k = 0; k < WIDTH; k++) {
                    logits[place][v] += (double) h[place * WIDTH + k] * w[v * WIDTH + k];
                }
                if (unembedding.isCapped()) {
                    logits[place][v] = unembedding.cap() * Math.tanh(logits[place][v] / unembedding.cap());
                }
            }
        }
        return logits;
    }

    private static Tensor random(long seed, int rows) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, rows, WIDTH);
    }
}
