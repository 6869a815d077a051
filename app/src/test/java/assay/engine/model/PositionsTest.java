package assay.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/// Batches, the places in them, and the padded block they are spread over.
final class PositionsTest {
    private static final TokenBatch BATCH =
            new TokenBatch(List.of(new int[] {5, 6, 7}, new int[] {8}, new int[] {9, 4}));

    @Test
    void aBatchIsPaddedWithZerosOnTheRight() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            assertThat(BATCH.width()).isEqualTo(3);
            assertThat(BATCH.lengths()).containsExactly(3, 1, 2);
            assertThat(Torch.toLongs(BATCH.padded())).containsExactly(5, 6, 7, 8, 0, 0, 9, 4, 0);
            assertThat(Torch.toLongs(TokenBatch.of(3, 2).padded())).containsExactly(3, 2);
        }
    }

    @Test
    void batchesWithoutTokensAreOurBug() {
        assertThatThrownBy(() -> new TokenBatch(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch: expected non-empty sequences, found 0 rows.");
        assertThatThrownBy(() -> new TokenBatch(List.of(new int[] {1}, new int[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 2 rows");
    }

    @Test
    void allAndLastPlacesLeavePaddingOut() {
        Positions all = Positions.all(BATCH);
        assertThat(all.count()).isEqualTo(6);
        assertThat(all.rows()).containsExactly(0, 0, 0, 1, 2, 2);
        assertThat(all.columns()).containsExactly(0, 1, 2, 0, 0, 1);
        Positions last = Positions.last(BATCH);
        assertThat(last.rows()).containsExactly(0, 1, 2);
        assertThat(last.columns()).containsExactly(2, 0, 1);
        assertThat(last.widthPerRow()).isEqualTo(1);
    }

    @Test
    void placesThatDoNotAscendAreOurBug() {
        assertThatThrownBy(() -> new Positions(new int[] {1, 0}, new int[2]))
                .hasMessageContaining("expected ascending rows, found [1, 0]");
        assertThatThrownBy(() -> new Positions(new int[2], new int[3])).hasMessageContaining("found 2 and 3");
        assertThatThrownBy(() -> new Positions(new int[0], new int[0])).hasMessageContaining("found 0 and 0");
    }

    @Test
    void theWidestRowMakesTheBlockAndPlacesStandAtItsLeft() {
        Positions places = new Positions(new int[] {0, 2, 2, 2, 3}, new int[] {4, 1, 0, 2, 0});
        assertThat(places.widthPerRow()).isEqualTo(3);
        assertThat(places.slots()).containsExactly(0, 6, 7, 8, 9);
    }

    @Test
    void whatIsSpreadAndGatheredAgainIsAsItWas() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            for (int[] lengths : new int[][] {{3, 1, 2}, {2, 2}, {4}}) {
                Positions all = Positions.all(lengths);
                PaddedBlock block = PaddedBlock.of(lengths.length, all);
                Tensor packed = RandomTensors.random(1, all.count(), 5);
                Tensor spread = block.spread(packed);
                assertThat(spread.size(0)).isEqualTo(lengths.length);
                assertThat(spread.size(1)).isEqualTo(all.widthPerRow());
                RandomTensors.assertSame(block.gather(spread), packed);
                assertThat(block.isFull()).isEqualTo(lengths.length != 3);
                RandomTensors.assertSame(spread.select(0, 0).narrow(0, 0, 1), packed.narrow(0, 0, 1));
            }
        }
    }
}
