package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LineTest {
    @Test
    void pointsOfALineGiveItBackAndLeaveNothing() {
        Line line = Line.through(new double[] {1, 2, 4}, new double[] {5, 7, 11});
        assertThat(line.slope()).isCloseTo(2, within(1e-12));
        assertThat(line.intercept()).isCloseTo(3, within(1e-12));
        assertThat(line.rest()).isCloseTo(0, within(1e-12));
    }

    @Test
    void whatIsLeftIsTheSquaredDistances() {
        Line line = Line.through(new double[] {0, 1, 2}, new double[] {0, 3, 0});
        assertThat(line.slope()).isEqualTo(0);
        assertThat(line.intercept()).isEqualTo(1);
        assertThat(line.rest()).isEqualTo(6);
        assertThat(line.spread()).isEqualTo(2);
    }

    @Test
    void pointsAboveOneAnotherHaveNoSlope() {
        assertThat(Line.through(new double[] {2, 2}, new double[] {1, 3}).slope())
                .isNaN();
    }
}
