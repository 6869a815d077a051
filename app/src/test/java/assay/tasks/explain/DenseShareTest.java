package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DenseShareTest {
    private static final int GROUPS = 3;
    private static final int PROMPTS = 40;
    private static final int NUMBERS = 60;

    @Test
    void aTargetInTheSpanOfTheDictionaryIsHeldAndNoiseIsNot() {
        SplittableRandom random = new SplittableRandom(3);
        // Two directions per prompt are enough for what stands in one group to say what stands in another.
        float[][] directions = rows(2, random);
        float[][] rows = new float[PROMPTS][NUMBERS];
        for (float[] row : rows) {
            float first = (float) random.nextGaussian();
            float second = (float) random.nextGaussian();
            for (int i = 0; i < NUMBERS; i++) {
                row[i] = first * directions[0][i] + second * directions[1][i];
            }
        }
        float[] inside = new float[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            inside[i] = 0.7f * rows[4][i] - 0.4f * rows[9][i];
        }
        assertThat(DenseShare.of(rows, inside, GROUPS)).isGreaterThan(0.99);
        assertThat(DenseShare.of(rows, rows(1, random)[0], GROUPS)).isLessThan(0.5);
    }

    private static float[][] rows(int count, SplittableRandom random) {
        float[][] rows = new float[count][NUMBERS];
        for (float[] row : rows) {
            for (int i = 0; i < NUMBERS; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }
}
