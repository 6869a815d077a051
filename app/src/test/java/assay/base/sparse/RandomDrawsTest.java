package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Planted Gaussian dictionaries: what is told from their second moments is what drawing from them
/// brings.
class RandomDrawsTest {
    private static final int SEEN = 120;
    private static final int HELD = 60;

    @Test
    void whatIsToldIsWhatDrawingBrings() {
        for (double decay : new double[] {0.6, 1.2, 2}) {
            Dictionary dictionary = Dictionary.planted(decay, 5);
            RandomDraws draws = dictionary.told();
            for (int count : new int[] {2, 5, 12, 30}) {
                double[] drawn = dictionary.drawn(count, 300);
                String what = count + " at " + decay;
                // Deterministic equivalents are of many draws: what they miss falls with the number.
                double error = 0.02 + 0.04 / count;
                assertThat(draws.left(count).fitted()).as(what).isCloseTo(drawn[0], within(error));
                assertThat(draws.left(count).measured()).as(what).isCloseTo(drawn[1], within(2 * error));
            }
        }
    }

    @Test
    void theRidgeLeavesAsManyDegreesOfFreedomAsAreDrawn() {
        RandomDraws draws = Dictionary.planted(1, 7).told();
        for (double count : new double[] {1, 3.5, 40}) {
            double ridge = draws.ridge(count);
            double freedom = Arrays.stream(draws.energies())
                    .map(energy -> energy / (energy + ridge))
                    .sum();
            assertThat(freedom).isCloseTo(count, within(1e-6));
        }
    }

    @Test
    void moreVectorsLeaveLessWhereTheyAreFittedAndNothingAtTheEnd() {
        RandomDraws draws = Dictionary.planted(1, 3).told();
        double before = 1;
        for (int count = 1; count < SEEN; count += 7) {
            double left = draws.left(count).fitted();
            assertThat(left).isBetween(0.0, before);
            before = left;
        }
        assertThat(draws.rank()).isEqualTo(SEEN);
        assertThat(draws.left(SEEN - 0.5).fitted()).isLessThan(0.05);
    }

    @Test
    void allOfTheDictionaryLeavesNoMoreThanAnyNumberOfRandomVectors() {
        RandomDraws draws = Dictionary.planted(1.2, 9).told();
        for (int count : new int[] {1, 5, 20, 60}) {
            assertThat(draws.dense()).isLessThan(draws.left(count).measured() + 0.02);
        }
    }

    @Test
    void withMoreToFitOnBothFiguresMeetInTheMiddle() {
        RandomDraws.Left left = new RandomDraws.Left(0.2, 0.4);
        assertThat(left.with(1)).isCloseTo(0.4, within(1e-12));
        assertThat(left.with(2)).isCloseTo(0.35, within(1e-12));
        assertThat(left.with(1e9)).isCloseTo(0.3, within(1e-6));
    }

    /// Vectors x with independent numbers of variance λ, and what they are elsewhere: half of x's first
    /// numbers, and noise of its own.
    ///
    /// @param target what it is to be explained, then the same elsewhere
    private record Dictionary(double[] energies, double noise, double[] target, double[] elsewhere, long seed) {
        static Dictionary planted(double decay, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] energies = new double[SEEN];
            double[] target = new double[SEEN];
            for (int i = 0; i < SEEN; i++) {
                energies[i] = Math.pow(i + 1, -decay);
                target[i] = random.nextGaussian() * Math.pow(i + 1, -0.8);
            }
            double[] elsewhere = new double[HELD];
            for (int i = 0; i < HELD; i++) {
                elsewhere[i] = target[i] / 2 + 0.03 * random.nextGaussian();
            }
            return new Dictionary(energies, 0.05, target, elsewhere, seed);
        }

        RandomDraws told() {
            double[] all = Arrays.copyOf(energies, SEEN + HELD);
            double[] pulls = new double[SEEN + HELD];
            float[][] along = new float[SEEN + HELD][HELD];
            double[] spread = new double[SEEN + HELD];
            for (int i = 0; i < SEEN; i++) {
                pulls[i] = target[i] * Math.sqrt(energies[i]);
                if (i < HELD) {
                    along[i][i] = (float) (Math.sqrt(energies[i]) / 2);
                }
            }
            for (int i = 0; i < HELD; i++) {
                along[SEEN + i][i] = (float) noise;
            }
            for (int i = 0; i < spread.length; i++) {
                for (float value : along[i]) {
                    spread[i] += value * value;
                }
            }
            float[] held = new float[HELD];
            for (int i = 0; i < HELD; i++) {
                held[i] = (float) elsewhere[i];
            }
            return new RandomDraws(all, pulls, InnerProduct.of(target, target), along, spread, held);
        }

        /// Shares left where weights were fitted and elsewhere, by least squares on vectors drawn, on
        /// average.
        double[] drawn(int count, int times) {
            SplittableRandom random = new SplittableRandom(seed + 100);
            double[] left = new double[2];
            for (int time = 0; time < times; time++) {
                double[][] vectors = new double[count][SEEN];
                double[][] held = new double[count][HELD];
                for (int j = 0; j < count; j++) {
                    for (int i = 0; i < SEEN; i++) {
                        vectors[j][i] = random.nextGaussian() * Math.sqrt(energies[i]);
                    }
                    for (int i = 0; i < HELD; i++) {
                        held[j][i] = vectors[j][i] / 2 + noise * random.nextGaussian();
                    }
                }
                double[] weights = weights(vectors, target);
                left[0] += rest(target, vectors, weights) / times;
                left[1] += rest(elsewhere, held, weights) / times;
            }
            return left;
        }
    }

    private static double[] weights(double[][] vectors, double[] target) {
        double[][] gram = new double[vectors.length][vectors.length];
        double[] right = new double[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            right[i] = InnerProduct.of(vectors[i], target);
            for (int j = 0; j < vectors.length; j++) {
                gram[i][j] = InnerProduct.of(vectors[i], vectors[j]);
            }
        }
        return Cholesky.solve(gram, right);
    }

    private static double rest(double[] target, double[][] vectors, double[] weights) {
        double[] rest = target.clone();
        for (int j = 0; j < vectors.length; j++) {
            for (int i = 0; i < rest.length; i++) {
                rest[i] -= weights[j] * vectors[j][i];
            }
        }
        return InnerProduct.of(rest, rest) / InnerProduct.of(target, target);
    }
}
