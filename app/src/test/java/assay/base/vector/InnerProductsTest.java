package assay.base.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InnerProductsTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "300, 7, 5", "257, 64, 8", "3, 100, 4", "600, 33, 3"})
    void everyProductIsThere(int many, int numbers, int few) {
        SplittableRandom random = new SplittableRandom(1);
        float[][] vectors = drawn(many, numbers, random);
        float[][] others = drawn(few, numbers, random);
        float[][] products = InnerProducts.of(vectors, others);
        for (int j = 0; j < few; j++) {
            for (int i = 0; i < many; i++) {
                double expected = 0;
                for (int k = 0; k < numbers; k++) {
                    expected += (double) vectors[i][k] * others[j][k];
                }
                assertThat((double) products[j][i]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    private static float[][] drawn(int rows, int numbers, SplittableRandom random) {
        float[][] drawn = new float[rows][numbers];
        for (float[] row : drawn) {
            for (int i = 0; i < numbers; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return drawn;
    }
}
