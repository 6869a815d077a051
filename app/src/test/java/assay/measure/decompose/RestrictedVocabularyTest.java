package assay.measure.decompose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.measure.probe.Divergence;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The restricted problem against the whole vocabulary, on random states.
class RestrictedVocabularyTest {
    private static final int PLACES = 70;
    private static final int WIDTH = 16;
    private static final int VOCABULARY = 4_000;

    @SuppressWarnings("NullAway.Init")
    private TensorScope scope;

    @SuppressWarnings("NullAway.Init")
    private Unembedding unembedding;

    @SuppressWarnings("NullAway.Init")
    private Tensor base;

    @SuppressWarnings("NullAway.Init")
    private List<Tensor> deltas;

    @BeforeEach
    void open() {
        scope = TensorScope.withoutGradients();
        unembedding = new Unembedding(random(1, VOCABULARY, 1.0));
        base = random(2, PLACES, 1.0);
        deltas = List.of(random(3, PLACES, 0.4), random(4, PLACES, 0.4), random(5, PLACES, 0.4));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void aMixtureHasZeroKlAndItsOwnWeights() {
        Tensor target = mixed(0.8, -0.3, 0.5);
        KlFit fit = KlFit.of(problem(target, 0), new int[] {0, 1, 2}, new double[3], 1e-8);
        assertThat(fit.weights()).containsExactly(new double[] {0.8, -0.3, 0.5}, within(2e-3));
        assertThat(fit.value()).isCloseTo(0, within(1e-5));
    }

    @Test
    void aMixtureUnderACapHasItsOwnWeights() {
        unembedding = new Unembedding(unembedding.matrix(), 5);
        Tensor target = mixed(0.8, -0.3, 0.5);
        KlFit fit = KlFit.of(problem(target, 0), new int[] {0, 1, 2}, new double[3], 1e-8);
        assertThat(fit.weights()).containsExactly(new double[] {0.8, -0.3, 0.5}, within(2e-3));
        assertThat(fit.value()).isCloseTo(0, within(1e-5));
    }

    @Test
    void theEstimateUnderACapIsNearTheWholeVocabularysKl() {
        unembedding = new Unembedding(unembedding.matrix(), 5);
        requireNearTheWholeVocabularysKl();
    }

    @Test
    void theEstimateIsNearTheWholeVocabularysKlWhateverTheSeed() {
        requireNearTheWholeVocabularysKl();
    }

    private void requireNearTheWholeVocabularysKl() {
        Tensor target = random(6, PLACES, 1.0).mul(new Scalar(0.3)).add(base);
        double[] weights = {0.2, 0.4, -0.1};
        double exact = Arrays.stream(Divergence.kl(target, mixed(weights), unembedding))
                .average()
                .orElseThrow();
        for (long seed = 0; seed < 4; seed++) {
            double estimate = problem(target, seed).value(new int[] {0, 1, 2}, weights);
            assertThat(estimate).isCloseTo(exact, within(0.05 * exact));
        }
    }

    @Test
    void theFitIsAsGoodOnTheWholeVocabularyAsAnyNearbyOne() {
        Tensor target = random(6, PLACES, 1.0).mul(new Scalar(0.3)).add(base);
        int[] support = {0, 1, 2};
        double[] best =
                KlFit.of(problem(target, 0), support, new double[3], 1e-8).weights();
        double at = exact(target, best);
        for (int i = 0; i < 3; i++) {
            for (double step : new double[] {-0.05, 0.05}) {
                double[] near = best.clone();
                near[i] += step;
                assertThat(at).isLessThanOrEqualTo(exact(target, near) + 1e-4);
            }
        }
    }

    /// Up to 512 tokens nothing is sampled: the problem is the whole vocabulary's.
    @ParameterizedTest
    @ValueSource(ints = {40, 300, 511, 512})
    void aSmallVocabularyIsLookedAtWhole(int vocabulary) {
        Unembedding small =
                new Unembedding(unembedding.matrix().narrow(0, 0, vocabulary).mul(new Scalar(0.3)));
        Tensor target = random(6, PLACES, 1.0);
        KlProblem whole = RestrictedVocabulary.choose(base, target, small, 0).problem(base, target, deltas);
        assertThat(whole.tokens()).isEqualTo(vocabulary);
        double[] weights = {0.2, 0.4, -0.1};
        double exact = Arrays.stream(Divergence.kl(target, mixed(weights), small))
                .average()
                .orElseThrow();
        assertThat(whole.value(new int[] {0, 1, 2}, weights)).isCloseTo(exact, within(1e-3 * exact));
    }

    /// Of flat distributions most is sampled; the measure makes the sample stand for all of it.
    @Test
    void sumsOverTheSampleStandForSumsOverTheVocabulary() {
        Unembedding flat = new Unembedding(unembedding.matrix().mul(new Scalar(0.2)));
        Tensor target = random(6, PLACES, 1.0);
        KlProblem problem = RestrictedVocabulary.choose(base, target, flat, 3).problem(base, target, deltas);
        assertThat(problem.tokens()).isEqualTo(RestrictedVocabulary.LIKELIEST + RestrictedVocabulary.SAMPLED);
        float[] exact = Torch.toFloats(torch.logsumexp(flat.logits(base), new long[] {1}, false));
        double ratios = 0;
        for (int place = 0; place < PLACES; place++) {
            double sum = 0;
            double share = 0;
            for (int token = 0; token < problem.tokens(); token++) {
                sum += Math.exp(problem.base()[place * problem.tokens() + token]);
                share += problem.target()[place * problem.tokens() + token];
            }
            assertThat(sum / Math.exp(exact[place])).isBetween(0.5, 2.0);
            ratios += sum / Math.exp(exact[place]) / PLACES;
            assertThat(share).isCloseTo(1, within(1e-4));
        }
        assertThat(ratios).isCloseTo(1, within(0.05));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theOptimumOfAMixtureIsItsWeightsWhateverWasSampled(long seed) {
        Unembedding flat = new Unembedding(unembedding.matrix().mul(new Scalar(0.3)));
        Tensor target = mixed(-0.5, 1.1, 0.2);
        KlFit fit = KlFit.of(
                RestrictedVocabulary.choose(base, target, flat, seed).problem(base, target, deltas),
                new int[] {0, 1, 2},
                new double[3],
                1e-8);
        assertThat(fit.weights()).containsExactly(new double[] {-0.5, 1.1, 0.2}, within(5e-3));
        assertThat(fit.value()).isCloseTo(0, within(1e-5));
    }

    @Test
    void withoutAtomsAndWithWholeChunksOfPlacesTheProblemIsTheBases() {
        Tensor some = base.narrow(0, 0, 64);
        Tensor target = random(6, PLACES, 1.0).narrow(0, 0, 64);
        RestrictedVocabulary vocabulary = RestrictedVocabulary.choose(some, target, unembedding, 0);
        assertThat(vocabulary.places()).isEqualTo(64);
        KlProblem problem = vocabulary.problem(some, target, List.of());
        assertThat(problem.atoms()).isEmpty();
        double exact = Arrays.stream(Divergence.kl(target, some, unembedding))
                .average()
                .orElseThrow();
        assertThat(problem.value(new int[0], new double[0])).isCloseTo(exact, within(0.05 * exact));
    }

    @Test
    void aSeedChoosesOneSample() {
        Tensor target = random(6, PLACES, 1.0);
        float[] once = problem(target, 3).base();
        assertThat(problem(target, 3).base()).isEqualTo(once);
        assertThat(problem(target, 4).base()).isNotEqualTo(once);
    }

    private double exact(Tensor target, double[] weights) {
        return Arrays.stream(Divergence.kl(target, mixed(weights), unembedding))
                .average()
                .orElseThrow();
    }

    private KlProblem problem(Tensor target, long seed) {
        return RestrictedVocabulary.choose(base, target, unembedding, seed).problem(base, target, deltas);
    }

    private Tensor mixed(double... weights) {
        Tensor sum = base.clone();
        for (int i = 0; i < weights.length; i++) {
            sum.add_(deltas.get(i), new Scalar(weights[i]));
        }
        return sum;
    }

    private static Tensor random(long seed, int rows, double scale) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return Torch.floats(values, rows, WIDTH);
    }
}
