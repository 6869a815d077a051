package assay.base.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void everyPieceRunsOnce() {
        AtomicIntegerArray runs = new AtomicIntegerArray(50);
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int index = i;
            pieces.add(() -> runs.incrementAndGet(index));
        }
        SideBySide.run(pieces);
        for (int i = 0; i < 50; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
    }

    @Test
    void theFirstFailureIsThrownAndStopsWhatHasNotBegun() {
        AtomicInteger begun = new AtomicInteger();
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            pieces.add(() -> {
                begun.incrementAndGet();
                throw new IllegalStateException("planted");
            });
        }
        assertThatThrownBy(() -> SideBySide.run(pieces))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("planted");
        assertThat(begun.get()).isLessThan(1_000);
    }

    @Test
    void aPieceHasTheSameShareHoweverManyThereAre() {
        java.util.Set<Integer> shares = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Runnable piece = () -> shares.add(torch.get_num_threads());
        for (int count = 1; count <= 5; count++) {
            SideBySide.run(java.util.Collections.nCopies(count, piece));
        }
        // Within a large piece too, and for what is made once for all.
        SideBySide.run(List.of(() -> SideBySide.run(List.of(piece))), 2);
        shares.add(SideBySide.one(torch::get_num_threads));
        assertThat(shares).hasSize(1);
        assertThat(torch.get_num_threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void piecesOfPiecesAllRun() {
        AtomicInteger run = new AtomicInteger();
        Runnable outer = () -> SideBySide.run(java.util.Collections.nCopies(3, run::incrementAndGet));
        SideBySide.run(java.util.Collections.nCopies(4, outer), 2);
        assertThat(run.get()).isEqualTo(12);
    }

    @Test
    void tensorsMadeSideBySideAreTheSameAsOneByOne() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor matrix = torch.arange(new org.bytedeco.pytorch.Scalar(4096.0))
                    .view(64, 64)
                    .div(new org.bytedeco.pytorch.Scalar(4096.0));
            float[] alone = Torch.toFloats(matrix.matmul(matrix));
            float[][] together = new float[8][];
            List<Runnable> pieces = new ArrayList<>();
            for (int i = 0; i < together.length; i++) {
                int index = i;
                pieces.add(() -> {
                    try (TensorScope _ = TensorScope.withoutGradients()) {
                        together[index] = Torch.toFloats(matrix.matmul(matrix));
                    }
                });
            }
            SideBySide.run(pieces);
            for (float[] product : together) {
                assertThat(product).containsExactly(alone, within());
            }
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(1e-4f);
    }
}
