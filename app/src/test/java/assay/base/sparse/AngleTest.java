package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AngleTest {
    @Test
    void aKnownPairHasItsKnownCosineAndLengths() {
        Angle angle = Angle.between(new float[] {3, 4}, new float[] {8, 6});
        assertThat(angle.cosine()).isCloseTo(0.96, within(1e-12));
        assertThat(angle.lengthRatio()).isCloseTo(2, within(1e-12));
    }

    @Test
    void aFactorChangesTheLengthAndNotTheDirection() {
        float[] one = {1, -2, 5, 0.5f};
        float[] twice = {2, -4, 10, 1};
        float[] opposite = {-0.5f, 1, -2.5f, -0.25f};
        assertThat(Angle.between(one, twice).cosine()).isCloseTo(1, within(1e-9));
        assertThat(Angle.between(one, twice).lengthRatio()).isCloseTo(2, within(1e-9));
        assertThat(Angle.between(one, opposite).cosine()).isCloseTo(-1, within(1e-9));
        assertThat(Angle.between(one, opposite).lengthRatio()).isCloseTo(0.5, within(1e-9));
        assertThat(Angle.between(new float[] {1, 0}, new float[] {0, 7}).cosine())
                .isZero();
    }
}
