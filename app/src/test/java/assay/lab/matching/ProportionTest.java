package assay.lab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Interval;
import org.junit.jupiter.api.Test;

class ProportionTest {
    @Test
    void theIntervalIsWilsons() {
        // Values of the closed formula, worked out by hand for 36 of 40.
        Interval interval = new Proportion(36, 40).interval();
        assertThat(interval.value()).isEqualTo(0.9);
        assertThat(interval.low()).isCloseTo(0.76948, within(1e-4));
        assertThat(interval.high()).isCloseTo(0.96040, within(1e-4));
    }

    @Test
    void theIntervalDoesNotCollapseAtTheEnds() {
        assertThat(new Proportion(40, 40).interval().low()).isLessThan(0.92);
        assertThat(new Proportion(0, 40).interval().high()).isGreaterThan(0.08);
        assertThat(new Proportion(40, 40).interval().high()).isLessThanOrEqualTo(1);
        assertThat(new Proportion(0, 40).interval().low()).isZero();
    }

    @Test
    void theTestIsExact() {
        assertThat(new Proportion(0, 4).pValue(0.5)).isCloseTo(2 / 16.0, within(1e-12));
        assertThat(new Proportion(1, 4).pValue(0.5)).isCloseTo(10 / 16.0, within(1e-12));
        assertThat(new Proportion(2, 4).pValue(0.5)).isCloseTo(1, within(1e-12));
        assertThat(new Proportion(2, 2).pValue(0.25)).isCloseTo(1 / 16.0, within(1e-12));
    }

    @Test
    void oneOfFortyIsChanceAndSixAreNot() {
        assertThat(new Proportion(1, 40).pValue(1 / 40.0)).isGreaterThanOrEqualTo(Proportion.LEVEL);
        assertThat(new Proportion(3, 40).pValue(1 / 40.0)).isGreaterThanOrEqualTo(Proportion.LEVEL);
        assertThat(new Proportion(6, 40).pValue(1 / 40.0)).isLessThan(Proportion.LEVEL);
    }

    @Test
    void certaintyIsTestedToo() {
        assertThat(new Proportion(3, 3).pValue(1)).isEqualTo(1);
        assertThat(new Proportion(2, 3).pValue(1)).isZero();
        assertThat(new Proportion(0, 3).pValue(0)).isEqualTo(1);
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> new Proportion(3, 2)).hasMessageContaining("expected hits within 0..2, found 3");
        assertThatThrownBy(() -> new Proportion(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
