package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPursuitTest {
    private static final double RIDGE = 1e-6;

    @Test
    void whatAddsNextToNothingIsLeftOut() {
        KlProblem problem = Planted.problem(8, 3, 0.8, 0.6, 0.02, -0.02);
        KlFit start = fit(problem, 0, 1, 2, 3, 4);
        KlFit plain = plainer(problem, start, 0.01, ones(8));
        assertThat(plain.support()).containsExactlyInAnyOrder(0, 1);
    }

    /// Two prompts of opposite sign say what one says by itself.
    @Test
    void twoThatCancelGiveWayToTheOneTheyStandFor() {
        KlProblem three = Planted.problem(3, 5, 0.8);
        float[] both = new float[three.base().length];
        for (int k = 0; k < both.length; k++) {
            both[k] = three.atoms().get(0)[k] + three.atoms().get(1)[k];
        }
        KlProblem problem = new KlProblem(
                three.places(),
                three.tokens(),
                three.base(),
                three.target(),
                List.of(both, three.atoms().get(1), three.atoms().get(0)));
        KlFit start = fit(problem, 0, 1);
        assertThat(start.weights()[1]).isNegative();
        KlFit plain = plainer(problem, start, 0.01, ones(3));
        assertThat(plain.support()).containsExactly(2);
    }

    @Test
    void aBurdenedAtomIsExchangedForItsLikeness() {
        KlProblem plain = Planted.problem(4, 7, 0.8, 0.7);
        float[] alike = plain.atoms().get(0).clone();
        for (int k = 0; k < alike.length; k++) {
            alike[k] += 0.02f * plain.atoms().get(3)[k];
        }
        KlProblem problem = new KlProblem(
                plain.places(),
                plain.tokens(),
                plain.base(),
                plain.target(),
                List.of(
                        plain.atoms().get(0),
                        plain.atoms().get(1),
                        plain.atoms().get(2),
                        alike));
        double[] burden = {2.5, 1, 1, 1};
        assertThat(plainer(problem, fit(problem, 0, 1), 0.01, burden).support()).containsExactlyInAnyOrder(1, 3);
        assertThat(plainer(problem, fit(problem, 0, 1), 0.01, ones(4)).support())
                .containsExactlyInAnyOrder(0, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aPlainerListIsNeverMoreBurdenedNorDearerThanAllowed(long seed) {
        KlProblem problem = Planted.problem(12, seed, 0.8, -0.4, 0.3, 0.2, -0.1, 0.1);
        double[] burden =
                IntStream.range(0, 12).mapToDouble(i -> 1 + i % 4 * 0.4).toArray();
        KlFit start = new KlPursuit(problem, RIDGE, 4).path(6, _ -> {}).getLast();
        for (double cost : new double[] {0, 0.01, 0.1, 1}) {
            double most = start.value() + cost * problem.value(new int[0], new double[0]);
            PlainPursuit pursuit = new PlainPursuit(problem, burden, RIDGE);
            KlFit plain = pursuit.from(start, most);
            assertThat(plain.value()).isLessThanOrEqualTo(most + 1e-12);
            assertThat(pursuit.burden(plain)).isLessThanOrEqualTo(pursuit.burden(start));
            assertThat(plain.support()).doesNotHaveDuplicates().isNotEmpty();
        }
    }

    private static KlFit plainer(KlProblem problem, KlFit start, double cost, double[] burden) {
        double most = start.value() + cost * problem.value(new int[0], new double[0]);
        return new PlainPursuit(problem, burden, RIDGE).from(start, most);
    }

    private static KlFit fit(KlProblem problem, int... support) {
        return KlFit.of(problem, support, new double[support.length], RIDGE);
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
