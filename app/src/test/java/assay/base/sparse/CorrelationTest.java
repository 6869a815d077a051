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

    @Test
    void aKnownPairOfRanksHasItsKnownCorrelation() {
        assertThat(Correlation.ofRanks(RISING, new double[] {10, 3000, 20, 40_000}))
                .isCloseTo(0.8, within(1e-12));
        assertThat(Correlation.ofRanks(new double[] {4, 3, 9, 1}, new double[] {-2, -5, 70, -30}))
                .isCloseTo(1, within(1e-12));
        assertThat(Correlation.ofRanks(RISING, new double[] {5, 4, 2, 1})).isCloseTo(-1, within(1e-12));
    }

    @Test
    void oneSeriesThatDoesNotVaryIsEnough() {
        assertThat(Correlation.of(new double[] {5, 5, 5, 5}, RISING)).isZero();
        assertThat(Correlation.of(new double[0], new double[0])).isZero();
    }

    @Test
    void shiftsAndFactorsChangeNothing() {
        double[] one = {3, -1, 4, 1, -5};
        double[] other = {2, 7, 1, -8, 2};
        double plain = Correlation.of(one, other);
        double[] moved = java.util.Arrays.stream(other).map(x -> 3 * x + 100).toArray();
        assertThat(Correlation.of(one, moved)).isCloseTo(plain, within(1e-12));
        assertThat(Correlation.of(moved, one)).isCloseTo(plain, within(1e-12));
    }
}
