package assay.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// Adam against its definition.
class AdamTest {
    @Test
    void theFirstStepHasTheLengthOfTheRateWhateverTheSlope() {
        float[][] numbers = {{1, 1, 1}, {0}};
        Adam.of(numbers).step(1, numbers, new float[][] {{3, -0.002f, 0}, {100}}, 0.1);
        assertThat(numbers[0][0]).isCloseTo(0.9f, within(1e-5f));
        assertThat(numbers[0][1]).isCloseTo(1.1f, within(1e-5f));
        assertThat(numbers[0][2]).isEqualTo(1f);
        assertThat(numbers[1][0]).isCloseTo(-0.1f, within(1e-5f));
    }

    @Test
    void itFindsTheFloorOfABowl() {
        float[][] numbers = {{5, -3}};
        Adam adam = Adam.of(numbers);
        for (int step = 1; step <= 400; step++) {
            adam.step(step, numbers, new float[][] {{2 * (numbers[0][0] - 1), 20 * (numbers[0][1] - 2)}}, 0.05);
        }
        assertThat(numbers[0][0]).isCloseTo(1f, within(0.05f));
        assertThat(numbers[0][1]).isCloseTo(2f, within(0.05f));
    }
}
