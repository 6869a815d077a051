package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KlProblemTest {
    private static final int PLACES = 21;
    private static final int TOKENS = 37;

    /// Many atoms go another way through the numbers than few: both must come to the same derivatives.
    @Test
    void derivativesOfManyAtomsAreThoseOfFew() {
        int many = 45;
        KlProblem problem = problem(many);
        double[] weights =
                IntStream.range(0, many).mapToDouble(i -> 0.02 * i - 0.3).toArray();
        KlProblem.Local whole = problem.local(IntStream.range(0, many).toArray(), weights);
        for (int i = 0; i < many; i += 11) {
            for (int j = 0; j < many; j += 7) {
                int[] some = i == j ? new int[] {i} : new int[] {i, j};
                KlProblem moved = withRestInTheBase(problem, some, weights);
                double[] theirs = i == j ? new double[] {weights[i]} : new double[] {weights[i], weights[j]};
                KlProblem.Local part = moved.local(some, theirs);
                assertThat(whole.value()).isCloseTo(part.value(), within(1e-5));
                assertThat(whole.gradient()[i]).isCloseTo(part.gradient()[0], within(1e-5));
                assertThat(whole.hessian()[j][i])
                        .isEqualTo(whole.hessian()[i][j])
                        .isCloseTo(part.hessian()[some.length - 1][0], within(1e-4));
            }
        }
    }

    /// A candidate's derivatives are those it would have as a member; the widths cover whole and broken blocks of four.
    @ParameterizedTest
    @ValueSource(ints = {3, 36, 37, 38, 39})
    void aCandidateHasTheDerivativesOfAMemberWithoutWeight(int tokens) {
        KlProblem problem = problem(5, tokens);
        int[] support = {3, 1};
        double[] weights = {0.4, -0.6};
        List<KlProblem.Candidate> candidates = problem.candidates(support, weights, new int[] {4, 0});
        for (int i = 0; i < 2; i++) {
            KlProblem.Local joined = problem.local(new int[] {3, 1, i == 0 ? 4 : 0}, new double[] {0.4, -0.6, 0});
            KlProblem.Candidate candidate = candidates.get(i);
            assertThat(candidate.slope()).isCloseTo(joined.gradient()[2], within(1e-5));
            assertThat(candidate.curvature()).isCloseTo(joined.hessian()[2][2], within(1e-5));
            assertThat(candidate.coupling())
                    .containsExactly(new double[] {joined.hessian()[2][0], joined.hessian()[2][1]}, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 36, 37, 38, 39})
    void derivativesAreThoseOfDifferences(int tokens) {
        KlProblem problem = problem(2, tokens);
        int[] support = {0, 1};
        double step = 0.02;
        double[][] curvature = problem.curvature(support, new double[] {0.3, -0.2});
        for (int i = 0; i < 2; i++) {
            KlProblem.Local up = problem.local(support, moved(i, step));
            KlProblem.Local down = problem.local(support, moved(i, -step));
            assertThat(problem.local(support, moved(0, 0)).gradient()[i])
                    .isCloseTo((up.value() - down.value()) / (2 * step), within(2e-3));
            for (int j = 0; j < 2; j++) {
                double slope = (up.gradient()[j] - down.gradient()[j]) / (2 * step);
                assertThat(curvature[i][j]).isCloseTo(slope, within(2e-3));
            }
        }
    }

    /// The value and its slope are exact under a cap; the curvature is the KL's own, and all of it where the mixture is
    /// the target.
    @Test
    void derivativesUnderACapAreThoseOfDifferences() {
        KlProblem problem = capped(problem(2), 1.5f);
        int[] support = {0, 1};
        double step = 0.02;
        for (int i = 0; i < 2; i++) {
            double up = problem.value(support, moved(i, step));
            double down = problem.value(support, moved(i, -step));
            assertThat(problem.local(support, moved(0, 0)).gradient()[i])
                    .isCloseTo((up - down) / (2 * step), within(2e-3));
        }
        KlProblem planted = Planted.problem(2, 5, 1.5, new double[] {0.3, -0.2});
        double[][] curvature = planted.curvature(support, moved(0, 0));
        for (int i = 0; i < 2; i++) {
            KlProblem.Local up = planted.local(support, moved(i, step));
            KlProblem.Local down = planted.local(support, moved(i, -step));
            for (int j = 0; j < 2; j++) {
                double slope = (up.gradient()[j] - down.gradient()[j]) / (2 * step);
                assertThat(curvature[i][j]).isCloseTo(slope, within(2e-3));
            }
        }
    }

    @Test
    void aCandidateUnderACapHasTheDerivativesOfAMemberWithoutWeight() {
        KlProblem problem = capped(problem(5), 1.5f);
        KlProblem.Candidate candidate = problem.candidates(new int[] {3, 1}, new double[] {0.4, -0.6}, new int[] {4})
                .getFirst();
        KlProblem.Local joined = problem.local(new int[] {3, 1, 4}, new double[] {0.4, -0.6, 0});
        assertThat(candidate.slope()).isCloseTo(joined.gradient()[2], within(1e-5));
        assertThat(candidate.curvature()).isCloseTo(joined.hessian()[2][2], within(1e-5));
        assertThat(candidate.coupling())
                .containsExactly(new double[] {joined.hessian()[2][0], joined.hessian()[2][1]}, within(1e-5));
    }

    @Test
    void aHighCapIsNone() {
        KlProblem plain = problem(3);
        KlProblem high = capped(plain, 1e4f);
        int[] support = {0, 2};
        double[] weights = {0.5, -0.7};
        assertThat(high.value(support, weights)).isCloseTo(plain.value(support, weights), within(1e-5));
        assertThat(high.curvature(support, weights)[1][0])
                .isCloseTo(plain.curvature(support, weights)[1][0], within(1e-5));
        KlProblem some = capped(plain, 2).places(3, 9);
        assertThat(some.value(support, weights)).isNotCloseTo(plain.places(3, 9).value(support, weights), within(1e-3));
    }

    private static KlProblem capped(KlProblem plain, double limit) {
        float[] measure = new float[plain.base().length];
        return new KlProblem(
                plain.places(),
                plain.tokens(),
                plain.base(),
                plain.target(),
                plain.atoms(),
                Optional.of(new KlProblem.Cap(limit, measure)));
    }

    private static double[] moved(int weight, double step) {
        double[] weights = {0.3, -0.2};
        weights[weight] += step;
        return weights;
    }

    @Test
    void everyArrayOfAnotherSizeIsRefused() {
        float[] right = new float[6];
        float[] wrong = new float[5];
        for (Runnable made : List.<Runnable>of(
                () -> new KlProblem(2, 3, wrong, right, List.of()),
                () -> new KlProblem(2, 3, right, wrong, List.of()),
                () -> new KlProblem(2, 3, right, right, List.of(right, wrong)))) {
            assertThatThrownBy(made::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("problem: expected 2 × 3 numbers in every array.");
        }
    }

    private static KlProblem withRestInTheBase(KlProblem problem, int[] some, double[] weights) {
        float[] base = problem.base().clone();
        for (int atom = 0; atom < weights.length; atom++) {
            int index = atom;
            if (IntStream.of(some).noneMatch(one -> one == index)) {
                float[] deltas = problem.atoms().get(atom);
                for (int k = 0; k < base.length; k++) {
                    base[k] += (float) weights[atom] * deltas[k];
                }
            }
        }
        return new KlProblem(PLACES, TOKENS, base, problem.target(), problem.atoms());
    }

    private static KlProblem problem(int atoms) {
        return problem(atoms, TOKENS);
    }

    private static KlProblem problem(int atoms, int tokens) {
        Random random = new Random(3);
        float[] target = new float[PLACES * tokens];
        for (int place = 0; place < PLACES; place++) {
            float sum = 0;
            for (int token = 0; token < tokens; token++) {
                target[place * tokens + token] = random.nextFloat();
                sum += target[place * tokens + token];
            }
            for (int token = 0; token < tokens; token++) {
                target[place * tokens + token] /= sum;
            }
        }
        List<float[]> deltas = new ArrayList<>();
        for (int i = 0; i < atoms; i++) {
            deltas.add(numbers(random, 1, tokens));
        }
        return new KlProblem(PLACES, tokens, numbers(random, 2, tokens), target, deltas);
    }

    private static float[] numbers(Random random, double spread, int tokens) {
        float[] numbers = new float[PLACES * tokens];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (spread * random.nextGaussian());
        }
        return numbers;
    }
}
