package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.LinearPool;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pools of probabilities. With the identity as unembedding a hidden state is a row of logits, so any
/// distribution can be planted.
class ProbabilitiesTest {
    /// More places than one chunk holds.
    private static final int PLACES = 70;

    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor random(long seed, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[PLACES * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (2 * random.nextGaussian());
        }
        return Torch.floats(values, PLACES, columns);
    }

    private static Tensor shares(Tensor logits) {
        return torch.softmax(logits, -1);
    }

    private static List<Tensor> components(int vocabulary) {
        return List.of(random(1, vocabulary), random(2, vocabulary), random(3, vocabulary));
    }

    /// log Σ wᵢ·pᵢ: what a linear pool would say.
    private static Tensor pooled(List<Tensor> components, double... weights) {
        Tensor sum = shares(components.getFirst()).mul(new Scalar(weights[0]));
        for (int i = 1; i < weights.length; i++) {
            sum.add_(shares(components.get(i)), new Scalar(weights[i]));
        }
        return sum.log();
    }

    /// 600 tokens are more than a fit tells apart.
    @ParameterizedTest
    @ValueSource(ints = {5, 60, 600})
    void aPlantedLinearPoolIsFoundAndLeavesNothing(int vocabulary) {
        List<Tensor> components = components(vocabulary);
        double[] planted = {0.2, 0.7, 0.1};
        Probabilities pool =
                new Probabilities(pooled(components, planted), components, new Unembedding(torch.eye(vocabulary)));
        LinearPool found = pool.fit();
        assertThat(found.weights()).containsExactly(planted, within(0.02));
        assertThat(found.value()).isCloseTo(0, within(1e-3));
        assertThat(pool.divergences(planted)).containsExactly(new double[PLACES], within(1e-4));
    }

    @Test
    void aLogPoolOfTheSameComponentsIsNoLinearPoolOfThem() {
        List<Tensor> components = components(60);
        Tensor logPool = components.get(1).add(components.get(2)).sub(components.get(0));
        Probabilities pool = new Probabilities(logPool, components, new Unembedding(torch.eye(60)));
        double[] best = pool.divergences(pool.fit().weights());
        assertThat(mean(best)).isGreaterThan(0.1);
        // As good as any of its neighbours, though.
        for (double[] other : new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.4, 0.3, 0.3}}) {
            assertThat(mean(best)).isLessThanOrEqualTo(mean(pool.divergences(other)) + 1e-3);
        }
    }

    @Test
    void divergencesAreThoseDefinedOverTheWholeVocabulary() {
        int vocabulary = 9;
        List<Tensor> components = components(vocabulary);
        Tensor target = random(4, vocabulary);
        double[] weights = {0.5, 0.2, 0.3};
        double[] found =
                new Probabilities(target, components, new Unembedding(torch.eye(vocabulary))).divergences(weights);
        float[][] own = Torch.toRows(shares(target));
        List<float[][]> theirs = new ArrayList<>();
        components.forEach(component -> theirs.add(Torch.toRows(shares(component))));
        for (int place = 0; place < PLACES; place++) {
            double expected = 0;
            for (int token = 0; token < vocabulary; token++) {
                double mixed = 0;
                for (int i = 0; i < weights.length; i++) {
                    mixed += weights[i] * theirs.get(i)[place][token];
                }
                expected += own[place][token] * Math.log(own[place][token] / mixed);
            }
            assertThat(found[place]).isCloseTo(expected, within(1e-4));
        }
    }

    @Test
    void theFitsValueIsTheMeanDivergenceWhereAllTokensAreToldApart() {
        List<Tensor> components = components(30);
        Probabilities pool = new Probabilities(random(4, 30), components, new Unembedding(torch.eye(30)));
        LinearPool found = pool.fit();
        assertThat(found.value()).isCloseTo(mean(pool.divergences(found.weights())), within(1e-3));
    }

    @Test
    void aComponentWithoutWeightIsNotEvenLookedAt() {
        Tensor target = random(4, 30);
        Tensor broken = torch.zeros(PLACES, 30).div(new Scalar(0.0));
        double[] alone = new Probabilities(target, components(30).subList(0, 1), new Unembedding(torch.eye(30)))
                .divergences(new double[] {1});
        double[] beside = new Probabilities(
                        target, List.of(components(30).getFirst(), broken), new Unembedding(torch.eye(30)))
                .divergences(new double[] {1, 0});
        assertThat(beside).isEqualTo(alone);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
