package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrelationTest {
    private static final double[] RISING = {1, 2, 3, 4};

    @Test
    void aLineGoesFullyWithItselfAndAgainstItsMirror() {
        assertThat(Correlation.of(RISING, new double[] {3, 5, 7, 9})).isCloseTo(1, within(1e-12));
        assertThat(Correlation.of(RISING, new double[] {-1, -2, -3, -4})).isCloseTo(-1, within(1e-12));
    }

    @Test
    void aKnownPairHasItsKnownCorrelation() {
        assertThat(Correlation.of(RISING, new double[] {1, 3, 2, 4})).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void ranksForgetHowLargeStepsAre() {
        double[] steep = {1, 10, 1000, 100_000};
        assertThat(Correlation.ofRanks(RISING, steep)).isCloseTo(1, within(1e-12));
        assertThat(Correlation.of(RISING, steep)).isLessThan(0.9);
    }

    @Test
    void whatDoesNotVaryGoesWithNothing() {
        assertThat(Correlation.of(RISING, new double[4])).isZero();
    }

    @Test
    void seriesOfTwoLengthsAreRefused() {
        assertThatThrownBy(() -> Correlation.of(RISING, new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("correlation: expected series of one length, found 4 and 3.");
    }
}
