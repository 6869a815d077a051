package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes of a planted number of directions. With the identity as unembedding hidden states are logits.
class DeltaRankTest {
    private static final int PLACES = 80;
    private static final int WIDTH = 8;

    private final TensorScope scope = TensorScope.withoutGradients();

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor random(long seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Torch.floats(values, rows, columns);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void changesOfSoManyDirectionsHaveNoMore(int planted) {
        Tensor base = random(1, PLACES, WIDTH);
        Tensor deltas = random(2, PLACES, planted).matmul(random(3, planted, WIDTH));
        assertThat(DeltaRank.of(base, base.add(deltas), new Unembedding(random(4, 50, WIDTH))))
                .isBetween(0.999, planted + 1e-3);
    }

    @Test
    void directionsOfTheSameStrengthAreAllCounted() {
        // Each place moves one token up and its neighbour down: four orthogonal changes, equally often.
        float[] deltas = new float[PLACES * WIDTH];
        for (int place = 0; place < PLACES; place++) {
            int pair = place % 4 * 2;
            deltas[place * WIDTH + pair] = 1;
            deltas[place * WIDTH + pair + 1] = -1;
        }
        Tensor base = torch.zeros(PLACES, WIDTH);
        // All tokens are about equally likely, so the metric tells no direction from another.
        assertThat(DeltaRank.of(base, Torch.floats(deltas, PLACES, WIDTH), new Unembedding(torch.eye(WIDTH))))
                .isCloseTo(4, within(0.05));
    }

    @Test
    void aShiftOfAllLogitsIsNoChange() {
        Tensor base = random(1, PLACES, WIDTH);
        Tensor deltas = random(2, PLACES, 1).matmul(random(3, 1, WIDTH));
        Tensor shift = random(5, PLACES, 1).expand(PLACES, WIDTH);
        double plain = DeltaRank.of(base, base.add(deltas), new Unembedding(torch.eye(WIDTH)));
        double shifted = DeltaRank.of(base, base.add(deltas).add(shift), new Unembedding(torch.eye(WIDTH)));
        assertThat(shifted).isCloseTo(plain, within(1e-2));
        assertThat(shifted).isCloseTo(1, within(1e-2));
    }

    @Test
    void whatHappensToTokensNobodySaysDoesNotCount() {
        float[] base = new float[PLACES * WIDTH];
        float[] target = new float[PLACES * WIDTH];
        for (int place = 0; place < PLACES; place++) {
            base[place * WIDTH + 7] = -40;
            target[place * WIDTH + 7] = place % 2 == 0 ? -36 : -40;
            target[place * WIDTH] = place % 2 == 0 ? 0 : 4;
        }
        // As changes of logits these are two directions.
        assertThat(DeltaRank.of(
                        Torch.floats(base, PLACES, WIDTH),
                        Torch.floats(target, PLACES, WIDTH),
                        new Unembedding(torch.eye(WIDTH))))
                .isCloseTo(1, within(1e-3));
    }
}
