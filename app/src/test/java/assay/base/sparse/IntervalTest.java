package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
    private static final double NORMAL_975 = 1.959963984540054;

    /// Wilson's bounds are the two shares from which the one observed is just significantly different.
    @ParameterizedTest
    @CsvSource({"8, 10", "3.5, 10", "1, 40", "39, 40", "50, 100"})
    void boundsAreTheSharesJustSignificantlyDifferent(double hits, int trials) {
        Interval interval = Interval.ofShare(hits, trials);
        assertThat(interval.value()).isEqualTo(hits / trials);
        assertThat(interval.low()).isLessThan(interval.value());
        assertThat(interval.high()).isGreaterThan(interval.value());
        for (double bound : new double[] {interval.low(), interval.high()}) {
            double deviation = NORMAL_975 * Math.sqrt(bound * (1 - bound) / trials);
            assertThat(Math.abs(interval.value() - bound)).isCloseTo(deviation, within(1e-12));
        }
    }

    @Test
    void noneAndAllStayWithinTheirBoundsWithoutCollapsing() {
        double square = NORMAL_975 * NORMAL_975;
        Interval none = Interval.ofShare(0, 20);
        assertThat(none.low()).isCloseTo(0, within(1e-15)).isNotNegative();
        assertThat(none.high()).isCloseTo(square / (20 + square), within(1e-12));
        Interval all = Interval.ofShare(20, 20);
        assertThat(all.high()).isCloseTo(1, within(1e-15)).isLessThanOrEqualTo(1);
        assertThat(all.low()).isCloseTo(20 / (20 + square), within(1e-12));
    }

    @Test
    void reasonsWriteTwoDecimals() {
        assertThat(new Interval(0.8, 0.7749, 0.826).written()).isEqualTo("0.80 [0.77, 0.83]");
        assertThat(Interval.NONE.value()).isNaN();
    }
}
