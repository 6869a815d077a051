package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FisherPursuitTest {
    private static final double[] PLANTED = {0.10, -0.08, 0.06, 0.05, 0.09};

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void plantedAtomsComeFirstAndTheHeaviestOfAllFirst(long seed) {
        FisherPursuit pursuit = FisherPursuit.of(Planted.problem(30, seed, 0.2, -0.08, 0.06, 0.05, 0.09));
        int[] order = pursuit.order(new int[0], 12);
        assertThat(order).hasSize(12).doesNotHaveDuplicates();
        assertThat(order[0]).isZero();
        assertThat(Arrays.copyOf(order, 5)).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void smallWeightsComeBackNearlyAsTheyWerePlanted(long seed) {
        FisherPursuit pursuit = FisherPursuit.of(Planted.problem(30, seed, PLANTED));
        double[] weights = pursuit.weights(new int[] {0, 1, 2, 3, 4});
        for (int i = 0; i < PLANTED.length; i++) {
            assertThat(weights[i]).isCloseTo(PLANTED[i], within(0.02));
        }
        // What was not planted gets next to nothing.
        assertThat(pursuit.weights(new int[] {0, 1, 2, 3, 4, 17})[5]).isCloseTo(0, within(0.02));
    }

    @Test
    void weightsFollowTheOrderOfTheList() {
        FisherPursuit pursuit = FisherPursuit.of(Planted.problem(30, 11, PLANTED));
        double[] one = pursuit.weights(new int[] {4, 2, 0});
        double[] other = pursuit.weights(new int[] {0, 4, 2});
        assertThat(one[0]).isCloseTo(other[1], within(1e-12));
        assertThat(one[1]).isCloseTo(other[2], within(1e-12));
        assertThat(one[2]).isCloseTo(other[0], within(1e-12));
    }

    @Test
    void longerListsBeginWithTheShorterOnesAndLowerTheValue() {
        KlProblem problem = Planted.problem(20, 5, 0.4, -0.3, 0.3, 0.2, 0.2, 0.2);
        FisherPursuit pursuit = FisherPursuit.of(problem);
        int[] whole = pursuit.order(new int[0], 20);
        double before = problem.value(new int[0], new double[0]);
        for (int k = 1; k <= 20; k++) {
            int[] support = pursuit.order(new int[0], k);
            assertThat(support).isEqualTo(Arrays.copyOf(whole, k));
            double value =
                    KlFit.of(problem, support, pursuit.weights(support), 1e-8).value();
            assertThat(value).isLessThanOrEqualTo(before + 1e-6);
            before = value;
        }
        assertThat(before).isCloseTo(0, within(1e-5));
    }

    @Test
    void aListThatIsBegunIsGoneOnWithInTheMetricAroundIt() {
        KlProblem problem = Planted.problem(30, 7, 0.9, -0.7, 0.6, 0.5, 0.4, 0.3);
        KlFit begun = KlFit.of(problem, new int[] {17, 0, 1, 2}, new double[4], 1e-8);
        double[] weights = new double[30];
        for (int i = 0; i < 4; i++) {
            weights[begun.support()[i]] = begun.weights()[i];
        }
        FisherPursuit pursuit = FisherPursuit.around(problem, weights);
        int[] order = pursuit.order(begun.support(), 8);
        assertThat(order).hasSize(8).doesNotHaveDuplicates().startsWith(17, 0, 1, 2);
        assertThat(Arrays.copyOfRange(order, 4, 7)).containsExactlyInAnyOrder(3, 4, 5);
        // At a fitted list the model's own optimum is that list.
        double[] again = pursuit.weights(begun.support());
        for (int i = 0; i < 4; i++) {
            assertThat(again[i]).isCloseTo(begun.weights()[i], within(1e-3));
        }
    }

    @Test
    void askingForMoreAtomsThanThereAreGivesAllAndForNoneNone() {
        FisherPursuit pursuit = FisherPursuit.of(Planted.problem(3, 2, 0.5));
        assertThat(pursuit.order(new int[0], 20)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(pursuit.order(new int[0], 0)).isEmpty();
    }

    @Test
    void anAtomTwiceInTheDictionaryStillGivesFiniteWeights() {
        KlProblem plain = Planted.problem(3, 2, 0.3, 0.2);
        KlProblem twice = new KlProblem(
                plain.places(),
                plain.tokens(),
                plain.base(),
                plain.target(),
                java.util.List.of(
                        plain.atoms().get(0),
                        plain.atoms().get(0),
                        plain.atoms().get(1)));
        FisherPursuit pursuit = FisherPursuit.of(twice);
        int[] order = pursuit.order(new int[0], 3);
        assertThat(order).containsExactlyInAnyOrder(0, 1, 2);
        double[] weights = pursuit.weights(order);
        assertThat(Arrays.stream(weights)).allMatch(Double::isFinite);
    }

    @Test
    void aSliceOfAProblemIsTheProblemOfItsPlaces() {
        KlProblem whole = Planted.problem(6, 9, 0.5, -0.3);
        int[] support = {0, 1, 3};
        double[] weights = {0.2, 0.1, -0.4};
        // Sums over places are taken in parts of sixteen; slices need not begin or end at one.
        int[] borders = {0, 7, 16, 39, 60};
        double sum = 0;
        for (int i = 1; i < borders.length; i++) {
            KlProblem slice = whole.places(borders[i - 1], borders[i]);
            KlProblem built = built(whole, borders[i - 1], borders[i]);
            assertThat(slice.places()).isEqualTo(borders[i] - borders[i - 1]);
            assertThat(slice.value(support, weights)).isEqualTo(built.value(support, weights));
            sum += slice.places() * slice.value(support, weights);
        }
        assertThat(sum / 60).isCloseTo(whole.value(support, weights), within(1e-9));
        assertThat(whole.places(0, 60).value(support, weights)).isEqualTo(whole.value(support, weights));
    }

    @Test
    void aSingleAtomHasTheWeightOfAParabolasFoot() {
        FisherPursuit pursuit = new FisherPursuit(new double[] {-2}, new double[][] {{4}});
        assertThat(pursuit.weights(new int[] {0})[0]).isCloseTo(0.5 / 1.0001, within(1e-12));
    }

    @Test
    void whatAChosenAtomHasSaidIsNotChosenAgain() {
        // The second atom is nearly the first; the third says less, but something else.
        double[][] curvature = {{1, 0.99, 0}, {0.99, 1, 0}, {0, 0, 1}};
        FisherPursuit pursuit = new FisherPursuit(new double[] {-1, -0.98, -0.3}, curvature);
        assertThat(pursuit.order(new int[0], 2)).containsExactly(0, 2);
    }

    @Test
    void whatCountsIsTheSlopeForItsLengthAndOfEqualsTheFirst() {
        double[][] curvature = {{100, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        FisherPursuit pursuit = new FisherPursuit(new double[] {-5, -1, 1}, curvature);
        assertThat(pursuit.order(new int[0], 3)).containsExactly(1, 2, 0);
    }

    /// A problem made number by number of some places of another.
    private static KlProblem built(KlProblem whole, int from, int to) {
        java.util.function.UnaryOperator<float[]> part = numbers -> {
            float[] kept = new float[(to - from) * whole.tokens()];
            for (int place = from; place < to; place++) {
                for (int token = 0; token < whole.tokens(); token++) {
                    kept[(place - from) * whole.tokens() + token] = numbers[place * whole.tokens() + token];
                }
            }
            return kept;
        };
        return new KlProblem(
                to - from,
                whole.tokens(),
                part.apply(whole.base()),
                part.apply(whole.target()),
                whole.atoms().stream().map(part).toList());
    }

    @Test
    void aSliceOfOnePlaceHoldsThatPlacesNumbers() {
        KlProblem whole = Planted.problem(4, 9, 0.5);
        KlProblem slice = whole.places(11, 12);
        int tokens = whole.tokens();
        assertThat(slice.base()).isEqualTo(Arrays.copyOfRange(whole.base(), 11 * tokens, 12 * tokens));
        assertThat(slice.target()).isEqualTo(Arrays.copyOfRange(whole.target(), 11 * tokens, 12 * tokens));
        assertThat(slice.atoms()).hasSize(4);
        assertThat(slice.atoms().get(2))
                .isEqualTo(Arrays.copyOfRange(whole.atoms().get(2), 11 * tokens, 12 * tokens));
    }
}
