package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Interval;
import assay.base.sparse.Permutation;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/// A planted dictionary: prompts that share a mean and some directions with falling energies, whose
/// lengths differ.
class NullTheoryTest {
    private static final int PROMPTS = 1_500;
    private static final int DIRECTIONS = 60;
    private static final int GROUPS = 4;
    private static final int NUMBERS = 4 * 80;
    private static final NullTheory.Model MODEL = new NullTheory.Model(8, 50);

    private final SplittableRandom random = new SplittableRandom(17);
    private final float[][] directions = gaussian(DIRECTIONS + 1);
    private final float[][] rows = dictionary();

    @Test
    void whatIsToldIsWhatRandomPromptsClose() {
        NullTheory theory = NullTheory.of(rows, GROUPS, MODEL, 0);
        for (float[] target : List.of(target(0.3), target(3))) {
            ExpectedNull told = theory.of(target, 1, List.of(2, 5, 10, 20));
            for (ExpectedNull.Expected one : told.curve()) {
                double closed = closed(target, one.k(), 60);
                assertThat(one.closed().value())
                        .as(one.k() + " prompts: " + closed)
                        .isCloseTo(closed, within(0.04));
                assertThat(one.closed().low()).isLessThan(one.closed().value());
            }
        }
    }

    @Test
    void howMuchEachPromptDoesCountsForNothingAsWeightsAreFitted() {
        float[][] longer = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            float[] row = rows[i].clone();
            float factor = 1 + i % 5;
            for (int k = 0; k < row.length; k++) {
                row[k] *= factor;
            }
            longer[i] = row;
        }
        float[] target = target(1);
        Interval plain = told(rows, target).at(10);
        assertThat(told(longer, target).at(10).value()).isCloseTo(plain.value(), within(1e-3));
    }

    @Test
    void aTargetOutsideOfTheDictionaryIsNotClosed() {
        ExpectedNull told = told(rows, gaussian(1)[0]);
        assertThat(told.at(10).value()).isLessThan(0.05);
        assertThat(told.dense()).isLessThan(0.1);
    }

    @Test
    void theNeededPromptsReachNineTenthsOfWhatAllHold() {
        float[] target = target(1);
        int needed = told(rows, target).needed();
        NullTheory theory = NullTheory.of(rows, GROUPS, MODEL, 0);
        ExpectedNull told = theory.of(target, 1, List.of(needed - 2, needed));
        assertThat(told.at(needed).value()).isGreaterThanOrEqualTo(ExpectedNull.NEARLY * told.dense());
        assertThat(told.at(needed - 2).value()).isLessThan(told.at(needed).value());
        assertThat(told.effectiveRank()).isBetween(1.0, (double) DIRECTIONS + 1);
    }

    @Test
    void ofFewPromptsOrNoTargetOrMorePromptsThanThereAreNothingIsTold() {
        assertThat(told(Arrays.copyOf(rows, 7), target(1))).isEqualTo(ExpectedNull.NONE);
        assertThat(told(rows, new float[NUMBERS])).isEqualTo(ExpectedNull.NONE);
        assertThat(told(new float[20][NUMBERS], target(1))).isEqualTo(ExpectedNull.NONE);
        NullTheory few = NullTheory.of(Arrays.copyOf(rows, 12), GROUPS, MODEL, 0);
        ExpectedNull told = few.of(target(1), 1, List.of(3, 12));
        assertThat(told.at(3).value()).isFinite();
        assertThat(told.at(12)).isEqualTo(Interval.NONE);
        assertThat(told.at(4)).isEqualTo(Interval.NONE);
    }

    private static ExpectedNull told(float[][] rows, float[] target) {
        return NullTheory.of(rows, GROUPS, MODEL, 0).of(target, 1, List.of(10));
    }

    /// Share closed on each group by prompts fitted on the others, a mean over groups and draws.
    private double closed(float[] target, int count, int draws) {
        int size = NUMBERS / GROUPS;
        double sum = 0;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            for (int draw = 0; draw < draws; draw++) {
                int[] order = Permutation.of(rows.length, random);
                float[][] some = new float[count][];
                Arrays.setAll(some, i -> rows[order[i]]);
                int held = draw % GROUPS * size;
                Tensor all = Torch.floats(some).t();
                Tensor wanted = Torch.floats(target, NUMBERS, 1);
                Tensor fit = torch.cat(
                        new TensorVector(all.narrow(0, 0, held), all.narrow(0, held + size, NUMBERS - held - size)), 0);
                Tensor right = torch.cat(
                        new TensorVector(
                                wanted.narrow(0, 0, held), wanted.narrow(0, held + size, NUMBERS - held - size)),
                        0);
                Tensor gram = fit.t().matmul(fit);
                Tensor weights = torch.cholesky_solve(fit.t().matmul(right), torch.linalg_cholesky(gram));
                Tensor there = wanted.narrow(0, held, size);
                Tensor rest = there.sub(all.narrow(0, held, size).matmul(weights));
                sum += 1
                        - rest.square().sum().item_double()
                                / there.square().sum().item_double();
            }
        }
        return sum / draws;
    }

    private float[][] dictionary() {
        float[][] made = new float[PROMPTS][NUMBERS];
        for (float[] row : made) {
            double length = 0.5 + random.nextDouble();
            double[] along = new double[DIRECTIONS + 1];
            along[DIRECTIONS] = 0.6 * length;
            for (int i = 0; i < DIRECTIONS; i++) {
                along[i] = length * random.nextGaussian() * Math.pow(i + 1, -0.6);
            }
            add(row, along);
        }
        return made;
    }

    /// A target of all directions, the later ones more or less as strong.
    private float[] target(double late) {
        double[] along = new double[DIRECTIONS + 1];
        for (int i = 0; i <= DIRECTIONS; i++) {
            along[i] = random.nextGaussian() * Math.pow(i + 1, -1 / late);
        }
        float[] target = new float[NUMBERS];
        add(target, along);
        return target;
    }

    private void add(float[] row, double[] along) {
        for (int i = 0; i < along.length; i++) {
            for (int k = 0; k < NUMBERS; k++) {
                row[k] += (float) (along[i] * directions[i][k]);
            }
        }
    }

    private float[][] gaussian(int count) {
        float[][] made = new float[count][NUMBERS];
        for (float[] row : made) {
            for (int k = 0; k < NUMBERS; k++) {
                row[k] = (float) random.nextGaussian();
            }
        }
        return made;
    }
}
