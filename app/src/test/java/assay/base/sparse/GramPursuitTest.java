package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GramPursuitTest {
    @Test
    void plantedVectorsAreFoundAndLeaveNoResidual() {
        float[][] vectors = vectors(200, 64);
        double[] target = new double[64];
        for (int k = 0; k < 64; k++) {
            target[k] = 0.9 * vectors[17][k] - 0.7 * vectors[80][k] + 0.5 * vectors[111][k];
        }
        GramPursuit.Path path = new GramPursuit(vectors).run(target, 3, Set.of(), 1);
        assertThat(path.chosen()).containsExactlyInAnyOrder(17, 80, 111);
        double left = 0;
        for (double value : path.residual()) {
            left += value * value;
        }
        assertThat(left).isCloseTo(0, within(1e-3));
    }

    @Test
    void aVectorWithoutLengthIsNeverPreferred() {
        float[][] vectors = vectors(5, 8);
        vectors[2] = new float[8];
        GramPursuit.Path path = new GramPursuit(vectors).run(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 4, Set.of(), 1);
        assertThat(path.chosen()).doesNotContain(2).doesNotHaveDuplicates();
    }

    /// What is excluded must not stand in the way: its twin has to be found in its place.
    @Test
    void anExcludedVectorLeavesItsPlaceToTheNextBest() {
        float[][] vectors = vectors(200, 64);
        vectors[140] = vectors[17].clone();
        vectors[140][0] += 0.5f;
        double[] target = new double[64];
        for (int k = 0; k < 64; k++) {
            target[k] = 0.9 * vectors[17][k] - 0.7 * vectors[80][k];
        }
        assertThat(new GramPursuit(vectors).run(target, 2, Set.of(17), 1).chosen())
                .containsExactlyInAnyOrder(140, 80);
        assertThat(new GramPursuit(vectors(3, 8))
                        .run(new double[8], 3, Set.of(0, 2), 1)
                        .chosen())
                .containsExactly(1);
    }

    @Test
    void whatIsLikeAChosenOneMayBeLeftOut() {
        float[][] vectors = java.util.Arrays.copyOf(vectors(51, 256), 50);
        float[] other = vectors(51, 256)[50];
        vectors[40] = vectors[17].clone();
        for (int k = 0; k < 128; k++) {
            vectors[40][k] = other[k];
        }
        double[] target = new double[256];
        for (int k = 0; k < 256; k++) {
            target[k] = vectors[17][k] + 0.8 * vectors[40][k] + 0.3 * vectors[30][k];
        }
        GramPursuit pursuit = new GramPursuit(vectors);
        assertThat(pursuit.run(target, 2, Set.of(), 1).chosen()).containsExactlyInAnyOrder(17, 40);
        assertThat(pursuit.run(target, 2, Set.of(), 0.4).chosen()).contains(30).hasSize(2);
        assertThat(pursuit.run(target, 50, Set.of(), -1).chosen()).hasSize(1);
    }

    @Test
    void lengthsAndInnerProductsAreTheOnesDefinedWhateverTheWidth() {
        GramPursuit odd = new GramPursuit(new float[][] {{1, 2, 3}, {-4, 0, 3}});
        assertThat(odd.norms()).containsExactly(new double[] {Math.sqrt(14), 5}, within(1e-12));
        assertThat(odd.correlations(new double[] {2, -1, 3})).containsExactly(new double[] {9, 1}, within(1e-12));
        GramPursuit even = new GramPursuit(new float[][] {{1, 2, 3, 4}});
        assertThat(even.norms()).containsExactly(new double[] {Math.sqrt(30)}, within(1e-12));
    }

    @Test
    void aVectorWithoutLengthComesLast() {
        float[][] vectors = {{1, 0, 0}, {0, 0, 0}, {0, 0, 1}};
        GramPursuit.Path path = new GramPursuit(vectors).run(new double[] {1, 1, 1}, 3, Set.of(), 1);
        assertThat(path.chosen()).containsExactly(0, 2, 1);
        assertThat(java.util.Arrays.stream(path.weights())).allMatch(Double::isFinite);
    }

    @Test
    void directionCountsAndNotLengthAndOfEqualsTheFirst() {
        float[][] vectors = {{30, 40}, {0.5f, 0}, {0, 7}, {4, 0}};
        GramPursuit.Path path = new GramPursuit(vectors).run(new double[] {1, 0.1}, 1, Set.of(), 1);
        assertThat(path.chosen()).containsExactly(1);
    }

    @Test
    void weightsAreHeldBackByAThousandthOfTheCurvature() {
        GramPursuit.Path path =
                new GramPursuit(new float[][] {{2, 0}, {0, 1}}).run(new double[] {6, 0.5}, 2, Set.of(), 1);
        assertThat(path.chosen()).containsExactly(0, 1);
        assertThat(path.weights()).containsExactly(new double[] {3 / 1.001, 0.5 / 1.001}, within(1e-9));
        assertThat(path.residual()).containsExactly(new double[] {6 - 6 / 1.001, 0.5 - 0.5 / 1.001}, within(1e-9));
    }

    @Test
    void onlyWhatIsMoreAlikeThanTheLimitIsLeftOut() {
        // The cosine of the first two is .6 exactly.
        GramPursuit pursuit = new GramPursuit(new float[][] {{1, 0}, {3, 4}});
        assertThat(pursuit.run(new double[] {1, 0.01}, 2, Set.of(), 0.6).chosen())
                .containsExactly(0, 1);
        assertThat(pursuit.run(new double[] {1, 0.01}, 2, Set.of(), 0.59).chosen())
                .containsExactly(0);
    }

    private static float[][] vectors(int count, int size) {
        SplittableRandom random = new SplittableRandom(5);
        float[][] vectors = new float[count][size];
        for (float[] vector : vectors) {
            for (int k = 0; k < size; k++) {
                vector[k] = (float) random.nextGaussian();
            }
        }
        return vectors;
    }
}
