package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantilesTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "0.25, 2", "0.5, 4", "0.625, 6", "0.75, 8", "0.9, 12.8", "1, 16"})
    void quantilesAreLinearBetweenThePointsInWhateverOrderTheyCome(double share, double expected) {
        double[] sample = {8, 1, 16, 4, 2};
        assertThat(Quantiles.of(sample, share)).isCloseTo(expected, within(1e-12));
        assertThat(sample).containsExactly(8, 1, 16, 4, 2);
    }

    @Test
    void aSingleNumberIsAllItsQuantiles() {
        assertThat(Quantiles.of(new double[] {7}, 0.3)).isEqualTo(7);
        assertThat(Quantiles.of(new double[] {7}, 1)).isEqualTo(7);
    }
}
