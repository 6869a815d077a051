package assay.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

final class LlamaPermutationTest {
    @Test
    void undoInvertsTheInterleavingOfHalves() {
        int heads = 3;
        int headDimension = 8;
        int width = 5;
        float[] original = new float[heads * headDimension * width];
        float[] permuted = new float[original.length];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < headDimension; i++) {
                int stored = i < headDimension / 2 ? 2 * i : 2 * (i - headDimension / 2) + 1;
                for (int column = 0; column < width; column++) {
                    int row = head * headDimension + i;
                    original[row * width + column] = row * 100 + column;
                    permuted[(head * headDimension + stored) * width + column] = row * 100 + column;
                }
            }
        }
        try (TensorScope _ = new TensorScope()) {
            Tensor undone = LlamaPermutation.undo(Torch.floats(permuted, 24, width), heads);
            assertThat(Torch.toFloats(undone)).containsExactly(original);
            assertThat(undone.dim()).isEqualTo(2);
            assertThat(undone.is_contiguous()).isTrue();
        }
    }

    @Test
    void biasesAreUndoneToo() {
        try (TensorScope _ = new TensorScope()) {
            Tensor undone = LlamaPermutation.undo(Torch.floats(new float[] {0, 2, 1, 3}, 4), 1);
            assertThat(Torch.toFloats(undone)).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void rowsThatDoNotDivideAreRefused() {
        try (TensorScope _ = new TensorScope()) {
            Tensor odd = Torch.floats(new float[6], 6);
            assertThatThrownBy(() -> LlamaPermutation.undo(odd, 2)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
