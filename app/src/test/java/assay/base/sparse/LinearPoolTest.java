package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPoolTest {
    private static final int PLACES = 50;
    private static final int TOKENS = 30;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aPlantedLinearPoolIsRecoveredAndNoLogPoolEqualsIt(long seed) {
        List<float[]> components = components(4, seed);
        double[] planted = {0.2, 0.5, 0.3, 0};
        float[] target = new float[PLACES * TOKENS];
        for (int i = 0; i < planted.length; i++) {
            for (int k = 0; k < target.length; k++) {
                target[k] += (float) planted[i] * components.get(i)[k];
            }
        }
        LinearPool pool = LinearPool.fit(TOKENS, target, components);
        assertThat(pool.weights()).containsExactly(planted, within(0.01));
        assertThat(linearClosed(pool, target, components)).isGreaterThan(0.99);
        assertThat(logClosed(target, components)).isLessThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aPlantedLogPoolIsRecoveredAndNoLinearPoolEqualsIt(long seed) {
        List<float[]> components = components(4, seed);
        double[] planted = {-1, 1, 1, 0};
        float[] target = new float[PLACES * TOKENS];
        for (int k = 0; k < target.length; k++) {
            double logit = 0;
            for (int i = 0; i < planted.length; i++) {
                logit += planted[i] * Math.log(components.get(i)[k]);
            }
            target[k] = (float) logit;
        }
        normalise(target);
        assertThat(logClosed(target, components)).isGreaterThan(0.99);
        assertThat(linearClosed(LinearPool.fit(TOKENS, target, components), target, components))
                .isLessThan(0.9);
    }

    @Test
    void weightsAreAProbabilityAndTheGapBoundsTheDistance() {
        List<float[]> components = components(5, 4);
        float[] target = components(1, 99).getFirst();
        LinearPool pool = LinearPool.fit(TOKENS, target, components);
        assertThat(Arrays.stream(pool.weights()).sum()).isCloseTo(1, within(1e-4));
        assertThat(Arrays.stream(pool.weights()).min().orElseThrow()).isNotNegative();
        for (int i = 0; i < components.size(); i++) {
            for (double share : new double[] {0.02, 0.2}) {
                double[] other = pool.weights().clone();
                for (int j = 0; j < other.length; j++) {
                    other[j] = (1 - share) * other[j] + (i == j ? share : 0);
                }
                assertThat(divergence(target, components, other))
                        .isGreaterThanOrEqualTo(pool.value() - pool.gap() - 1e-6);
            }
        }
        assertThat(pool.gap()).isLessThan(1e-4);
    }

    @Test
    void onlyTheTargetItselfIsNeeded() {
        List<float[]> components = components(3, 6);
        LinearPool pool = LinearPool.fit(TOKENS, components.get(1), components);
        assertThat(pool.weights()[1]).isGreaterThan(0.999);
        assertThat(pool.value()).isCloseTo(0, within(1e-4));
    }

    @Test
    void arraysOfAnotherSizeAreRefused() {
        assertThatThrownBy(() -> LinearPool.fit(3, new float[6], List.of(new float[5])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected components of 6 numbers");
        assertThatThrownBy(() -> LinearPool.fit(3, new float[6], List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theValueIsTheDivergenceOfTheMixedProbabilities() {
        List<float[]> components = components(3, 8);
        float[] target = components(1, 77).getFirst();
        LinearPool pool = LinearPool.fit(TOKENS, target, components);
        assertThat(pool.value()).isPositive().isCloseTo(divergence(target, components, pool.weights()), within(1e-5));
    }

    @Test
    void whatNobodySaysAndWhatOnlyTheTargetSaysLeaveFiniteNumbers() {
        float[] target = {0.5f, 0.25f, 0.25f, 0};
        List<float[]> components = List.of(new float[] {1, 0, 0, 0}, new float[] {0, 1, 0, 0});
        LinearPool pool = LinearPool.fit(4, target, components);
        assertThat(pool.value()).isFinite().isGreaterThan(100);
        assertThat(pool.weights()).containsExactly(new double[] {0.5, 0.5}, within(0.2));
    }

    private static double linearClosed(LinearPool pool, float[] target, List<float[]> components) {
        double[] base = new double[components.size()];
        base[0] = 1;
        return 1 - divergence(target, components, pool.weights()) / divergence(target, components, base);
    }

    /// Of the log pool of all components but the first, which is the base.
    private static double logClosed(float[] target, List<float[]> components) {
        float[] base = logs(components.getFirst());
        List<float[]> atoms = new ArrayList<>();
        for (float[] component : components.subList(1, components.size())) {
            float[] atom = logs(component);
            for (int k = 0; k < atom.length; k++) {
                atom[k] -= base[k];
            }
            atoms.add(atom);
        }
        KlProblem problem = new KlProblem(PLACES, TOKENS, base, target, atoms);
        int[] all = {0, 1, 2};
        double nothing = problem.value(new int[0], new double[0]);
        return 1 - KlFit.of(problem, all, new double[3], 1e-8).value() / nothing;
    }

    private static double divergence(float[] target, List<float[]> components, double[] weights) {
        double sum = 0;
        for (int k = 0; k < target.length; k++) {
            double mixed = 0;
            for (int i = 0; i < weights.length; i++) {
                mixed += weights[i] * components.get(i)[k];
            }
            sum += target[k] * Math.log(target[k] / mixed);
        }
        return sum / PLACES;
    }

    private static float[] logs(float[] shares) {
        float[] logs = new float[shares.length];
        for (int k = 0; k < logs.length; k++) {
            logs[k] = (float) Math.log(shares[k]);
        }
        return logs;
    }

    /// Random distributions, each with a few likely tokens of its own in every place.
    private static List<float[]> components(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<float[]> components = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] logits = new float[PLACES * TOKENS];
            for (int k = 0; k < logits.length; k++) {
                logits[k] = (float) (2 * random.nextGaussian());
            }
            normalise(logits);
            components.add(logits);
        }
        return components;
    }

    private static void normalise(float[] logits) {
        float[] row = new float[TOKENS];
        for (int place = 0; place < PLACES; place++) {
            System.arraycopy(logits, place * TOKENS, row, 0, TOKENS);
            KlProblem.klAndShare(new float[TOKENS], 0, row);
            System.arraycopy(row, 0, logits, place * TOKENS, TOKENS);
        }
    }
}
