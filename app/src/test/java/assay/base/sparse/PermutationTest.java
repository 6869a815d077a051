package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
    @Test
    void everyNumberOccursOnceAndASeedGivesOneOrder() {
        int[] order = Permutation.of(100, new SplittableRandom(1));
        assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, 100).toArray());
        assertThat(Permutation.of(100, new SplittableRandom(1))).isEqualTo(order);
        assertThat(Permutation.of(100, new SplittableRandom(2))).isNotEqualTo(order);
        assertThat(Permutation.of(0, new SplittableRandom(1))).isEmpty();
    }

    @Test
    void allOrdersAreEquallyLikely() {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 6_000; i++) {
            counts.merge(Arrays.toString(Permutation.of(3, random)), 1, Integer::sum);
        }
        // Four standard deviations of a binomial count.
        assertThat(counts).hasSize(6);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(885, 1_115));
    }
}
