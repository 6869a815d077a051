package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    private static final int NUMBERS = 256;
    private static final int PROMPTS = 300;

    /// Every prompt moves along large directions that all share, more or less, and along a small one of its topic.
    private final Random random = new Random(5);

    private final float[] common = direction();
    private final float[][] styles = {direction(), direction(), direction(), direction(), direction(), direction()};
    private final float[][] topics = {direction(), direction(), direction(), direction(), direction(), direction()};
    private final float[][] dictionary = dictionary();

    @Test
    void aMixtureIsNamedByItsTopicsAndNotByWhatIsCommon() {
        float[] target = new float[NUMBERS];
        add(target, common, 14);
        for (int i = 0; i < styles.length; i++) {
            add(target, styles[i], i - 2);
        }
        add(target, topics[1], 0.4);
        add(target, topics[4], 0.32);
        try (Whitening whitening = new Whitening(dictionary)) {
            assertThat(topicsOf(new SketchFit(whitening.of(target), atoms(whitening.of(dictionary)))))
                    .containsExactlyInAnyOrder(1, 4);
            assertThat(topicsOf(new SketchFit(target, atoms(dictionary))))
                    .isNotEqualTo(List.of(1, 4))
                    .isNotEqualTo(List.of(4, 1));
        }
    }

    @Test
    void itIsLinearAndForgetsTheMean() {
        float[] mean = new float[NUMBERS];
        for (float[] row : dictionary) {
            add(mean, row, 1.0 / PROMPTS);
        }
        try (Whitening whitening = new Whitening(dictionary)) {
            float[] sum = new float[NUMBERS];
            add(sum, dictionary[3], 2);
            add(sum, dictionary[8], -1);
            add(sum, mean, 7);
            float[] white = whitening.of(sum);
            float[][] parts = whitening.of(new float[][] {dictionary[3], dictionary[8]});
            for (int i = 0; i < NUMBERS; i++) {
                assertThat(white[i]).isCloseTo(2 * parts[0][i] - parts[1][i], within(2e-3f));
            }
            assertThat(whitening.of(new float[0][])).isEmpty();
        }
    }

    @Test
    void lengthsAreThoseOfTheInverseCovariance() {
        float[][] two = {{1, 0}, {-1, 0}, {0, 3}, {0, -3}};
        try (Whitening whitening = new Whitening(two)) {
            // Variances 0.5 and 4.5; 0.3 of their mean is added to both; there is no mean to forget.
            float[][] white = whitening.of(new float[][] {{1, 0}, {0, 1}, {2, 2}});
            double first = 1 / Math.sqrt(0.5 + 0.3 * 2.5);
            double second = 1 / Math.sqrt(4.5 + 0.3 * 2.5);
            assertThat(Math.hypot(white[0][0], white[0][1])).isCloseTo(first, within(1e-5));
            assertThat(Math.hypot(white[1][0], white[1][1])).isCloseTo(second, within(1e-5));
            assertThat(Math.hypot(white[2][0], white[2][1])).isCloseTo(2 * Math.hypot(first, second), within(1e-5));
        }
    }

    @Test
    void oneSketchIsNoDictionary() {
        assertThatThrownBy(() -> new Whitening(new float[1][4])).hasMessageContaining("at least two sketches, found 1");
    }

    private float[][] dictionary() {
        float[][] rows = new float[PROMPTS][];
        for (int i = 0; i < PROMPTS; i++) {
            float[] row = new float[NUMBERS];
            add(row, common, 10 + 2 * random.nextGaussian());
            for (float[] style : styles) {
                add(row, style, 2 * random.nextGaussian());
            }
            add(row, topics[i % topics.length], 0.8);
            add(row, direction(), 0.05);
            rows[i] = row;
        }
        return rows;
    }

    private static List<Integer> topicsOf(SketchFit standing) {
        return standing.lack(2).atoms().stream()
                .map(atom -> Integer.parseInt(atom.text()) % 6)
                .toList();
    }

    private static List<SketchFit.Atom> atoms(float[][] rows) {
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            atoms.add(new SketchFit.Atom(String.valueOf(i), "test", rows[i]));
        }
        return atoms;
    }

    private static void add(float[] to, float[] row, double weight) {
        for (int i = 0; i < to.length; i++) {
            to[i] += (float) (weight * row[i]);
        }
    }

    private float[] direction() {
        float[] row = new float[NUMBERS];
        double square = 0;
        for (int i = 0; i < NUMBERS; i++) {
            row[i] = (float) random.nextGaussian();
            square += row[i] * row[i];
        }
        for (int i = 0; i < NUMBERS; i++) {
            row[i] /= (float) Math.sqrt(square);
        }
        return row;
    }
}
