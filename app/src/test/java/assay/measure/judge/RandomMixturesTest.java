package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RandomMixturesTest {
    @Test
    void sizesGrowByAQuarterAndEndWhereAskedTo() {
        assertThat(RandomMixtures.sizes(20)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 20);
        assertThat(RandomMixtures.sizes(1)).containsExactly(1);
    }

    @Test
    void betweenSizesTheNextLargerOneStands() {
        RandomMixtures random = new RandomMixtures(
                new int[] {1, 2, 5}, List.of(List.of(new double[] {10}, new double[] {20}, new double[] {50})));
        assertThat(random.at(2).getFirst()).containsExactly(20);
        assertThat(random.at(3).getFirst()).containsExactly(50);
        assertThat(random.at(9).getFirst()).containsExactly(50);
    }
}
