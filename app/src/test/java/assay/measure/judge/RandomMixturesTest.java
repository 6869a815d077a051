package assay.measure.judge;

import static assay.measure.judge.TinyTarget.OTHERS;
import static assay.measure.judge.TinyTarget.PLANTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.measure.behaviour.HardPrompt;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomMixturesTest {
    @SuppressWarnings("NullAway.Init")
    private TinyTarget tiny;

    @BeforeAll
    void open() {
        tiny = TinyTarget.open();
    }

    @AfterAll
    void close() {
        tiny.close();
    }

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

    @Test
    void aDrawOfTheWholePoolIsTheWholePoolInWhateverOrder() {
        List<HardPrompt> pool = tiny.prompts(OTHERS);
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            RandomMixtures random = RandomMixtures.fit(decomposer, pool, 3, pool.size(), 4);
            double whole = sum(judge.refitted(pool).left());
            for (double[] draw : random.at(pool.size())) {
                assertThat(sum(draw)).isCloseTo(whole, within(1e-3 * whole));
            }
        });
    }

    @Test
    void morePromptsOfOneDrawLeaveLessWhereTheyAreFitted() {
        List<HardPrompt> pool = Judge.union(List.of(tiny.prompts(PLANTED), tiny.prompts(OTHERS)));
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            RandomMixtures random = RandomMixtures.fit(decomposer, pool, 4, pool.size(), 4);
            double base = sum(decomposer.left(List.of(), new double[0]));
            double one = random.at(1).stream()
                    .mapToDouble(RandomMixturesTest::sum)
                    .average()
                    .orElseThrow();
            double all = random.at(7).stream()
                    .mapToDouble(RandomMixturesTest::sum)
                    .average()
                    .orElseThrow();
            assertThat(one).isLessThan(base);
            assertThat(all).isLessThan(0.05 * one);
        });
    }

    @Test
    void aSeedDrawsTheSameAgainAndAnotherSeedDoesNot() {
        List<HardPrompt> pool = tiny.prompts(OTHERS);
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            double[] first = RandomMixtures.fit(decomposer, pool, 1, 2, 4).at(1).getFirst();
            double[] again = RandomMixtures.fit(decomposer, pool, 1, 2, 4).at(1).getFirst();
            assertThat(again).isEqualTo(first);
            boolean isAlwaysTheSame = true;
            for (long seed = 5; seed < 15; seed++) {
                double[] other =
                        RandomMixtures.fit(decomposer, pool, 1, 2, seed).at(1).getFirst();
                isAlwaysTheSame &= Arrays.equals(first, other);
            }
            assertThat(isAlwaysTheSame).isFalse();
        });
    }

    @Test
    void aPoolTooSmallStandsForItself() {
        List<HardPrompt> pool = tiny.prompts(OTHERS.subList(0, 2));
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            List<List<double[]>> sizes = judge.random(pool, List.of(1, 2, 9), 2);
            assertThat(sizes).hasSize(3);
            assertThat(sizes.get(2)).isEqualTo(sizes.get(1));
            assertThat(sizes).allMatch(draws -> draws.size() == 2);
        });
    }

    private static double sum(double[] left) {
        return Arrays.stream(left).sum();
    }
}
