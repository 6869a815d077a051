package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SoftmaxTest {
    @Test
    void aRowBecomesItsProbabilitiesAndTheDivergenceIsTheOneDefined() {
        float[] target = {9, 9, 0.2f, 0.5f, 0.3f};
        float[] row = {(float) Math.log(2), (float) Math.log(5), (float) Math.log(3)};
        double divergence = KlProblem.klAndShare(target, 2, row);
        assertThat(row).containsExactly(new float[] {0.2f, 0.5f, 0.3f}, Offset.offset(1e-6f));
        assertThat(divergence).isCloseTo(0, within(1e-6));
        float[] even = {4, 4, 4};
        double expected = 0.2 * Math.log(0.6) + 0.5 * Math.log(1.5) + 0.3 * Math.log(0.9);
        assertThat(KlProblem.klAndShare(target, 2, even)).isCloseTo(expected, within(1e-6));
        assertThat(even).containsExactly(new float[] {1 / 3f, 1 / 3f, 1 / 3f}, Offset.offset(1e-6f));
    }

    @Test
    void whatTheTargetNeverSaysCostsNothing() {
        assertThat(KlProblem.klAndShare(new float[] {0, 1}, 0, new float[] {1, 1}))
                .isCloseTo(Math.log(2), within(1e-6));
    }

    @Test
    void logitsThatWouldOverflowDoNot() {
        float[] row = {1000, 1000, -1000};
        assertThat(KlProblem.klAndShare(new float[] {0.5f, 0.5f, 0}, 0, row)).isCloseTo(0, within(1e-6));
        assertThat(row).containsExactly(0.5f, 0.5f, 0);
    }
}
