package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KlFitTest {
    private static final int[] THREE = {0, 1, 2};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void plantedWeightsAreRecovered(long seed) {
        KlFit fit = KlFit.of(Planted.problem(3, seed, 0.7, -0.4, 0.2), THREE, new double[3], 1e-8);
        assertThat(fit.weights()).containsExactly(new double[] {0.7, -0.4, 0.2}, within(1e-3));
        assertThat(fit.value()).isCloseTo(0, within(1e-6));
    }

    @Test
    void theOptimumDoesNotDependOnTheStart() {
        KlProblem problem = Planted.problem(4, 7, 0.5, 0.5, 0, 0.9);
        double[] fromZero = KlFit.of(problem, THREE, new double[3], 1e-4).weights();
        double[] fromFar =
                KlFit.of(problem, THREE, new double[] {3, -3, 3}, 1e-4).weights();
        assertThat(fromFar).containsExactly(fromZero, within(1e-3));
    }

    @Test
    void theGradientVanishesAtTheOptimumAndMatchesFiniteDifferences() {
        KlProblem problem = Planted.problem(4, 5, 0.5, 0.5, 0, 0.9);
        double[] at = {0.3, -0.2, 0.1};
        KlProblem.Local local = problem.local(THREE, at);
        for (int i = 0; i < 3; i++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[i] += 1e-2;
            down[i] -= 1e-2;
            double slope = (problem.value(THREE, up) - problem.value(THREE, down)) / 2e-2;
            assertThat(local.gradient()[i]).isCloseTo(slope, within(1e-3));
        }
        double[] best = KlFit.of(problem, THREE, at, 0).weights();
        assertThat(problem.local(THREE, best).gradient()).containsExactly(new double[3], within(1e-4));
    }

    @Test
    void aConstantPerPlaceChangesNothing() {
        KlProblem problem = Planted.problem(2, 9, 0.6, 0.3);
        float[] shifted = problem.base().clone();
        for (int i = 0; i < shifted.length; i++) {
            shifted[i] += Math.floorDiv(i, problem.tokens());
        }
        KlProblem moved = new KlProblem(problem.places(), problem.tokens(), shifted, problem.target(), problem.atoms());
        assertThat(moved.value(new int[] {0}, new double[] {0.5}))
                .isCloseTo(problem.value(new int[] {0}, new double[] {0.5}), within(1e-4));
    }

    @Test
    void anEmptySupportIsTheBase() {
        KlProblem problem = Planted.problem(2, 9, 0.6, 0.3);
        KlFit fit = KlFit.of(problem, new int[0], new double[0], 1e-4);
        assertThat(fit.value())
                .isEqualTo(problem.value(new int[0], new double[0]))
                .isPositive();
    }

    @Test
    void twoCopiesOfAnAtomShareItsWeight() {
        KlProblem single = Planted.problem(1, 3, 0.8);
        KlProblem twice = new KlProblem(
                single.places(),
                single.tokens(),
                single.base(),
                single.target(),
                List.of(single.atoms().getFirst(), single.atoms().getFirst()));
        KlFit fit = KlFit.of(twice, new int[] {0, 1}, new double[2], 1e-6);
        assertThat(fit.weights()).containsExactly(new double[] {0.4, 0.4}, within(1e-2));
    }

    @Test
    void arraysOfAnotherSizeAreRefused() {
        assertThatThrownBy(() -> new KlProblem(2, 3, new float[6], new float[5], List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 2 × 3 numbers");
    }

    @Test
    void aProblemIsTheMeanOfItsParts() {
        KlProblem problem = Planted.problem(2, 9, 0.6, 0.3);
        int[] both = {0, 1};
        double[] weights = {0.2, 0.9};
        double parts = problem.places(0, 15).value(both, weights) * 15
                + problem.places(15, problem.places()).value(both, weights) * (problem.places() - 15);
        assertThat(parts / problem.places()).isCloseTo(problem.value(both, weights), within(1e-9));
        assertThat(problem.places(3, 7).places()).isEqualTo(4);
    }

    /// Where a fit with a ridge ends, the slope of the KL and that of the ridge cancel, from wherever it began.
    @ParameterizedTest
    @ValueSource(doubles = {0, 3, -2})
    void theRidgePullsAsHardAsTheDataAtTheOptimum(double start) {
        KlProblem problem = Planted.problem(4, 5, 0.5, -0.5, 0, 0.9);
        double[] begun = {start, -start, start};
        double ridge = 0.5;
        double[][] hessian = problem.curvature(THREE, begun);
        double penalty = ridge * (hessian[0][0] + hessian[1][1] + hessian[2][2]) / 3;
        KlFit fit = KlFit.of(problem, THREE, begun, ridge);
        double[] gradient = problem.local(THREE, fit.weights()).gradient();
        for (int i = 0; i < 3; i++) {
            assertThat(gradient[i] + penalty * fit.weights()[i]).isCloseTo(0, within(5e-4));
        }
        assertThat(Math.abs(gradient[0])).isGreaterThan(5e-3);
        assertThat(fit.value()).isCloseTo(problem.value(THREE, fit.weights()), within(1e-6));
        assertThat(fit.support()).isEqualTo(THREE).isNotSameAs(THREE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-25, 12, 25})
    void aStepThatWouldOvershootIsShortened(double start) {
        KlProblem problem = Planted.problem(1, 8, 0.3);
        KlFit fit = KlFit.of(problem, new int[] {0}, new double[] {start}, 1e-8);
        assertThat(fit.weights()[0]).isCloseTo(0.3, within(5e-3));
        assertThat(fit.value()).isCloseTo(0, within(1e-5));
    }
}
