package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.QuantisedRows;
import org.junit.jupiter.api.Test;

/// What counts as new to a span.
class NoveltyTest {
    private static final int NUMBERS = 24;

    @Test
    void aDirectionOutsideTheSpanIsNovelAndACopyIsNot() {
        try (Novelty novelty = new Novelty(atoms());
                TensorScope _ = TensorScope.withoutGradients()) {
            float[] copy = atoms().row(3);
            float[] mixture = sum(atoms().row(1), atoms().row(2));
            float[] outside = new float[NUMBERS];
            outside[20] = 1;
            float[] values = new float[3 * NUMBERS];
            System.arraycopy(copy, 0, values, 0, NUMBERS);
            System.arraycopy(mixture, 0, values, NUMBERS, NUMBERS);
            System.arraycopy(outside, 0, values, 2 * NUMBERS, NUMBERS);
            float[] scores = novelty.of(Torch.floats(values, 3, NUMBERS));
            assertThat(scores[0]).isBetween(0f, 1f);
            assertThat(scores[1]).isLessThan(4f);
            assertThat(scores[2]).isGreaterThan(20 * scores[0]).isGreaterThan(20 * scores[1]);
        }
    }

    @Test
    void itIsTheRidgeLeverage() {
        try (Novelty novelty = new Novelty(atoms())) {
            float[] scores = novelty.of(atoms());
            for (int i = 0; i < scores.length; i++) {
                // Atoms lie on axes, two on each: G is 2 there, its mean eigenvalue 2 · 8 / 24.
                assertThat((double) scores[i]).isCloseTo(1 / (2 + 0.01 * 16 / NUMBERS), within(1e-4));
            }
        }
    }

    @Test
    void anAtomsNoveltyWithoutItselfIsToldFromItsNovelty() {
        QuantisedRows others = QuantisedRows.none(NUMBERS);
        for (int i = 0; i < 15; i++) {
            others = others.followedBy(QuantisedRows.of(atoms().row(i)));
        }
        try (Novelty all = new Novelty(atoms());
                Novelty without = new Novelty(others)) {
            QuantisedRows last = QuantisedRows.of(atoms().row(15));
            assertThat(Novelty.withoutItself(all.of(last)[0])).isCloseTo((double) without.of(last)[0], within(1e-2));
        }
    }

    @Test
    void manyAtomsAreSummedInPieces() {
        QuantisedRows many = QuantisedRows.none(NUMBERS);
        for (int i = 0; i < 40; i++) {
            many = many.followedBy(atoms());
        }
        try (Novelty novelty = new Novelty(many)) {
            float[] scores = novelty.of(many);
            assertThat(scores).hasSize(640);
            for (float score : scores) {
                assertThat((double) score).isCloseTo(1 / (80 + 0.01 * 640 / NUMBERS), within(1e-5));
            }
        }
    }

    /// Sixteen unit vectors on the first eight axes.
    private static QuantisedRows atoms() {
        QuantisedRows rows = QuantisedRows.none(NUMBERS);
        for (int i = 0; i < 16; i++) {
            float[] row = new float[NUMBERS];
            row[i % 8] = i < 8 ? 1 : -1;
            rows = rows.followedBy(QuantisedRows.of(row));
        }
        return rows;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }
}
