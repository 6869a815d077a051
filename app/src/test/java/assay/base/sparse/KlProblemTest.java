package assay.base.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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
        Random random = new Random(3);
        float[] target = new float[PLACES * TOKENS];
        for (int place = 0; place < PLACES; place++) {
            float sum = 0;
            for (int token = 0; token < TOKENS; token++) {
                target[place * TOKENS + token] = random.nextFloat();
                sum += target[place * TOKENS + token];
            }
            for (int token = 0; token < TOKENS; token++) {
                target[place * TOKENS + token] /= sum;
            }
        }
        List<float[]> deltas = new ArrayList<>();
        for (int i = 0; i < atoms; i++) {
            deltas.add(numbers(random, 1));
        }
        return new KlProblem(PLACES, TOKENS, numbers(random, 2), target, deltas);
    }

    private static float[] numbers(Random random, double spread) {
        float[] numbers = new float[PLACES * TOKENS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (spread * random.nextGaussian());
        }
        return numbers;
    }
}
